"""The tasks that the documentation names are the tasks that there are."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from architecture.project import ROOT

TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
MENTION = re.compile(r"`make ([a-z]+)")


def test_help_lists_every_task() -> None:
    listing = _make("help")
    internal = {"program", "tools"}
    assert {line.split()[0] for line in listing.splitlines()} == _targets() - internal


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "changes/README.md"])
def test_a_page_names_only_tasks_that_exist(page: str) -> None:
    named = set(MENTION.findall((ROOT / page).read_text(encoding="utf-8")))
    assert named <= _targets()


def test_the_readme_opens_with_the_two_commands() -> None:
    opening = (ROOT / "README.md").read_text(encoding="utf-8")[:1_500]
    assert opening.index("make demo") < opening.index("make test")


def test_continuous_integration_runs_the_tests() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "make --no-print-directory test" in script.read_text(encoding="utf-8")


def _targets() -> set[str]:
    return set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))


def _make(target: str) -> str:
    command = ["make", "--no-print-directory", "-s", target]
    environment = {"PATH": os.environ["PATH"]}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=30
    ).stdout
