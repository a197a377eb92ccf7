from __future__ import annotations

from pathlib import Path

import pytest

from ccir.checks.reading import BadDataError, NoVerdictError, Watch, judge_files
from ccir.domain.outcomes import CheckResult
from ccir.errors import UnavailableError
from support.checks import kit_of, told
from support.drills import DatedClock


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("text", encoding="utf-8")
    return tmp_path


def judged(folder: Path, *, raised: Exception | None = None, pattern: str = "*.txt") -> CheckResult:
    def judge(file: Path) -> str:
        if raised is not None and file.name == "b.txt":
            raise raised
        return "is good"

    return judge_files("x", judge, folder=folder, pattern=pattern)


def test_good_files_pass_and_the_first_is_told_of(folder: Path) -> None:
    result = judged(folder)
    assert (told(result), result.detail) == (("pass", ""), "a.txt: is good")


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (BadDataError("broken", "it is bad"), ("fail", "broken")),
        (NoVerdictError("odd", "who knows", hint="look"), ("error", "odd")),
        (UnavailableError("no tool", hint="install it"), ("error", "tool-missing")),
        (PermissionError(13, "Permission denied", "/secret/jane"), ("error", "unreadable")),
        (OSError(), ("error", "unreadable")),
    ],
)
def test_the_worst_file_counts(folder: Path, raised: Exception, expected: tuple[str, str]) -> None:
    result = judged(folder, raised=raised)
    assert told(result) == expected
    assert result.hint
    assert "jane" not in repr(result)


@pytest.mark.parametrize("pattern", ["../a.txt", "/etc/passwd", ""])
def test_a_path_that_leads_out_is_refused(folder: Path, pattern: str) -> None:
    assert told(judged(folder, pattern=pattern)) == ("error", "path-outside")


def test_a_file_that_is_not_there_fails(folder: Path) -> None:
    assert told(judged(folder, pattern="*.csv")) == ("fail", "file-missing")


def test_a_watch_ends_what_takes_too_long() -> None:
    clock = DatedClock()
    watch = Watch(kit_of(clock=clock, deadline_seconds=10.0))
    watch.look()
    assert 9 < watch.left() <= 10
    clock.move(11)
    assert watch.left() == 0
    with pytest.raises(NoVerdictError, match="too long"):
        watch.look()


def test_a_watch_ends_what_is_cancelled() -> None:
    watch = Watch(kit_of(is_cancelled=lambda: True))
    assert watch.is_cancelled()
    with pytest.raises(NoVerdictError, match="not judged to the end"):
        watch.look()
