from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ccir.checks.reading import BadDataError, NoVerdictError, Seen, Watch, age, judge_files
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


@pytest.mark.parametrize("is_bad", [True, False])
def test_the_newest_datum_of_all_files_is_told(folder: Path, *, is_bad: bool) -> None:
    new, old = (dt.datetime(2026, 1, day, tzinfo=dt.UTC) for day in (2, 1))

    def judge(file: Path) -> str | Seen:
        if file.name == "a.txt":
            return Seen(detail="is good", newest_at=old)
        if is_bad:
            raise BadDataError("too-old", "it is old", newest_at=new)
        return Seen(detail="is good", newest_at=new)

    result = judge_files("x", judge, folder=folder, pattern="*.txt")
    assert result.newest_at == new
    assert result.detail == ("b.txt: it is old" if is_bad else "a.txt: is good")
    assert judged(folder).newest_at is None


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-5, "0 h 00 min"), (59, "0 h 00 min"), (3_660, "1 h 01 min"), (90_000, "1 d 1 h 00 min")],
)
def test_an_age_is_told_in_days_hours_and_minutes(seconds: int, expected: str) -> None:
    assert age(dt.timedelta(seconds=seconds)) == expected


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
