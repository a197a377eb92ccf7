"""The tutorial about a first drill can be typed as it stands, and shows what is really said."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from architecture.project import ROOT
from support.restic_answers import cheap_restic
from support.restic_repository import restic_is_there

PAGE = ROOT / "docs" / "first-drill.md"
BLOCK = re.compile(r"^```(?P<kind>sh|text)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
SHOWN_HOME = "/home/alex"
LEFT_OUT = "…"
SECONDS = 180
WIDTH = "250"  # so that no cell is folded, however long the folder is
# What differs from one time to the next, and what stands in its place.
VARYING = (
    (re.compile(r"\b\d{4}-\d\d-\d\d( \d\d:\d\d)?"), "WHEN"),
    (re.compile(r"\bDR-\d{4}-"), "DR-YEAR-"),
    (re.compile(r"\b(snapshot|restored|canary) [0-9a-f]{8}\b"), r"\1 ID"),
    (re.compile(r"in 23 h 5\d min"), "in a day"),
    (re.compile(r"\b\d+(\.\d+)? (ms|s|min)\b"), "SHORT"),
    (re.compile(r"\s+"), " "),
)


def blocks(page: str) -> list[tuple[str, str]]:
    """Return each block to type with what the page shows as its output, empty where nothing."""
    found: list[tuple[str, str]] = []
    for block in BLOCK.finditer(page):
        if block["kind"] == "sh":
            found.append((block["text"], ""))
        else:
            typed, shown = found[-1]
            found[-1] = (typed, f"{shown}\n{LEFT_OUT}\n{block['text']}" if shown else block["text"])
    return found


def plain(text: str) -> str:
    """Return the text in one line, without what differs from one time to the next."""
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    return text.strip()


def not_said(shown: str, said: str) -> list[str]:
    """Return the shown parts (between lines of `…`) that were not said in that order."""
    rest, missing = plain(said), []
    for part in filter(None, map(plain, shown.split(f"\n{LEFT_OUT}\n"))):
        _, found, after = rest.partition(part)
        if found:
            rest = after
        else:
            missing.append(part)
    return missing


def typed(commands: list[str], home: Path, *, path: str | None = None) -> list[str]:
    """Type the blocks into one shell, which ends at the first error; return what each one said."""
    mark = "---- end of a block ----"
    script = "".join(f"{each}\necho '{mark}'\n" for each in commands)
    programs = Path(sys.executable).parent
    environment = {
        "HOME": str(home),
        "PATH": os.pathsep.join((str(programs), path or os.environ["PATH"])),
        "COLUMNS": WIDTH,
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    said = done.stdout.replace(str(home), SHOWN_HOME).split(f"{mark}\n")
    assert done.returncode == 0, f"{commands[len(said) - 1]}\n{said[-1]}\n{done.stderr}"
    return said


@pytest.mark.slow
@pytest.mark.skipif(not restic_is_there(), reason="restic is not installed")
@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_every_command_can_be_typed_and_says_what_the_page_shows(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = blocks(PAGE.read_text(encoding="utf-8"))
    path = cheap_restic(tmp_path_factory.mktemp("bin"))["PATH"]  # restic is called 40 times
    said = typed([each for each, _ in found], tmp_path, path=path)
    for (commands, shown), answer in zip(found, said[:-1], strict=True):
        assert not_said(shown, answer) == [], f"{commands}\n{answer}"
    assert [path for path in tmp_path.rglob("*") if not path.is_dir()] == [], "it is put away"


def test_the_page_plays_a_pass_and_both_kinds_of_fail() -> None:
    shown = [shown for _, shown in blocks(PAGE.read_text(encoding="utf-8"))]
    assert "restore: pass; validation: pass" in shown[4]
    assert "restore: fail; validation: not reached" in shown[5]
    assert "restore: pass; validation: fail" in shown[6]


def test_a_shown_line_that_is_not_said_is_found_out() -> None:
    said = "drill crm on crm: pass, snapshot 0123abcd\n42 files\n"
    assert not_said("drill crm on crm: pass, snapshot 89abcdef\n…\n42 files\n", said) == []
    assert not_said("42 files\n…\ndrill crm on crm: pass\n", said) == ["drill crm on crm: pass"]
    assert not_said("drill crm on crm: fail", said) == ["drill crm on crm: fail"]


def test_a_command_that_fails_is_found_out(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="cat missing"):
        typed(["echo one", "cat missing", "echo three"], tmp_path)
