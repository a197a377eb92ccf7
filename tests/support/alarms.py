"""What a target was seen with, in short words, for the rules of alarms."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.backup.interface import Inventory, Outcome, Target
from ccir.domain.event_parts import Sealed
from ccir.drilling.alarm_rules import Case
from ccir.store.backups_interface import Acceptance, Known, KnownKey, KnownSnapshot

NOW = dt.datetime(2026, 3, 10, 8, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
FIRST_LOOK = NOW - 30 * DAY
TARGET = Target(name="crm", repository="/srv/backup")
ACCEPTED = Acceptance(at=NOW, by="alex", reason=Sealed(ref="r", digest="d"))
PASSED = Outcome(verdict="pass")


def snapshot(name: str, days_ago: float, **changes: object) -> KnownSnapshot:
    """Return a snapshot that was first seen an hour after it was made."""
    taken_at = NOW - days_ago * DAY
    made = KnownSnapshot(
        id=name * 64,
        taken_at=taken_at,
        first_seen_at=taken_at + HOUR,
        last_seen_at=NOW,
        host="crm1",
        user="root",
    )
    return msgspec.structs.replace(made, **changes)


def key(name: str, **changes: object) -> KnownKey:
    """Return a key of the first look."""
    made = KnownKey(id=name * 64, label="root@crm1", first_seen_at=FIRST_LOOK, last_seen_at=NOW)
    return msgspec.structs.replace(made, **changes)


def known(*snapshots: KnownSnapshot, keys: tuple[KnownKey, ...] = ()) -> Known:
    """Return what is known after a look at `NOW`, oldest first."""
    ordered = tuple(sorted(snapshots, key=lambda each: (each.taken_at, each.id)))
    return Known(looked_at=NOW, snapshots=ordered, keys=keys)


def case(*snapshots: KnownSnapshot, **changes: object) -> Case:
    """Return the case of a target with these snapshots, none of them new."""
    seen = known(*snapshots)
    made = Case(
        target=TARGET, now=NOW, before=seen, known=seen, inventory=Inventory(outcome=PASSED)
    )
    return msgspec.structs.replace(made, **changes)
