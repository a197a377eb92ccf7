"""The events of drills on a schedule."""

from __future__ import annotations

import datetime as dt

from ccir.domain.event_parts import Event


class DrillSlotsMissed(Event, frozen=True, kw_only=True):
    """Times at which a drill was due passed without one; one drill now catches up for all.

    `since` is when the first of the `slots` was due.
    """

    drill: str
    slots: int
    since: dt.datetime
