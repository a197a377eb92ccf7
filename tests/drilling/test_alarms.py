"""The alarms of real repositories, which restic itself finds in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from ccir.backup.interface import Deadlines, Target
from ccir.checks.interface import Tree
from ccir.domain.event_parts import Sealed
from ccir.domain.outcomes import CheckResult
from ccir.drilling.alarms import watch
from ccir.drilling.checking import check_backup
from ccir.drilling.interface import BackupResult, DrillKit
from ccir.drilling.targets import tool_of
from ccir.store.backups_interface import Acceptance, BackupLedger
from ccir.store.sqlite import MEMBER
from support.damage import flip_bit
from support.drills import NOW, Course, DatedClock, back_up_nothing, kit_for, target_of, verdicts
from support.rest_server import PLAIN, RestServer
from support.restic_meddling import add_key, leave_lock
from support.restic_repository import Repository, back_up, restic
from support.stores import opened

DAY = dt.timedelta(days=1)
NOTHING_COUNTED: Mapping[str, Tree] = {}
LATER = "2026-01-02 03:30:00"


@pytest.fixture
def ledger(tmp_path: Path) -> BackupLedger:
    return opened(MEMBER, tmp_path).backups


@pytest.fixture
def kit(tmp_path: Path, ledger: BackupLedger) -> DrillKit:
    return kit_for(tmp_path, ledger=ledger)


def look(
    target: Target,
    kit: DrillKit,
    *,
    at: dt.datetime = NOW,
    counted: Mapping[str, Tree] = NOTHING_COUNTED,
) -> tuple[CheckResult, ...]:
    """Look at the target once with the real tool."""
    ledger = kit.ledger
    assert ledger is not None
    tool = tool_of(target, kit)
    listing = tool.snapshots(target)
    return watch(target, tool, listing, ledger=ledger, now=at, counted=counted)


def reasons(found: tuple[CheckResult, ...]) -> list[str]:
    return [each.reason or each.verdict for each in found]


def accept(ledger: BackupLedger, *ids: str) -> None:
    word = Acceptance(at=NOW, by="alex", reason=Sealed(ref="r", digest="d"))
    for each in ids:
        ledger.accept("crm", each, word)


def forget(repository: Repository, snapshot: str) -> None:
    """Remove a snapshot as somebody with the password would."""
    restic(repository, "forget", snapshot)


def ids(repository: Repository) -> set[str]:
    return {path.name for path in (repository.folder / "snapshots").iterdir()}


def test_the_first_look_makes_known_what_is_there_and_the_next_finds_it(
    healthy: Repository, kit: DrillKit
) -> None:
    (first,) = look(target_of(healthy), kit)
    assert (first.name, first.verdict) == ("alarms", "pass")
    assert first.detail == "1 snapshot, 1 key, seen for the first time"
    (second,) = look(target_of(healthy), kit, at=NOW + DAY)
    assert second.detail == "1 snapshot, 1 key, as known"


def test_the_newest_snapshot_deleted_is_told_until_a_person_accepts_it(
    repository: Repository, kit: DrillKit, ledger: BackupLedger
) -> None:
    target = target_of(repository, rpo_seconds=None)
    oldest = ids(repository)
    back_up(repository, at=LATER)
    (newest,) = ids(repository) - oldest
    assert reasons(look(target, kit)) == ["pass"]
    forget(repository, newest)
    assert tool_of(target, kit).check(target).verdict == "pass", "restic finds nothing wrong"
    (found,) = look(target, kit, at=NOW + DAY)
    assert (found.verdict, found.reason) == ("fail", "snapshot-vanished")
    assert newest[:8] in found.detail
    back_up(repository, at="2026-01-04 03:00:00")
    assert reasons(look(target, kit, at=NOW + 2 * DAY)) == ["snapshot-vanished"]
    accept(ledger, newest)
    assert reasons(look(target, kit, at=NOW + 3 * DAY)) == ["pass"]


def test_all_snapshots_deleted_is_told(repository: Repository, kit: DrillKit) -> None:
    look(target_of(repository), kit)
    forget(repository, repository.snapshot_id)
    assert reasons(look(target_of(repository), kit)) == ["snapshot-vanished"]


def test_a_snapshot_that_cannot_be_read_did_not_vanish(
    repository: Repository, kit: DrillKit
) -> None:
    first = repository.snapshot_id
    back_up(repository, at=LATER)
    look(target_of(repository), kit)
    (newest,) = ids(repository) - {first}
    flip_bit(repository.folder / "snapshots" / newest, at=40)
    assert reasons(look(target_of(repository), kit, at=NOW + DAY)) == ["pass"]


def test_an_empty_snapshot_dated_in_the_future_is_told_beside_an_unknown_host(
    repository: Repository, kit: DrillKit, tmp_path: Path
) -> None:
    target = target_of(repository, hosts=())
    look(target, kit)
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    planted = msgspec.structs.replace(repository, source=nothing)
    back_up(planted, at="2027-01-01 00:00:00", host="evil")
    assert reasons(look(target, kit, at=NOW + DAY)) == ["snapshot-future", "host-unknown"]


def test_what_was_counted_is_remembered_and_says_when_a_snapshot_holds_too_little(
    repository: Repository, kit: DrillKit, ledger: BackupLedger
) -> None:
    target = target_of(repository, rpo_seconds=None)
    (first,) = ids(repository)
    seen = {first}
    look(target, kit, counted={first: Tree(files=25, bytes=90_000)})
    found: tuple[CheckResult, ...] = ()
    for minute in range(10, 14):
        back_up(repository, at=f"2026-01-02 03:{minute}:00")
        (new,) = ids(repository) - seen
        seen.add(new)
        files = 25 if minute < 13 else 12
        found = look(target, kit, counted={new: Tree(files=files, bytes=90_000)})
    assert reasons(found) == ["snapshot-shrunken"]
    assert "12 files instead of 25" in found[0].detail
    counts = [each.file_count for each in ledger.known("crm").snapshots]
    assert counts == [25, 25, 25, 25, 12]


def test_a_gap_in_the_schedule_is_told_once(repository: Repository, kit: DrillKit) -> None:
    target = target_of(repository, rpo_seconds=600.0)
    look(target, kit)
    back_up(repository, at=LATER)
    assert reasons(look(target, kit)) == ["schedule-gap"]
    assert reasons(look(target, kit)) == ["pass"]


def test_a_key_that_was_added_is_told_until_a_person_accepts_it(
    repository: Repository, kit: DrillKit, ledger: BackupLedger
) -> None:
    target = target_of(repository)
    look(target, kit)
    add_key(repository, user="mallory")
    for days in (1, 2):
        (found,) = look(target, kit, at=NOW + days * DAY)
        assert (found.verdict, found.reason) == ("fail", "key-unknown")
        assert "of mallory@" in found.detail
    accept(ledger, ledger.known("crm").keys[-1].id)
    (quiet,) = look(target, kit, at=NOW + 3 * DAY)
    assert quiet.detail == "1 snapshot, 2 keys, as known"


def test_a_lock_that_a_killed_backup_left_is_told_when_it_is_an_hour_old(
    repository: Repository, kit: DrillKit
) -> None:
    target = target_of(repository)
    leave_lock(repository)
    (lock,) = tool_of(target, kit).inventory(target).locks
    assert reasons(look(target, kit, at=lock.held_at + dt.timedelta(minutes=59))) == ["pass"]
    (found,) = look(target, kit, at=lock.held_at + dt.timedelta(minutes=61))
    assert (found.verdict, found.reason) == ("error", "lock-stale")


def test_a_promise_to_be_append_only_is_tried_and_told(healthy: Repository, kit: DrillKit) -> None:
    with RestServer(PLAIN) as server:
        elsewhere = target_of(healthy, append_only=True, repository=server.url)
        tool = tool_of(elsewhere, kit)
        listing = tool.snapshots(target_of(healthy))
        ledger = kit.ledger
        assert ledger is not None
        found = watch(elsewhere, tool, listing, ledger=ledger, now=NOW)
    assert "not-append-only" in reasons(found)
    assert reasons(look(target_of(healthy, append_only=True), kit)) == ["append-only-unproven"]


def test_keys_that_cannot_be_listed_are_told_and_none_is_forgotten(
    repository: Repository, kit: DrillKit, ledger: BackupLedger
) -> None:
    target = target_of(repository)
    look(target, kit)
    listing = tool_of(target, kit).snapshots(target)
    hasty = tool_of(target, kit, deadlines=Deadlines(open_seconds=0))
    (found,) = watch(target, hasty, listing, ledger=ledger, now=NOW + DAY)
    assert (found.name, found.verdict, found.reason) == ("alarm-inventory", "error", "timed-out")
    assert [key.last_seen_at for key in ledger.known("crm").keys] == [NOW]


def test_a_ledger_that_cannot_be_used_is_a_result_and_no_exception(
    healthy: Repository, kit: DrillKit, tmp_path: Path
) -> None:
    (tmp_path / ".ccir" / "backups.db").write_text("a shopping list" * 20, "utf-8")
    (found,) = look(target_of(healthy), kit)
    assert (found.name, found.verdict, found.reason) == ("alarms", "error", "store-damaged")


# ------------------------------------------------------------------------------ a backup's check


def checked(target: Target, kit: DrillKit, *, at: dt.datetime = NOW) -> BackupResult:
    return check_backup(target, msgspec.structs.replace(kit, clock=DatedClock(at)))


def test_checking_a_backup_looks_for_alarms(repository: Repository, kit: DrillKit) -> None:
    course = Course()
    target = target_of(repository, rpo_seconds=None)
    result = checked(target, msgspec.structs.replace(kit, progress=course))
    assert list(verdicts(result.checks)) == [
        "repository",
        "snapshot-age",
        "snapshot-content",
        "alarms",
        "structure",
    ]
    assert "look for alarms" in course.names
    forget(repository, repository.snapshot_id)
    result = checked(target, kit, at=NOW + DAY)
    assert verdicts(result.checks) == {
        "repository": "pass",
        "snapshot": "no-snapshots",
        "alarm-snapshot-vanished": "snapshot-vanished",
        "structure": "pass",
    }


def test_checking_a_backup_remembers_how_much_the_newest_holds(
    healthy: Repository, kit: DrillKit, ledger: BackupLedger
) -> None:
    checked(target_of(healthy), kit)
    (known,) = ledger.known("crm").snapshots
    assert known.file_count == 25
    assert known.byte_count


def test_an_empty_newest_snapshot_raises_an_alarm_too(
    repository: Repository, kit: DrillKit, tmp_path: Path
) -> None:
    back_up_nothing(repository, tmp_path / "nothing", at=LATER)
    result = checked(target_of(repository), kit)
    assert result.reason == "empty"
    assert verdicts(result.checks)["alarm-snapshot-empty"] == "snapshot-empty"


def test_a_snapshot_that_could_not_be_counted_holds_nobody_knows_how_much(
    healthy: Repository, kit: DrillKit, ledger: BackupLedger
) -> None:
    hasty = msgspec.structs.replace(kit, deadlines=Deadlines(open_seconds=60, list_seconds=0))
    result = checked(target_of(healthy), hasty)
    assert (result.verdict, result.reason) == ("error", "timed-out")
    assert verdicts(result.checks)["alarms"] == "pass"
    (known,) = ledger.known("crm").snapshots
    assert known.file_count is None


def test_a_repository_that_cannot_be_opened_is_not_looked_at(
    healthy: Repository, kit: DrillKit, ledger: BackupLedger
) -> None:
    result = checked(target_of(healthy, repository="/nowhere/crm"), kit)
    assert result.reason == "repository-missing"
    assert ledger.known("crm").looked_at is None
