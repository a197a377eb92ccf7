"""How alarms are told: a result for each kind, naming the first few things that raised it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ccir.backup.interface import Target
from ccir.catalog.characters import printable
from ccir.domain.outcomes import CheckResult
from ccir.drilling.selecting import ID_SHOWN
from ccir.store.backups_interface import KnownSnapshot

NAMED = 3
_LONGEST_NAME = 80


def alarm(
    reason: str, things: Sequence[str], *, seen: str, hint: str, is_error: bool = False
) -> CheckResult | None:
    """Return the alarm that these things raise, None where there are none.

    `seen` says what is the matter with them.
    """
    if not things:
        return None
    more = f" and {len(things) - NAMED} more" if len(things) > NAMED else ""
    return CheckResult(
        name=f"alarm-{reason}",
        verdict="error" if is_error else "fail",
        reason=reason,
        detail=f"{seen}: {', '.join(things[:NAMED])}{more}",
        hint=hint,
    )


def acceptance(target: Target, ids: Sequence[str]) -> str:
    """Return the command by which a person says that all of these are as they should be."""
    shown = " ".join(each[:ID_SHOWN] for each in ids[:NAMED])
    return f"`ccir backup accept {target.name} {shown} --reason T`"


def dated(snapshot: KnownSnapshot) -> str:
    """Return a snapshot's short id and time."""
    return f"{snapshot.id[:ID_SHOWN]} of {minute(snapshot.taken_at)}"


def minute(at: dt.datetime) -> str:
    """Return the moment to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def name(text: str) -> str:
    """Return a name that stands in the repository, as far as it may be printed."""
    return " ".join(printable(text).split())[:_LONGEST_NAME]
