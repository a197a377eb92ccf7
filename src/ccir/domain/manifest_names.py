"""How the lists of a target's files at backup time are named, and which one is meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

FOLDER = "manifests"
KEPT = 30
_FORM = "%Y%m%dT%H%M%SZ.sha256"


def name_of(at: dt.datetime) -> str:
    """Return the name of the manifest that was begun then: `20261124T221800Z.sha256`."""
    return at.astimezone(dt.UTC).strftime(_FORM)


def made_at(name: str) -> dt.datetime | None:
    """Return when the manifest of that name was begun, in UTC; None where it is none's name."""
    try:
        at = dt.datetime.strptime(name, _FORM).replace(tzinfo=dt.UTC)
    except ValueError:
        return None
    return at if name_of(at) == name else None


def newest(names: Iterable[str], *, until: dt.datetime) -> str | None:
    """Return the name of the newest manifest that was begun by then, None without one."""
    found = [(at, name) for name in names if (at := made_at(name)) is not None and at <= until]
    return max(found, default=(until, None))[1]


def outdated(names: Iterable[str], *, kept: int = KEPT) -> list[str]:
    """Return the names of all manifests but the newest, which are to be kept."""
    manifests = sorted(name for name in names if made_at(name) is not None)
    return manifests[: max(len(manifests) - kept, 0)]
