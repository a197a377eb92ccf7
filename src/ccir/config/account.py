"""Who is at the keyboard, as the operating system knows it: account, host, terminal, zone."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from ccir.domain.record import Via

_STANDARD_STREAMS = (0, 1, 2)
_NO_TERMINAL = "none"
_ZONES = "zoneinfo/"


def via(version: str) -> Via:
    """Return how this command came in; `version` is the program's."""
    return Via(
        user=login(),
        host=_printable(os.uname().nodename),
        terminal=_printable(_terminal()),
        version=version,
    )


def login() -> str:
    """Return the account's name by the user database, which no variable can change.

    It is the account that started the program, also where the program acts as another.
    """
    number = os.getuid()
    try:
        return _printable(pwd.getpwuid(number).pw_name)
    except KeyError:
        return f"uid-{number}"


def zone_name(localtime: Path = Path("/etc/localtime")) -> str:
    """Return the machine's IANA zone by its link into the zone database, else `Etc/UTC`."""
    try:
        target = str(localtime.readlink())
    except OSError:
        return "Etc/UTC"
    return target.partition(_ZONES)[2] or "Etc/UTC"


def _terminal() -> str:
    for stream in _STANDARD_STREAMS:
        try:
            return os.ttyname(stream)
        except OSError:
            continue
    return _NO_TERMINAL


def _printable(text: str) -> str:
    """Return the text without bytes that are no UTF-8, which could not be recorded."""
    return text.encode("utf-8", "replace").decode("utf-8")
