from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from ccir.domain.drills import Bucket, Coverage
from ccir.domain.events import DrillFinished
from ccir.domain.outcomes import Verdict
from ccir.drilling.comparing import Comparison
from ccir.drilling.covering import cover, judge_change, runs_until_full, snapshots_visited
from ccir.drilling.expected import Expected
from ccir.store.backups_interface import BackupLedger
from ccir.store.sqlite import MEMBER
from support.contents import listed
from support.drill_course import drilled
from support.drills import NOW, drill_with
from support.stores import opened

FILES = {"a": b"one", "b": b"two", "c": b"three", "d": b""}
DAY = dt.timedelta(days=1)


@pytest.fixture
def ledger(tmp_path: Path) -> BackupLedger:
    return opened(MEMBER, tmp_path).backups


def proof(of: Expected, *paths: str) -> Comparison:
    """Return a comparison that has met these files."""
    comparison = Comparison(of)
    for path in paths:
        comparison.note(path, len(FILES[path]), source=BytesIO(FILES[path]))
    return comparison


def covered(
    ledger: BackupLedger, whole: Expected, proofs: Sequence[Comparison], *, day: int = 0
) -> Coverage:
    drill = drill_with(coverage_days=7)
    return cover(ledger, "crm", whole=whole, proofs=proofs, drill=drill, at=NOW + day * DAY)


def counts(coverage: Coverage) -> tuple[int, int, int, int, int]:
    return (
        coverage.files,
        coverage.bytes,
        coverage.verified_files,
        coverage.verified_bytes,
        coverage.new_files,
    )


def test_what_one_drill_proves_is_covered(ledger: BackupLedger) -> None:
    whole = listed(FILES)
    found = covered(ledger, whole, [proof(whole, "a", "d")])
    assert counts(found) == (4, 11, 2, 3, 4)
    assert (found.days, found.oldest_unverified_seconds) == (7, 0.0)


def test_without_any_proof_nothing_is_covered(ledger: BackupLedger) -> None:
    assert counts(covered(ledger, listed(FILES), [])) == (4, 11, 0, 0, 4)


def test_samples_add_up_whatever_list_they_were_proven_in(ledger: BackupLedger) -> None:
    covered(ledger, listed(FILES), [proof(listed({"a": b"one"}), "a")])
    later = covered(ledger, listed(FILES), [proof(listed({"b": b"two"}), "b")], day=1)
    assert counts(later) == (4, 11, 2, 6, 0)
    assert later.oldest_unverified_seconds == 86_400.0
    older = listed({"elsewhere": b"three", "gone": b"gone"})
    comparison = Comparison(older)
    comparison.note("elsewhere", 5, source=BytesIO(b"three"))
    whole = listed(FILES)
    broken_off = proof(whole, "d")
    broken_off.is_complete = False
    last = covered(ledger, whole, [broken_off, comparison], day=2)
    assert counts(last) == (4, 11, 4, 11, 0)
    assert last.oldest_unverified_seconds is None


def test_what_did_not_come_back_as_it_must_is_verified_no_more(ledger: BackupLedger) -> None:
    whole = listed(FILES)
    covered(ledger, whole, [proof(whole, *FILES)])
    assert counts(covered(ledger, whole, [proof(whole, "a", "b", "d")], day=1))[2:4] == (3, 6)
    sample = listed({"a": b"one", "b": b"two"})
    assert counts(covered(ledger, whole, [proof(sample, "b")], day=2))[2:4] == (2, 3)


def test_where_nothing_came_back_no_earlier_proof_counts(ledger: BackupLedger) -> None:
    whole = listed(FILES)
    covered(ledger, whole, [proof(whole, *FILES)])
    drill = drill_with(coverage_days=7)
    found = cover(ledger, "crm", whole=whole, proofs=(), is_lost=True, drill=drill, at=NOW + DAY)
    assert counts(found) == (4, 11, 0, 0, 0)


def test_what_was_proven_longer_ago_than_the_drill_says_is_not_covered(
    ledger: BackupLedger,
) -> None:
    whole = listed(FILES)
    covered(ledger, whole, [proof(whole, *FILES)])
    assert counts(covered(ledger, listed(FILES), [], day=7))[2] == 4
    assert counts(covered(ledger, listed(FILES), [], day=8))[2] == 0


def took(
    newest: str | None, older: str | None = None, *, restored: Verdict | None = "pass"
) -> DrillFinished:
    return msgspec.structs.replace(drilled(), snapshot=newest, older=older, restored=restored)


def test_visits_are_counted_among_what_is_still_retained() -> None:
    past = [took("gone"), took("c", "a"), took("d", restored=None)]
    assert snapshots_visited(past, now=["e"], retained=["a", "b", "c", "d", "e"]) == 3
    assert snapshots_visited((), now=[], retained=["a"]) == 0


def turn(number: int, of: int = 4, *, restored: Verdict = "pass") -> DrillFinished:
    return msgspec.structs.replace(
        drilled(), restored=restored, bucket=Bucket(number=number, of=of), mode="sample"
    )


@pytest.mark.parametrize(
    ("past", "now", "left"),
    [
        ([], 0, 3),
        ([0], 1, 2),
        ([0, 1], 2, 1),
        ([0, 1, 2], 3, 3),  # all had their turn, but files came since
        ([0, 1, 2, 3], 0, 3),
        ([0, 1, 2, 3, 0, 1], 2, 3),
        ([0, 0, 0, 0], 0, 3),
    ],
)
def test_the_drills_that_are_left_count_down(past: list[int], now: int, left: int) -> None:
    drills = [turn(number) for number in past]
    bucket = Bucket(number=now, of=4)
    assert runs_until_full(drills, bucket=bucket, is_full=False) == left
    assert runs_until_full(drills, bucket=bucket, is_full=True) == 0


def test_drills_that_brought_no_sample_back_or_another_do_not_count() -> None:
    past = [turn(0, restored="error"), turn(1, of=10), drilled(), turn(2)]
    assert runs_until_full(past, bucket=Bucket(number=3, of=4), is_full=False) == 2


def test_without_samples_one_whole_drill_is_enough() -> None:
    assert runs_until_full((), bucket=None, is_full=False) == 1
    assert runs_until_full((), bucket=None, is_full=True) == 0


def seen(new_files: int, files: int = 100) -> Coverage:
    return Coverage(
        days=30,
        files=files,
        bytes=files,
        verified_files=0,
        verified_bytes=0,
        snapshots=1,
        snapshots_visited=1,
        new_files=new_files,
    )


def after(*new_files: int | None) -> list[DrillFinished]:
    return [
        msgspec.structs.replace(drilled(), coverage=None if new is None else seen(new))
        for new in new_files
    ]


@pytest.mark.parametrize(
    ("past", "new", "words"),
    [
        ((), 100, "the first look"),
        ((None, None), 100, "the first look"),
        ((100, 1, 2), 100, "too few drills"),
        ((100, 1, 2, 3), 49, "49% of the files are new; 2% are usual"),
        ((100, 1, 2, 3), 2, "2% are usual"),
        ((100, 20, 20, 20), 99, "20% are usual"),
        ((100, 0, None, 0, 0), 49, "0% are usual"),
    ],
)
def test_what_changes_as_usual_passes(past: tuple[int | None, ...], new: int, words: str) -> None:
    found = judge_change(after(*past), seen(new))
    assert (found.name, found.verdict, found.reason) == ("change-rate", "pass", "")
    assert words in found.detail


@pytest.mark.parametrize("past", [(100, 1, 2, 3), (100, 0, 0, 0), (100, 10, 10, 90)])
def test_far_more_that_is_new_than_ever_is_a_fail(past: tuple[int, ...]) -> None:
    found = judge_change(after(*past), seen(60))
    assert (found.verdict, found.reason) == ("fail", "changed-too-much")
    assert "last-clean" in found.hint


def test_a_snapshot_of_nothing_has_nothing_new() -> None:
    assert judge_change(after(100, 1, 2, 3), seen(0, files=0)).verdict == "pass"
