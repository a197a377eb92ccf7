"""The events of drills on a schedule, of drills as proof, and of the search for a clean backup."""

from __future__ import annotations

import datetime as dt

from ccir.domain.event_parts import Event
from ccir.domain.notices import Told
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
    step: str | None = None


class DrillCited(Event, frozen=True, kw_only=True):
    """A drill of another run is named as proof: which event of it, and that event's hash.

    What it came to is repeated here, as it stood there when it was cited.
    """

    run: str
    seq: int
    hash: str
    drill: str
    target: str
    verdict: Verdict
    reason: str
    snapshot: str | None
    finished_at: dt.datetime


class DrillAlerted(Event, frozen=True, kw_only=True):
    """People were told through a channel how a drill stands; `pass` is the all-clear.

    `state` and `detail` are what the channel said; a message that it refused reached nobody.
    """

    drill: str
    verdict: Verdict
    reason: str
    channel: str
    state: Told
    detail: str = ""
