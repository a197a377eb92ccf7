"""What the history of a target's snapshots and keys says: what vanished, what is strange."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from typing import Literal

from ccir.backup.interface import Target
from ccir.drilling.selecting import CLOCK_SKEW
from ccir.store.backups_interface import Known, KnownKey, KnownSnapshot

Mark = Literal["vanished", "gone", "future", "empty", "unknown-host", "accepted"]


def vanished(target: Target, known: Known) -> tuple[KnownSnapshot, ...]:
    """Return the snapshots that are gone though they should be there, and nobody accepted.

    One was the newest when it went, or was younger than nothing is removed.
    """
    times = [each.taken_at for each in known.snapshots]
    gone = (each for each in known.snapshots if _counts_as_gone(target, each))
    return tuple(
        each
        for each in gone
        if _was_retained(target, each) or not _was_followed(each, known, times)
    )


def future(known: Known, now: dt.datetime) -> tuple[KnownSnapshot, ...]:
    """Return the snapshots that are there and dated in the future."""
    return tuple(each for each in present(known) if each.taken_at > now + CLOCK_SKEW)


def past(snapshots: tuple[KnownSnapshot, ...], now: dt.datetime) -> tuple[KnownSnapshot, ...]:
    """Return those that are not dated in the future."""
    return tuple(each for each in snapshots if each.taken_at <= now + CLOCK_SKEW)


def present(known: Known) -> tuple[KnownSnapshot, ...]:
    """Return the snapshots that are there, oldest first."""
    return tuple(each for each in known.snapshots if each.gone_at is None)


def strangers(target: Target, known: Known) -> tuple[KnownSnapshot, ...]:
    """Return the snapshots that are there and come from a host or user that nobody knows.

    Known are those of the first look and those of snapshots that a person accepted; a target
    that names its hosts takes no others anyway.
    """
    if target.hosts or not known.snapshots:
        return ()
    first = min(each.first_seen_at for each in known.snapshots)
    trusted = {
        (each.host, each.user)
        for each in known.snapshots
        if each.first_seen_at == first or each.accepted is not None
    }
    return tuple(each for each in present(known) if (each.host, each.user) not in trusted)


def unknown_keys(known: Known) -> tuple[KnownKey, ...]:
    """Return the keys that came after the first look and that nobody accepted."""
    first = min((each.first_seen_at for each in known.keys), default=None)
    return tuple(
        each for each in known.keys if each.first_seen_at != first and each.accepted is None
    )


def is_empty(snapshot: KnownSnapshot) -> bool:
    """Tell whether a snapshot is known to hold no file or no byte."""
    return 0 in {snapshot.file_count, snapshot.byte_count}


def marks(target: Target, known: Known, now: dt.datetime) -> dict[str, tuple[Mark, ...]]:
    """Return what is remarkable about each snapshot, by its id."""
    told: tuple[tuple[Mark, frozenset[str]], ...] = (
        ("vanished", _ids(vanished(target, known))),
        ("future", _ids(future(known, now))),
        ("unknown-host", _ids(strangers(target, known))),
    )
    return {
        each.id: (
            *(mark for mark, ids in told if each.id in ids),
            *(mark for mark, is_so in _own_marks(each) if is_so),
        )
        for each in known.snapshots
    }


def _own_marks(snapshot: KnownSnapshot) -> tuple[tuple[Mark, bool], ...]:
    return (
        ("gone", snapshot.gone_at is not None),
        ("empty", is_empty(snapshot)),
        ("accepted", snapshot.accepted is not None),
    )


def _counts_as_gone(target: Target, snapshot: KnownSnapshot) -> bool:
    """Tell whether it is missed; one that was dated in the future when it came is not."""
    return (
        snapshot.gone_at is not None
        and snapshot.accepted is None
        and not _came_from_future(snapshot)
        and (not target.hosts or snapshot.host in target.hosts)
    )


def _was_retained(target: Target, snapshot: KnownSnapshot) -> bool:
    if target.retention_seconds is None or snapshot.gone_at is None:
        return False
    return (snapshot.gone_at - snapshot.taken_at).total_seconds() < target.retention_seconds


def _was_followed(snapshot: KnownSnapshot, known: Known, times: list[dt.datetime]) -> bool:
    """Tell whether one as new or newer was there when it went; mostly the next one was."""
    start = bisect_left(times, snapshot.taken_at)
    return any(_outlived(each, snapshot) for each in known.snapshots[start:])


def _outlived(other: KnownSnapshot, snapshot: KnownSnapshot) -> bool:
    if other.id == snapshot.id or snapshot.gone_at is None or _came_from_future(other):
        return False
    was_there = other.first_seen_at <= snapshot.gone_at
    return was_there and (other.gone_at is None or other.gone_at > snapshot.gone_at)


def _came_from_future(snapshot: KnownSnapshot) -> bool:
    return snapshot.taken_at > snapshot.first_seen_at + CLOCK_SKEW


def _ids(snapshots: tuple[KnownSnapshot, ...]) -> frozenset[str]:
    return frozenset(each.id for each in snapshots)
