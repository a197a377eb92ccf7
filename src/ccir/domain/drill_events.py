"""The events of drills on a schedule, and of the search for a clean backup."""

from __future__ import annotations

import datetime as dt

from ccir.domain.event_parts import Event
from ccir.domain.outcomes import Verdict


class DrillSlotsMissed(Event, frozen=True, kw_only=True):
    """Times at which a drill was due passed without one; one drill now catches up for all.

    `since` is when the first of the `slots` was due.
    """

    drill: str
    slots: int
    since: dt.datetime


class CleanSnapshotSought(Event, frozen=True, kw_only=True):
    """Snapshots were restored from the newest backwards until one had clean content.

    `lost_seconds` lie between it and the newest one; `examined` were restored.
    """

    target: str
    verdict: Verdict
    reason: str
    snapshot: str | None
    taken_at: dt.datetime | None
    lost_seconds: float | None
    examined: int
