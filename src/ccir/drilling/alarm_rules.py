"""The alarms of a target, one rule each; what raised one is told again until it is settled."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from statistics import median

import msgspec

from ccir.backup.held_interface import Lock
from ccir.backup.interface import Inventory, Outcome, Target
from ccir.domain.outcomes import CheckResult
from ccir.domain.spans import span
from ccir.drilling import alarm_history as history
from ccir.drilling.alarm_words import acceptance, alarm, dated, minute, name
from ccir.drilling.failures import error_result
from ccir.drilling.selecting import ID_SHOWN, from_outcome
from ccir.store.backups_interface import Known, KnownSnapshot

# A sound backup may shrink, but not by half from one time to the next.
SMALLEST_SHARE = 0.5
MOST_EARLIER = 10
FEWEST_EARLIER = 3
FIRST_LOOK_BACK = dt.timedelta(days=7)
# restic renews a lock every five minutes; borg never does, and a backup may take a day.
LOCK_IS_STALE_AFTER = dt.timedelta(hours=1)
UNRENEWED_IS_STALE_AFTER = dt.timedelta(hours=24)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What is judged: all that is known of a target after a look, and what was new to it.

    `before` is what was known before. `tampered` is None where the tool cannot tell.
    """

    target: Target
    now: dt.datetime
    before: Known
    known: Known
    inventory: Inventory
    tampered: Outcome | None = None


def snapshot_vanished(case: Case) -> CheckResult | None:
    """Miss the newest snapshot, and any that is younger than the target's retention."""
    found = history.vanished(case.target, case.known)
    return alarm(
        "snapshot-vanished",
        [dated(each) for each in found],
        seen="snapshots that must be there are gone",
        hint=f"find out who removed them; if it was right: {_accept(case, found)}",
    )


def snapshot_future(case: Case) -> CheckResult | None:
    """Refuse a date that lies ahead: such a snapshot passes for the newest."""
    return alarm(
        "snapshot-future",
        [dated(each) for each in history.future(case.known, case.now)],
        seen="snapshots are dated in the future",
        hint="a wrong clock or a planted snapshot: look at them by hand, then forget them",
    )


def snapshot_empty(case: Case) -> CheckResult | None:
    """Refuse a newest snapshot that holds nothing."""
    found = [each for each in _newest(case) if history.is_empty(each)]
    return alarm(
        "snapshot-empty",
        [dated(each) for each in found],
        seen="the newest snapshot holds nothing",
        hint=f"check the backup's source; if it is right: {_accept(case, found)}",
    )


def snapshot_shrunken(case: Case) -> CheckResult | None:
    """Compare the newest snapshot of each host with the ones before it."""
    found = [each for each in _newest(case) if not history.is_empty(each)]
    small = [(each, told) for each in found if (told := _shrinkage(case, each))]
    return alarm(
        "snapshot-shrunken",
        [f"{dated(each)} ({told})" for each, told in small],
        seen="the newest snapshot holds less than half of what is usual",
        hint=f"check the backup's source and what was deleted there; if it is right: "
        f"{_accept(case, [each for each, _ in small])}",
    )


def schedule_gap(case: Case) -> CheckResult | None:
    """Tell once of two snapshots that are further apart than the RPO."""
    rpo = case.target.rpo_seconds
    if rpo is None:
        return None
    since, seen = _looked_back(case), {each.id for each in case.before.snapshots}
    gaps = [
        f"{minute(first.taken_at)} to {minute(last.taken_at)}"
        for first, last in pairwise(history.past(case.known.snapshots, case.now))
        if last.id not in seen
        and last.taken_at >= since
        and (last.taken_at - first.taken_at).total_seconds() > rpo
    ]
    return alarm(
        "schedule-gap",
        gaps,
        seen=f"no snapshot was made for longer than the RPO of {span(rpo)}",
        hint="find out why the backup did not run then; this is told once",
    )


def host_unknown(case: Case) -> CheckResult | None:
    """Notice a host or user that never made a snapshot of this target before."""
    found = history.strangers(case.target, case.known)
    return alarm(
        "host-unknown",
        [f"{dated(each)} by {name(each.user)}@{name(each.host)}" for each in found],
        seen="snapshots come from a host or user that never made one here",
        hint=f"find out who made them; if it was right: {_accept(case, found)}, "
        "or name the target's hosts",
    )


def key_unknown(case: Case) -> CheckResult | None:
    """Notice a key that was added: whoever has it reads every backup, and may remove them."""
    found = history.unknown_keys(case.known)
    return alarm(
        "key-unknown",
        [f"{each.id[:ID_SHOWN]} of {name(each.label)}" for each in found],
        seen="keys were added to the repository",
        hint=f"find out who added them; if it was right: "
        f"{acceptance(case.target, [each.id for each in found])}",
    )


def inventory_unknown(case: Case) -> CheckResult | None:
    """Tell where keys and locks could not be listed."""
    if case.inventory.outcome.verdict == "pass":
        return None
    return from_outcome("alarm-inventory", case.inventory.outcome)


def lock_stale(case: Case) -> CheckResult | None:
    """Notice a lock that nobody renews: the program that took it is gone."""
    stale = [
        f"{name(each.label)}, {'last renewed' if each.renewed else 'of'} {minute(each.held_at)}"
        for each in case.inventory.locks
        if each.held_at < case.now - _longest_held(each)
    ]
    return alarm(
        "lock-stale",
        stale,
        seen="locks are left in the repository",
        hint="make sure that no backup or prune runs, then 'restic unlock' or 'borg break-lock'",
        is_error=True,
    )


def _longest_held(lock: Lock) -> dt.timedelta:
    return LOCK_IS_STALE_AFTER if lock.renewed else UNRENEWED_IS_STALE_AFTER


def not_append_only(case: Case) -> CheckResult | None:
    """Hold the server to the promise that nobody who backs up can delete."""
    if not case.target.append_only:
        return None
    if case.tampered is None:
        detail = "whether this repository is append-only cannot be tried"
        hint = "append_only is for rest: repositories; take it out of the target otherwise"
        return error_result("alarm-append-only", "append-only-unproven", detail, hint=hint)
    if case.tampered.verdict == "pass":
        return None
    return from_outcome("alarm-append-only", case.tampered)


RULES = (
    snapshot_vanished,
    snapshot_future,
    snapshot_empty,
    snapshot_shrunken,
    schedule_gap,
    host_unknown,
    key_unknown,
    inventory_unknown,
    lock_stale,
    not_append_only,
)


def _newest(case: Case) -> list[KnownSnapshot]:
    """Return the newest snapshot of each host that nobody has accepted."""
    by_host = {each.host: each for each in history.past(history.present(case.known), case.now)}
    return [each for each in by_host.values() if each.accepted is None]


def _shrinkage(case: Case, snapshot: KnownSnapshot) -> str:
    """Return by how much less it holds than is usual; empty where it does not, or is unknown.

    Usual is the median of the same host's last ones before it; one that was accepted is where
    counting begins.
    """
    earlier = _earlier(case, snapshot)
    for unit, count, usual in (
        ("files", snapshot.file_count, [each.file_count for each in earlier]),
        ("bytes", snapshot.byte_count, [each.byte_count for each in earlier]),
    ):
        known = [each for each in usual if each is not None][-MOST_EARLIER:]
        if count is None or len(known) < FEWEST_EARLIER:
            continue
        if count < SMALLEST_SHARE * median(known):
            return f"{count} {unit} instead of {median(known):.0f}"
    return ""


def _earlier(case: Case, snapshot: KnownSnapshot) -> list[KnownSnapshot]:
    older = [
        each
        for each in history.past(case.known.snapshots, case.now)
        if each.host == snapshot.host and each.taken_at < snapshot.taken_at
    ]
    accepted = [at for at, each in enumerate(older) if each.accepted and each.gone_at is None]
    return older[accepted[-1] :] if accepted else older


def _looked_back(case: Case) -> dt.datetime:
    """Return from when on gaps are told: what may be removed leaves gaps that mean nothing."""
    retention = case.target.retention_seconds
    spans = [FIRST_LOOK_BACK] if case.before.looked_at is None else []
    spans += [dt.timedelta(seconds=retention)] if retention is not None else []
    return case.now - min(spans) if spans else dt.datetime.min.replace(tzinfo=dt.UTC)


def _accept(case: Case, snapshots: tuple[KnownSnapshot, ...] | list[KnownSnapshot]) -> str:
    return acceptance(case.target, [each.id for each in snapshots])
