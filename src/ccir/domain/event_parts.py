"""What events are made of: their common type, sealed texts, pins, and the words they use."""

from __future__ import annotations

from typing import Literal

import msgspec

RunKind = Literal["incident", "exercise", "drill"]
CloseOutcome = Literal["resolved", "false-alarm", "duplicate"]
FactValue = bool | int | float | str | list[str]
Second = Literal["none", "counts-now", "counts-then"]
SYSTEM = "ccir"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened; who and when stand in the record around it."""


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """A text kept outside the log: where it lies, and its salted SHA-256 digest."""

    ref: str
    digest: str


class Pin(msgspec.Struct, frozen=True, kw_only=True):
    """The document a run is held to: id, version and the SHA-256 of its canonical JSON."""

    id: str
    version: str
    digest: str
