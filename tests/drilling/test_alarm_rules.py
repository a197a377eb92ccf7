from __future__ import annotations

import datetime as dt

import msgspec
import pytest

from ccir.backup.held_interface import Lock
from ccir.backup.interface import Inventory, Outcome
from ccir.domain.outcomes import CheckResult
from ccir.drilling.alarm_rules import (
    Case,
    host_unknown,
    inventory_unknown,
    key_unknown,
    lock_stale,
    not_append_only,
    schedule_gap,
    snapshot_empty,
    snapshot_future,
    snapshot_shrunken,
    snapshot_vanished,
)
from ccir.store.backups_interface import Known, KnownSnapshot
from support.alarms import (
    ACCEPTED,
    FIRST_LOOK,
    NOW,
    PASSED,
    TARGET,
    case,
    key,
    known,
    snapshot,
)

HOURS = 3_600.0
DAILY = msgspec.structs.replace(TARGET, rpo_seconds=30 * HOURS)
PROMISED = msgspec.structs.replace(TARGET, append_only=True)


def told(found: CheckResult | None) -> CheckResult:
    assert found is not None
    assert found.hint
    assert found.name.startswith("alarm-")
    return found


def counted(name: str, days_ago: float, files: int | None, **changes: object) -> KnownSnapshot:
    size = None if files is None else files * 1_000
    return snapshot(name, days_ago, **({"file_count": files, "byte_count": size} | changes))


def usual(files: int = 100, count: int = 3, **changes: object) -> list[KnownSnapshot]:
    return [
        counted("a", 2 + number, files, id=f"{number:064x}", **changes) for number in range(count)
    ]


# ------------------------------------------------------------------------------------ snapshots


def test_a_vanished_snapshot_is_told_with_how_to_accept_it() -> None:
    found = told(snapshot_vanished(case(snapshot("a", 2), snapshot("b", 1, gone_at=NOW))))
    assert (found.verdict, found.reason) == ("fail", "snapshot-vanished")
    assert found.detail.endswith("are gone: bbbbbbbb of 2026-03-09 08:00 UTC")
    assert "`ccir backup accept crm bbbbbbbb --reason T`" in found.hint
    assert snapshot_vanished(case(snapshot("a", 2))) is None


def test_a_snapshot_from_the_future_is_told_also_when_it_is_not_the_newest() -> None:
    planted = [snapshot("b", -1, first_seen_at=NOW), snapshot("c", -2, first_seen_at=NOW)]
    found = told(snapshot_future(case(snapshot("a", 1), *planted)))
    assert (found.verdict, found.reason) == ("fail", "snapshot-future")
    assert "bbbbbbbb of 2026-03-11 08:00 UTC, cccccccc of" in found.detail
    assert snapshot_future(case(snapshot("a", 1))) is None


@pytest.mark.parametrize("changes", [{"file_count": 0}, {"byte_count": 0}])
def test_a_newest_snapshot_that_holds_nothing_is_told(changes: dict[str, object]) -> None:
    empty = counted("b", 1, 10, **changes)
    found = told(snapshot_empty(case(counted("a", 2, 10), empty)))
    assert (found.verdict, found.reason) == ("fail", "snapshot-empty")
    assert "bbbbbbbb" in found.detail
    assert snapshot_shrunken(case(*usual(), empty)) is None, "once is enough"


@pytest.mark.parametrize(
    "others",
    [
        [counted("b", 0.5, 10)],
        [counted("b", 1, 0, accepted=ACCEPTED)],
        [counted("b", 1, 0, gone_at=NOW)],
        [counted("b", 1, None)],
    ],
    ids=["a newer one is full", "accepted", "gone", "not counted"],
)
def test_other_empty_ones_are_not_told(others: list[KnownSnapshot]) -> None:
    assert snapshot_empty(case(counted("a", 2, 10), *others)) is None


@pytest.mark.parametrize(("files", "is_told"), [(49, True), (50, False), (400, False)])
def test_less_than_half_of_what_is_usual_is_told(files: int, *, is_told: bool) -> None:
    found = snapshot_shrunken(case(*usual(), counted("b", 1, files)))
    assert (found is not None) is is_told


def test_a_shrunken_one_is_told_with_what_is_usual() -> None:
    found = told(snapshot_shrunken(case(*usual(), counted("b", 1, 49))))
    assert (found.verdict, found.reason) == ("fail", "snapshot-shrunken")
    assert "49 files instead of 100" in found.detail
    fewer_bytes = counted("b", 1, 100, byte_count=10)
    assert (
        "10 bytes instead of 100000" in told(snapshot_shrunken(case(*usual(), fewer_bytes))).detail
    )


def test_usual_is_the_median_of_the_last_ten_so_that_one_odd_one_says_nothing() -> None:
    odd = [counted("a", 2, 9_000), counted("c", 3, 9_000, id="c" * 64)]
    assert snapshot_shrunken(case(*odd, *usual(count=3), counted("b", 1, 60))) is None
    long_ago = [
        counted("d", 30 + number, 9_000, id=f"{number:064d}"[::-1]) for number in range(1, 20)
    ]
    assert snapshot_shrunken(case(*long_ago, *usual(count=10), counted("b", 1, 60))) is None


def test_with_fewer_than_three_earlier_ones_nothing_is_usual() -> None:
    assert snapshot_shrunken(case(*usual(count=2), counted("b", 1, 1))) is None
    uncounted = [counted("c", 9, None)]
    assert snapshot_shrunken(case(*usual(count=2), *uncounted, counted("b", 1, 1))) is None


def test_removed_ones_still_say_what_is_usual_and_other_hosts_never_do() -> None:
    assert snapshot_shrunken(case(*usual(gone_at=NOW), counted("b", 1, 1))) is not None
    elsewhere = counted("b", 1, 1, host="crm2")
    assert snapshot_shrunken(case(*usual(), elsewhere)) is None


def test_what_was_accepted_is_not_told_and_begins_a_new_measure() -> None:
    small = counted("b", 1, 10, accepted=ACCEPTED)
    assert snapshot_shrunken(case(*usual(), small)) is None
    assert snapshot_shrunken(case(*usual(), small, counted("c", 0.5, 9))) is None


# --------------------------------------------------------------------------------------- schedule


def gaps(*snapshots: KnownSnapshot, **changes: object) -> CheckResult | None:
    return schedule_gap(case(*snapshots, **({"target": DAILY} | changes)))


def test_two_new_snapshots_further_apart_than_the_rpo_are_told_once() -> None:
    old, new = snapshot("a", 3), snapshot("b", 1)
    found = told(gaps(old, new, before=known(old)))
    assert (found.verdict, found.reason) == ("fail", "schedule-gap")
    assert found.detail.endswith(": 2026-03-07 08:00 UTC to 2026-03-09 08:00 UTC")
    assert gaps(old, new) is None, "both were known at the look before"


def test_snapshots_in_time_leave_no_gap() -> None:
    new = [snapshot(name, days) for name, days in (("a", 3), ("b", 2), ("c", 1))]
    assert gaps(*new, before=known(new[0])) is None


def test_a_snapshot_that_was_there_and_is_gone_leaves_no_gap() -> None:
    old = (snapshot("a", 3), snapshot("b", 2, gone_at=NOW))
    assert gaps(*old, snapshot("c", 1), before=known(*old)) is None


def test_one_from_the_future_ends_no_gap() -> None:
    old = snapshot("a", 1)
    assert gaps(old, snapshot("b", -9, first_seen_at=NOW), before=known(old)) is None


def test_the_first_look_looks_back_a_week() -> None:
    recent = (snapshot("a", 9), snapshot("b", 6.9))
    assert gaps(*recent, before=Known()) is not None
    assert gaps(snapshot("a", 9), snapshot("b", 7.1), before=Known()) is None


def test_what_may_be_removed_by_now_leaves_gaps_that_mean_nothing() -> None:
    keeping = msgspec.structs.replace(DAILY, retention_seconds=48 * HOURS)
    old = snapshot("a", 9)
    assert gaps(old, snapshot("b", 3), before=known(old), target=keeping) is None
    assert gaps(old, snapshot("b", 1), before=known(old), target=keeping) is not None


def test_without_an_rpo_there_is_no_schedule() -> None:
    assert schedule_gap(case(snapshot("a", 90), snapshot("b", 1), before=Known())) is None


# ---------------------------------------------------------------------------------------- access


def test_a_snapshot_of_an_unknown_host_is_told_with_who_made_it() -> None:
    first = snapshot("a", 2, first_seen_at=FIRST_LOOK)
    found = told(host_unknown(case(first, snapshot("b", 1, host="evil\x1b"))))
    assert (found.verdict, found.reason) == ("fail", "host-unknown")
    assert found.detail.endswith(": bbbbbbbb of 2026-03-09 08:00 UTC by root@evil")
    assert host_unknown(case(first)) is None


def test_a_key_that_was_added_is_told_with_who_made_it() -> None:
    keys = (key("a"), key("b", first_seen_at=NOW, label="mallory@evil"))
    found = told(key_unknown(case(known=known(keys=keys))))
    assert (found.verdict, found.reason) == ("fail", "key-unknown")
    assert found.detail.endswith(": bbbbbbbb of mallory@evil")
    assert "`ccir backup accept crm bbbbbbbb --reason T`" in found.hint
    assert key_unknown(case(known=known(keys=keys[:1]))) is None


@pytest.mark.parametrize(("minutes", "is_stale"), [(59, False), (61, True)])
def test_a_lock_that_nobody_renewed_for_an_hour_is_no_verdict(
    minutes: int, *, is_stale: bool
) -> None:
    lock = Lock(label="root@crm1, process 7", held_at=NOW - dt.timedelta(minutes=minutes))
    found = lock_stale(case(inventory=Inventory(outcome=PASSED, locks=(lock,))))
    assert (found is not None) is is_stale
    if is_stale:
        assert (told(found).verdict, told(found).reason) == ("error", "lock-stale")
        assert "root@crm1, process 7, last renewed 2026-03-10 06:59 UTC" in told(found).detail


@pytest.mark.parametrize(("hours", "is_stale"), [(23, False), (25, True)])
def test_a_lock_that_its_holder_never_renews_may_be_as_old_as_a_day(
    hours: int, *, is_stale: bool
) -> None:
    held_at = NOW - dt.timedelta(hours=hours)
    lock = Lock(label="crm1, process 7", held_at=held_at, renewed=False)
    found = lock_stale(case(inventory=Inventory(outcome=PASSED, locks=(lock,))))
    assert (found is not None) is is_stale
    if is_stale:
        assert "crm1, process 7, of 2026-03-09 07:00 UTC" in told(found).detail


def test_keys_and_locks_that_cannot_be_listed_are_no_verdict() -> None:
    outcome = Outcome(verdict="error", reason="timed-out", detail="late", hint="again")
    found = told(inventory_unknown(case(inventory=Inventory(outcome=outcome))))
    assert (found.verdict, found.reason, found.detail) == ("error", "timed-out", "late")
    assert inventory_unknown(case()) is None


def append_only(tampered: Outcome | None, **changes: object) -> CheckResult | None:
    made: Case = case(**({"target": PROMISED, "tampered": tampered} | changes))
    return not_append_only(made)


def test_a_promise_that_the_server_does_not_keep_is_told() -> None:
    could = Outcome(verdict="fail", reason="not-append-only", detail="it would", hint="mend it")
    found = told(append_only(could))
    assert (found.verdict, found.reason) == ("fail", "not-append-only")
    assert append_only(PASSED) is None
    assert append_only(could, target=TARGET) is None, "nothing was promised"


def test_a_promise_that_cannot_be_tried_is_no_verdict() -> None:
    lost = Outcome(verdict="error", reason="unreachable", detail="no answer", hint="again")
    assert told(append_only(lost)).reason == "unreachable"
    found = told(append_only(None))
    assert (found.verdict, found.reason) == ("error", "append-only-unproven")
