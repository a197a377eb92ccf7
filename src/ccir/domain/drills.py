"""What a drill is: which backup to restore, and how to judge what came back."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from ccir.domain.playbook import Id, PeriodText, Text, Version


class CheckPlan(msgspec.Struct, frozen=True, kw_only=True, rename={"arguments": "with"}):
    """One check of the restored data; `kind` names a member of the checks family."""

    kind: Id
    arguments: dict[str, object] = {}


class Schedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often a drill is due, counted from the last one: `every: 24h`, `every: 7d`."""

    every: PeriodText


class Drill(msgspec.Struct, frozen=True, kw_only=True):
    """A restore drill: a target, the checks of what was restored, and bounds.

    `target` is a purpose that the workspace binds to one of its targets. `rpo` and `rto`
    stand in for the target's own objectives. `space_factor` is how much room, times the
    snapshot's size, must be free before anything is restored. Without a `schedule` it is
    played only when somebody asks.
    """

    id: Id
    version: Version
    title: Text
    summary: Text
    target: Id
    checks: Annotated[tuple[CheckPlan, ...], Meta(min_length=1)]
    rpo: PeriodText | None = None
    rto: PeriodText | None = None
    space_factor: Annotated[float, Meta(ge=1, le=100)] = 1.1
    deadline: PeriodText = "2h"
    schedule: Schedule | None = None
