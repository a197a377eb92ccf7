"""Lists the keys that open a restic repository and the locks that stand in it; takes no lock.

`restic key list` would tell more at once, but 0.14 locks the repository for it whatever it is
told, and cuts the ids to eight digits.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Literal

import msgspec

from ccir.backup.held_interface import Key, Lock
from ccir.backup.interface import Inventory, Outcome, Target, ToolKit
from ccir.backup.restic_call import LOCKLESS, Command
from ccir.backup.restic_faults import FAULTS
from ccir.backup.restic_output import Lines
from ccir.backup.restic_verdict import call

# More keys are told without who made them; more locks are left by a program that crashes daily.
MOST_READ = 20
# restic 0.14 looks for a file that was just removed for a minute.
_READ_SECONDS = 20.0
_ID = re.compile(r"[0-9a-f]{64}")
_Kind = Literal["key", "lock"]


def inventory(kit: ToolKit, target: Target) -> Inventory:
    """Return the repository's keys and its locks.

    What is removed or renewed while it is read is passed over: nobody left it behind.
    """
    outcome, ids = _ids(kit, target, "key")
    if outcome.verdict == "pass" and not ids:
        outcome = FAULTS.instead(outcome, "unrecognised-output")
    if outcome.verdict != "pass":
        return Inventory(outcome=outcome)
    outcome, keys = _read_all(kit, target, "key", ids=ids[:MOST_READ])
    held = (*(_key(*each) for each in keys), *(Key(id=each) for each in ids[MOST_READ:]))
    if outcome.verdict != "pass":
        return Inventory(outcome=outcome)
    outcome, ids = _ids(kit, target, "lock")
    if outcome.verdict != "pass":
        return Inventory(outcome=outcome, keys=held)
    outcome, locks = _read_all(kit, target, "lock", ids=ids[:MOST_READ])
    return Inventory(outcome=outcome, keys=held, locks=tuple(_lock(each) for _, each in locks))


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a key or a lock of who made it; restic renews a lock every five minutes."""

    created: dt.datetime | None = None
    time: dt.datetime | None = None
    exclusive: bool = False
    hostname: str = ""
    username: str = ""
    pid: int = 0

    @property
    def at(self) -> dt.datetime | None:
        at = self.time or self.created
        return None if at is None or at.tzinfo is None else at.astimezone(dt.UTC)


def _key(key_id: str, told: _Record) -> Key:
    return Key(id=key_id, label=f"{told.username}@{told.hostname}", created_at=told.at)


def _lock(told: _Record) -> Lock:
    at = told.at or dt.datetime.min.replace(tzinfo=dt.UTC)
    label = f"{told.username}@{told.hostname}, process {told.pid}"
    return Lock(label=label, held_at=at, exclusive=told.exclusive)


def _ids(kit: ToolKit, target: Target, kind: _Kind) -> tuple[Outcome, list[str]]:
    outcome, printed = _ask(kit, target, "list", f"{kind}s")
    return outcome, _ID.findall(printed)


def _read_all(
    kit: ToolKit, target: Target, kind: _Kind, *, ids: Iterable[str]
) -> tuple[Outcome, list[tuple[str, _Record]]]:
    """Return what stands in each; the first that is there and cannot be read ends it."""
    found: list[tuple[str, _Record]] = []
    for name in ids:
        outcome, told = _read(kit, target, kind, name=name)
        if told is not None:
            found.append((name, told))
        elif name in _ids(kit, target, kind)[1]:
            return outcome, found
    return Outcome(verdict="pass"), found


def _read(
    kit: ToolKit, target: Target, kind: _Kind, *, name: str
) -> tuple[Outcome, _Record | None]:
    outcome, printed = _ask(kit, target, "--json", "cat", kind, name, longest=_READ_SECONDS)
    if outcome.verdict != "pass":
        return outcome, None
    try:
        told = msgspec.json.decode(printed, type=_Record)
    except msgspec.MsgspecError:
        return FAULTS.instead(outcome, "unrecognised-output"), None
    return (outcome, told) if told.at else (FAULTS.instead(outcome, "unrecognised-output"), None)


def _ask(
    kit: ToolKit, target: Target, *words: str, longest: float | None = None
) -> tuple[Outcome, str]:
    printed = Lines()
    usual = kit.deadlines.open_seconds
    command = Command(
        arguments=(*LOCKLESS, *words),
        deadline_seconds=usual if longest is None else min(usual, longest),
        read=printed.hear,
    )
    return call(kit, target, command), printed.text()
