from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ccir import registry
from ccir.checks.interface import CheckKit, Tree
from ccir.domain.drills import CheckPlan
from ccir.drilling.judging import judge
from support.drills import DatedClock, program

OUTSIDE = """
from ccir.checks.interface import CheckKit
from ccir.domain.outcomes import CheckResult
import msgspec


class Arguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    answer: str


class Odd:
    arguments = Arguments

    def run(self, folder, arguments, kit):
        if arguments.answer == "oserror":
            raise PermissionError(13, "Permission denied", "/restored/jane-doe.pdf")
        return CheckResult(name="odd", verdict=arguments.answer, hint="ask its maker")


MEMBER = Odd()
"""


@pytest.fixture
def clock() -> DatedClock:
    return DatedClock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "restored"
    folder.mkdir()
    (folder / "file").write_bytes(b"12345")
    return folder


@pytest.fixture
def kit(clock: DatedClock) -> CheckKit:
    tree = Tree(files=1, bytes=5)
    path = {"PATH": "/usr/bin:/bin"}
    return CheckKit(clock=clock, environment=path, found=tree, expected=tree, deadline_seconds=30.0)


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A check of another package that is installed beside ccir."""
    installed = tmp_path / "installed"
    (installed / "odd-1.0.dist-info").mkdir(parents=True)
    (installed / "odd-1.0.dist-info" / "METADATA").write_text("Name: odd\nVersion: 1.0\n", "utf-8")
    entry = "[ccir.checks]\nodd = odd_check_of_a_test:MEMBER\n"
    (installed / "odd-1.0.dist-info" / "entry_points.txt").write_text(entry, "utf-8")
    (installed / "odd_check_of_a_test.py").write_text(OUTSIDE, "utf-8")
    monkeypatch.syspath_prepend(installed)
    registry._entry_points.cache_clear()
    yield "odd"
    registry._entry_points.cache_clear()


def test_the_count_is_judged_first_although_no_plan_asks_for_it(
    folder: Path, kit: CheckKit
) -> None:
    heard: list[str] = []
    found = judge(folder, (program("true"),), kit, tell=heard.append)
    assert [each.name for each in found] == ["file-count", "command"] == heard
    assert [each.verdict for each in found] == ["pass", "pass"]


def test_without_any_plan_the_count_is_still_judged(folder: Path, kit: CheckKit) -> None:
    short = msgspec.structs.replace(kit, found=Tree(files=0, bytes=0))
    assert [each.verdict for each in judge(folder, (), short)] == ["fail"]


def test_a_plan_for_the_count_takes_the_place_of_the_one_that_is_always_there(
    folder: Path, kit: CheckKit
) -> None:
    plans = (program("true"), CheckPlan(kind="file-count"))
    assert [each.name for each in judge(folder, plans, kit)] == ["command", "file-count"]


@pytest.mark.parametrize(
    "arguments", [{"argv": []}, {"argv": "true"}, {}, {"argv": ["true"], "exit": 1}]
)
def test_arguments_that_do_not_fit_are_an_error_and_no_crash(
    folder: Path, kit: CheckKit, arguments: dict[str, object]
) -> None:
    found = judge(folder, (CheckPlan(kind="command", arguments=arguments),), kit)[1]
    assert (found.name, found.verdict, found.reason) == ("command", "error", "bad-arguments")
    assert found.detail
    assert "`with`" in found.hint


def test_an_unknown_check_is_an_error_with_a_suggestion(folder: Path, kit: CheckKit) -> None:
    found = judge(folder, (CheckPlan(kind="sqllite"),), kit)[1]
    assert (found.verdict, found.reason, found.hint) == (
        "error",
        "not-found",
        "did you mean 'sqlite'?",
    )


def test_a_failed_check_does_not_stop_the_others(folder: Path, kit: CheckKit) -> None:
    found = judge(folder, (program("false"), program("true")), kit)
    assert [each.verdict for each in found] == ["pass", "fail", "pass"]


def test_all_checks_share_one_deadline(folder: Path, kit: CheckKit, clock: DatedClock) -> None:
    def spend_it(kind: str) -> None:
        if kind == "command":
            clock.move(31)

    plans = (program("true"), CheckPlan(kind="file-count"))
    late = judge(folder, plans, kit, tell=spend_it)[1]
    assert (late.name, late.verdict, late.reason) == ("file-count", "error", "timed-out")


def test_a_check_gets_only_the_time_that_is_left(folder: Path, kit: CheckKit) -> None:
    short = msgspec.structs.replace(kit, deadline_seconds=0.3)
    found = judge(folder, (program("sleep", "60"),), short)[1]
    assert (found.verdict, found.reason) == ("error", "timed-out")


def test_once_it_is_cancelled_no_check_begins(folder: Path, kit: CheckKit) -> None:
    off = msgspec.structs.replace(kit, is_cancelled=lambda: True)
    found = judge(folder, (program("touch", "begun"),), off)
    assert [(each.verdict, each.reason) for each in found] == [("error", "cancelled")] * 2
    assert not (folder / "begun").exists()


@pytest.mark.parametrize("answer", ["skipped", "stale"])
def test_a_check_that_was_asked_and_judged_nothing_is_an_error(
    folder: Path, kit: CheckKit, odd: str, *, answer: str
) -> None:
    found = judge(folder, (CheckPlan(kind=odd, arguments={"answer": answer}),), kit)[1]
    assert (found.verdict, found.reason) == ("error", "proved-nothing")
    assert (found.detail, found.hint) == (
        f"the check answered '{answer}', which proves nothing",
        "ask its maker",
    )


def test_a_check_that_cannot_read_a_file_is_an_error_without_the_file_s_name(
    folder: Path, kit: CheckKit, odd: str
) -> None:
    found = judge(folder, (CheckPlan(kind=odd, arguments={"answer": "oserror"}),), kit)[1]
    assert (found.verdict, found.reason, found.detail) == (
        "error",
        "check-failed",
        "Permission denied",
    )
