"""Looks at what no check of a repository notices: what vanished, what is new, what is strange.

restic passes on all of these (tried with 0.14 to 0.19): the newest snapshot deleted, an empty one
dated in the future, a key that somebody added. Only who remembers what was there can tell.

1. The tool is asked for keys and locks and, where the target promises append-only, whether
   something could be deleted.
2. What was seen is kept in the ledger, in one transaction. The first look makes known what is
   there.
3. The rules judge what is known now; what a person has to settle is told until she has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from ccir.backup.interface import BackupTool, Inventory, Listing, Snapshot, Target
from ccir.checks.interface import Tree
from ccir.domain.outcomes import CheckResult
from ccir.drilling.alarm_history import present
from ccir.drilling.alarm_rules import RULES, Case
from ccir.drilling.failures import error_result
from ccir.errors import CcirError
from ccir.store.backups_interface import BackupLedger, Known, SeenKey, SeenSnapshot, Sighting

NAME = "alarms"
_NOTHING_COUNTED: Mapping[str, Tree] = {}


def watch(
    target: Target,
    tool: BackupTool,
    listing: Listing,
    *,
    ledger: BackupLedger,
    now: dt.datetime,
    counted: Mapping[str, Tree] = _NOTHING_COUNTED,
) -> tuple[CheckResult, ...]:
    """Return the alarms of a target, or one pass; what goes wrong is a result, no exception.

    `counted` says how much snapshots hold, by their ids, where that was counted just now.
    """
    try:
        return _watched(target, tool, listing, ledger=ledger, now=now, counted=counted)
    except CcirError as error:
        return (error_result(NAME, error.code, error.message, hint=error.hint),)


def judge(case: Case) -> tuple[CheckResult, ...]:
    """Return what the rules say of a case: its alarms, or one pass."""
    raised = tuple(found for rule in RULES if (found := rule(case)) is not None)
    return raised or (CheckResult(name=NAME, verdict="pass", detail=_quiet(case)),)


def _watched(
    target: Target,
    tool: BackupTool,
    listing: Listing,
    *,
    ledger: BackupLedger,
    now: dt.datetime,
    counted: Mapping[str, Tree],
) -> tuple[CheckResult, ...]:
    inventory = tool.inventory(target)
    tampered = tool.tamper(target) if target.append_only else None
    before = ledger.known(target.name)
    ledger.record(target.name, _sighting(listing, inventory, now=now, counted=counted))
    return judge(
        Case(
            target=target,
            now=now,
            before=before,
            known=ledger.known(target.name),
            inventory=inventory,
            tampered=tampered,
        )
    )


def _sighting(
    listing: Listing, inventory: Inventory, *, now: dt.datetime, counted: Mapping[str, Tree]
) -> Sighting:
    """Return what was seen; a list that leaves out what cannot be read is not complete."""
    keys = tuple(SeenKey(id=key.id, label=key.label) for key in inventory.keys)
    return Sighting(
        at=now,
        snapshots=tuple(_seen(each, counted.get(each.id)) for each in listing.snapshots),
        is_complete=listing.outcome.verdict == "pass",
        keys=keys if inventory.outcome.verdict == "pass" else None,
    )


def _seen(snapshot: Snapshot, tree: Tree | None) -> SeenSnapshot:
    return SeenSnapshot(
        id=snapshot.id,
        taken_at=snapshot.taken_at,
        host=snapshot.host,
        user=snapshot.user,
        file_count=snapshot.file_count if tree is None else tree.files,
        byte_count=snapshot.byte_count if tree is None else tree.bytes,
    )


def _quiet(case: Case) -> str:
    held = ((len(present(case.known)), "snapshot"), (len(case.inventory.keys), "key"))
    counts = [f"{count} {thing}" if count == 1 else f"{count} {thing}s" for count, thing in held]
    since = "seen for the first time" if case.before == Known() else "as known"
    return ", ".join((*counts, since))
