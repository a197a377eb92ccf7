"""What `ccir.toml` says of the organisation as far as duties to tell somebody depend on it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ccir.config.values import Duration, Line, Zone

Place = Annotated[
    str,
    Meta(
        pattern=r"\A[A-Z]{2,4}(-[A-Z0-9]{1,3})?\Z",
        description="a country, or one of its states: DE, US-CA",
    ),
]
RuleOrPlace = Annotated[
    str,
    Meta(
        pattern=r"\A[A-Z0-9][A-Z0-9.-]{1,63}\Z",
        description="a jurisdiction or a rule: EU, US-CA, EU-DORA-19-INI",
    ),
]
Word = Annotated[
    str,
    Meta(pattern=r"\A[a-z_]{1,64}\Z", description="a sector of the rules: payments, health"),
]
Day = Annotated[
    str, Meta(pattern=r"\A\d{4}-\d{2}-\d{2}\Z", description="a day in quotes: 2026-12-24")
]
Span = Annotated[
    str,
    Meta(
        pattern=r"\A[1-9]\d{0,3}(h|d|bd)\Z",
        description="a time in hours, days or business days: 24h, 3d, 2bd",
    ),
]
Month = Annotated[
    str, Meta(pattern=r"\A\d{4}-(0[1-9]|1[0-2])\Z", description="a month in quotes: 2026-10")
]


class Duties(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the organisation is, and how its time is counted.

    `calendar` and `calendars` name holidays (`ccir obligations holidays`), the latter by rule
    or jurisdiction, as `zones` does. `target_seconds` is the aim where a law has no number.
    """

    establishments: tuple[Place, ...] = ()
    sectors: tuple[Word, ...] = ()
    entity_types: tuple[Line, ...] = ()
    nis2_entity: bool | None = None
    business_associate_is_agent: bool | None = None
    calendar: Line | None = None
    calendars: dict[RuleOrPlace, Line] = {}
    zones: dict[RuleOrPlace, Zone] = {}
    extra_closures: tuple[Day, ...] = ()
    target_seconds: Duration | None = msgspec.field(default=None, name="internal_target")


class Contract(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clause by which a client has to be told.

    `starts` is the moment its time runs from, `read_in` the month in which somebody last read
    the clause.
    """

    client: Line
    within: Span
    clause: Line
    starts: Literal["awareness", "discovery", "suspicion", "detection"] = "awareness"
    contact: Line | None = None
    timezone: Zone | None = None
    calendar: Line | None = None
    read_in: Month | None = None
