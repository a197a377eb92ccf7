"""Tells, while a notice goes out, when it will be done, and warns where that is too late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ccir.clock import Clock
from ccir.delivery.interface import Progress
from ccir.domain.moments import shown
from ccir.domain.run import Run
from ccir.domain.send_plan import DueTime, Outlook, Pace, plan_sending
from ccir.engine.attendant import Attendant
from ccir.engine.notice_planning import due_times
from ccir.engine.workspace import Workspace
from ccir.errors import CcirError

ROWS_BETWEEN = 10  # after so many rows a first forecast is made, and then another each time


class SendForecast:
    """Follows one sending from its first row on; each deadline is warned of once.

    `zone` is the one in which moments are told.
    """

    def __init__(
        self, clock: Clock, *, zone: dt.tzinfo, attendant: Attendant, dues: Iterable[DueTime]
    ) -> None:
        self._clock = clock
        self._zone = zone
        self._attendant = attendant
        self._dues = tuple(dues)
        self._warned: set[tuple[str, str]] = set()
        self._began: tuple[int, dt.datetime] | None = None

    def follow(self, progress: Progress) -> None:
        """Take note of a settled row, and tell the forecast where it is time to."""
        if self._began is None:
            self._began = (progress.done, self._clock.now())
        elif progress.done % ROWS_BETWEEN == 0:
            self._tell(progress, *self._began)

    def _tell(self, progress: Progress, first: int, began: dt.datetime) -> None:
        now = self._clock.now()
        seconds = (now - began).total_seconds()
        if seconds <= 0 or progress.done <= first:
            return
        pace = Pace(measured=(progress.done - first) / seconds)
        due = (each for each in self._dues if each.plan_by >= began)
        plan = plan_sending(progress.planned - progress.done, pace, start_at=now, dues=due)
        if plan.finish_at is None:
            return
        end = f"done about {shown(plan.finish_at, self._zone)}"
        self._attendant.forecast(end)
        for outlook in plan.outlooks:
            self._warn(outlook, end)

    def _warn(self, outlook: Outlook, end: str) -> None:
        key = (outlook.due.rule, outlook.outcome)
        if outlook.outcome in {"met", "unknown"} or key in self._warned:
            return
        self._warned.add(key)
        name = outlook.due.rule or "the playbook's due time"
        is_over = outlook.outcome == "missed"
        word, at = ("missed", outlook.due.limit) if is_over else ("tight", outlook.due.plan_by)
        self._attendant.warn(f"at this pace {name} is {word}: {end}, due {shown(at, self._zone)}")


def forecast_for(
    workspace: Workspace, run: Run, notice: str, *, attendant: Attendant
) -> SendForecast:
    """Return what follows the sending of a notice; what cannot be computed hinders nothing."""
    try:
        dues = due_times(workspace, run, notice)
    except CcirError as error:
        attendant.warn(f"note: the deadlines are not watched: {error.message}")
        dues = []
    return SendForecast(workspace.clock, zone=workspace.zone, attendant=attendant, dues=dues)
