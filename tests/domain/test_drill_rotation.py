from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.domain.drill_rotation import (
    is_control_due,
    next_bucket,
    next_older,
    next_part,
    visits,
)
from ccir.domain.drills import Bucket, Proven
from ccir.domain.events import DrillFinished
from ccir.domain.outcomes import Verdict
from support.drill_course import drilled

SNAPSHOTS = ("a", "b", "c", "d")


def sampled(number: int, of: int = 3, **changes: object) -> DrillFinished:
    """Return a drill that restored a sample and proved it."""
    plain = msgspec.structs.replace(
        drilled(),
        mode="sample",
        bucket=Bucket(number=number, of=of),
        restored="pass",
        proven=Proven(files=1, bytes=1),
    )
    return msgspec.structs.replace(plain, **changes)


def took(newest: str, older: str | None = None, verdict: Verdict = "pass") -> DrillFinished:
    """Return a drill that restored these snapshots."""
    plain = drilled(verdict=verdict)
    return msgspec.structs.replace(plain, snapshot=newest, older=older, restored="pass")


def test_the_first_sample_is_the_first_bucket() -> None:
    assert next_bucket((), of=10) == Bucket(number=0, of=10)


@given(st.integers(1, 12), st.integers(0, 30))
def test_as_many_drills_as_there_are_buckets_take_each_once(of: int, before: int) -> None:
    past: list[DrillFinished] = []
    for _ in range(before + of):
        past.append(sampled(next_bucket(past, of=of).number, of))
    numbers = [each.bucket.number for each in past if each.bucket is not None]
    assert sorted(numbers[-of:]) == [*range(of)]


def test_the_bucket_that_waits_longest_is_next() -> None:
    past = [sampled(2), sampled(0), sampled(1), sampled(2)]
    assert next_bucket(past, of=3).number == 0


@pytest.mark.parametrize(
    "change",
    [{"restored": "error"}, {"restored": "fail"}, {"restored": None}, {"proven": None}],
)
def test_a_sample_that_did_not_come_back_was_no_turn(change: dict[str, object]) -> None:
    assert next_bucket([sampled(0), sampled(1, of=3, **change)], of=3).number == 1


def test_samples_of_another_number_of_buckets_were_no_turns() -> None:
    assert next_bucket([sampled(0, of=10), sampled(1, of=10)], of=3).number == 0


@pytest.mark.parametrize("retained", [(), ("a",)])
def test_without_an_older_snapshot_none_is_taken(retained: tuple[str, ...]) -> None:
    assert next_older((), retained=retained) is None


def test_older_snapshots_are_taken_from_the_youngest_backwards_and_then_again() -> None:
    past: list[DrillFinished] = []
    for _ in range(6):
        past.append(took("d", next_older(past, retained=SNAPSHOTS)))
    assert [each.older for each in past] == ["c", "b", "a", "c", "b", "a"]


def test_a_snapshot_that_was_the_newest_once_had_its_turn() -> None:
    past = [took("c"), took("d", "b")]
    assert next_older(past, retained=SNAPSHOTS) == "a"
    assert next_older([*past, took("d", "a")], retained=SNAPSHOTS) == "c"


def test_a_drill_without_a_verdict_was_no_turn_of_the_older_snapshot() -> None:
    past = [took("d", "c", verdict="error")]
    assert next_older(past, retained=SNAPSHOTS) == "c"
    assert visits(past) == ["d"]
    assert visits([took("d", "c", verdict="fail")]) == ["d", "c"]


@pytest.mark.parametrize("restored", ["error", None])
def test_a_restore_without_a_verdict_was_no_visit(restored: Verdict | None) -> None:
    assert visits([msgspec.structs.replace(took("d"), restored=restored)]) == []
    none = msgspec.structs.replace(took("d"), snapshot=None)
    assert visits([none]) == []


@given(st.integers(1, 8), st.integers(0, 20))
def test_the_parts_of_the_data_follow_each_other(of: int, before: int) -> None:
    past = [drilled()] * before
    parts = [next_part([*past, *[drilled()] * more], of=of) for more in range(of)]
    assert sorted(parts) == [*range(1, of + 1)]


def test_a_part_is_read_again_where_there_was_no_verdict() -> None:
    past = [drilled(), drilled(verdict="error"), drilled(verdict="skipped")]
    assert next_part(past, of=4) == 2
    assert next_part([*past, drilled(verdict="fail")], of=4) == 3


def with_control(control: Verdict | None) -> DrillFinished:
    return msgspec.structs.replace(drilled(), control=control)


@pytest.mark.parametrize("every", [1, 2, 3, 10])
def test_damage_is_made_every_so_many_drills(every: int) -> None:
    past: list[DrillFinished] = []
    for _ in range(3 * every):
        due = is_control_due(past, every=every)
        past.append(with_control("pass" if due else None))
    made = [at for at, each in enumerate(past, 1) if each.control is not None]
    assert made == [every, 2 * every, 3 * every]


def test_damage_that_was_not_made_or_not_found_stays_due() -> None:
    past = [with_control(None)] * 7
    assert is_control_due(past, every=3)
    assert is_control_due([*past, with_control("error")], every=3)
    assert not is_control_due([*past, with_control("error"), with_control("pass")], every=3)


def test_damage_is_never_made_where_nobody_wants_it() -> None:
    assert not is_control_due([with_control(None)] * 50, every=0)
