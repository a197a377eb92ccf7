from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.backup.interface import Content, Listing, Outcome, Snapshot
from ccir.domain.outcomes import CheckResult
from ccir.drilling.selecting import (
    age_seconds,
    chosen,
    from_outcome,
    judge_age,
    judge_content,
    newest,
    no_snapshots,
)

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
PASSED = Outcome(verdict="pass")
IDS = ("aaaaaaaa" + "0" * 56, "aaaaaaaa" + "1" * 56, "bbbbbbbb" + "2" * 56)


def snapshot(age: float = 0.0, *, id_: str = IDS[0]) -> Snapshot:
    return Snapshot(id=id_, taken_at=NOW - dt.timedelta(seconds=age))


def listing(*snapshots: Snapshot, held: int = 0) -> Listing:
    return Listing(outcome=PASSED, snapshots=snapshots, in_repository=held)


@given(st.lists(st.floats(0, 1e8), min_size=1, max_size=20))
def test_the_newest_is_the_one_with_the_latest_time_in_whatever_order(ages: list[float]) -> None:
    found = newest(listing(*map(snapshot, ages)))
    assert found is not None
    assert found.taken_at == max(snapshot(age).taken_at for age in ages)


def test_without_a_wish_the_newest_is_chosen() -> None:
    old, new = snapshot(60, id_=IDS[0]), snapshot(5, id_=IDS[2])
    assert chosen(listing(new, old), None) == new


def test_a_full_id_and_a_unique_short_one_choose_a_snapshot() -> None:
    held = listing(*(snapshot(id_=id_) for id_ in IDS))
    assert chosen(held, IDS[1]) == snapshot(id_=IDS[1])
    assert chosen(held, "bbbbbbbb") == snapshot(id_=IDS[2])


@pytest.mark.parametrize(
    ("wanted", "detail"),
    [
        ("aaaaaaaa", "2 snapshots of this target begin with aaaaaaaa"),
        ("cccccccc", "0 snapshots of this target begin with cccccccc"),
        ("bbbbbbb", "'bbbbbbb' is no snapshot id: 8 to 64 hexadecimal digits"),
        ("latest", "'latest' is no snapshot id: 8 to 64 hexadecimal digits"),
        ("--target=/", "'--target=/' is no snapshot id: 8 to 64 hexadecimal digits"),
        ("", "'' is no snapshot id: 8 to 64 hexadecimal digits"),
        ("b" * 65, f"'{'b' * 65}' is no snapshot id: 8 to 64 hexadecimal digits"),
        ("bbbbbbbb\n", "'bbbbbbbb\n' is no snapshot id: 8 to 64 hexadecimal digits"),
    ],
)
def test_a_wish_that_names_no_single_snapshot_is_an_error(wanted: str, detail: str) -> None:
    found = chosen(listing(*(snapshot(id_=id_) for id_ in IDS)), wanted)
    assert isinstance(found, CheckResult)
    assert (found.verdict, found.reason, found.detail) == ("error", "snapshot-unknown", detail)


def test_no_snapshot_at_all_is_a_fail_that_tells_of_those_of_others() -> None:
    found = chosen(listing(held=3), None)
    assert isinstance(found, CheckResult)
    assert (found.verdict, found.reason) == ("fail", "no-snapshots")
    assert "holds 3 of other hosts, tags or paths" in found.detail
    assert "other" not in no_snapshots(listing()).detail


@pytest.mark.parametrize(
    ("age", "rpo", "verdict", "reason"),
    [
        (3_600.0, 3_600.0, "pass", ""),
        (3_600.001, 3_600.0, "fail", "rpo-exceeded"),
        (1e8, None, "pass", ""),
        (-300.0, 3_600.0, "pass", ""),
        (-300.001, 3_600.0, "fail", "future"),
        (-300.001, None, "fail", "future"),
    ],
)
def test_a_snapshot_is_judged_by_its_age(
    *, age: float, rpo: float | None, verdict: str, reason: str
) -> None:
    found = judge_age(snapshot(age), now=NOW, rpo_seconds=rpo)
    assert (found.name, found.verdict, found.reason) == ("snapshot-age", verdict, reason)
    assert bool(found.hint) == (verdict == "fail")


def test_an_age_says_whether_anything_was_promised() -> None:
    assert judge_age(snapshot(90), now=NOW, rpo_seconds=None).detail == (
        "snapshot aaaaaaaa of 2026-03-01 11:58 UTC is 1 min old; no RPO is set"
    )
    assert judge_age(snapshot(90), now=NOW, rpo_seconds=3_600.0).detail.endswith(
        "is 1 min old; the RPO is 1 h 00 min"
    )


def test_the_age_of_a_snapshot_from_the_future_is_not_known_and_of_a_fast_clock_s_is_zero() -> None:
    assert age_seconds(snapshot(-301), NOW) is None
    assert age_seconds(snapshot(-299), NOW) == 0.0
    assert age_seconds(snapshot(7), NOW) == 7.0


@pytest.mark.parametrize(("files", "size"), [(0, 0), (3, 0), (0, 3)])
def test_a_snapshot_without_files_or_bytes_is_empty(files: int, size: int) -> None:
    found = judge_content(Content(outcome=PASSED, files=files, bytes=size))
    assert (found.verdict, found.reason) == ("fail", "empty")


def test_a_snapshot_that_could_not_be_counted_is_never_good_however_much_was_seen() -> None:
    outcome = Outcome(verdict="error", reason="timed-out", detail="it hung", hint="wait")
    found = judge_content(Content(outcome=outcome, files=5, bytes=5))
    assert found == CheckResult(
        name="snapshot-content", verdict="error", reason="timed-out", detail="it hung", hint="wait"
    )


def test_a_tool_that_was_stopped_at_the_proof_is_told_so() -> None:
    outcome = Outcome(verdict="fail", reason="pack-damaged", detail="bad", stopped_early=True)
    assert from_outcome("restore", outcome).detail == "bad (the tool was stopped at the proof)"
    assert from_outcome("restore", PASSED, good="fine").detail == "fine"
