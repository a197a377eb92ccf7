from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from ccir.clock import FixedClock
from ccir.delivery.interface import Progress
from ccir.domain.notices import Receipt
from ccir.domain.send_plan import DueTime
from ccir.engine.attendant import Attendant
from ccir.engine.handle import load
from ccir.engine.send_forecast import ROWS_BETWEEN, SendForecast, forecast_for
from ccir.engine.workspace import Workspace
from support.cli import NOW

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = dt.timedelta(minutes=1)


class Sent:
    """A sending that is followed row by row, each taking some seconds; keeps what was told."""

    def __init__(self, *dues: DueTime) -> None:
        self.clock = FixedClock(NOW)
        self.ends: list[str] = []
        self.warnings: list[str] = []
        attendant = Attendant(forecast=self.ends.append, warn=self.warnings.append)
        self._forecast = SendForecast(self.clock, zone=BERLIN, attendant=attendant, dues=dues)
        self._done = 0

    def rows(self, count: int, *, planned: int = 100, seconds: float = 1) -> Sent:
        for _ in range(count):
            self._done += 1
            receipt = Receipt(state="accepted")
            self._forecast.follow(Progress(done=self._done, planned=planned, receipt=receipt))
            self.clock.move(seconds)
        return self


def due(*, minutes: float, latest: float | None = None, rule: str = "R") -> DueTime:
    legal_due = None if latest is None else NOW + MINUTE * latest
    return DueTime(rule=rule, plan_by=NOW + MINUTE * minutes, legal_due=legal_due)


def test_the_end_is_told_from_the_pace_so_far_with_the_margin() -> None:
    sent = Sent().rows(11, planned=3_610)
    assert sent.ends == ["done about 2026-01-02 10:06 CET (09:06 UTC)"]
    assert len(sent.rows(9, planned=3_610).ends) == 2
    assert sent.warnings == []


def test_the_first_rows_and_a_clock_that_stands_still_tell_nothing() -> None:
    assert Sent().rows(ROWS_BETWEEN - 1).ends == []
    assert Sent().rows(50, seconds=0).ends == []


def test_a_deadline_that_gets_out_of_reach_is_warned_of_once() -> None:
    sent = Sent(due(minutes=1, latest=2), due(minutes=90, rule="LATER"))
    sent.rows(40, planned=90)
    [warning] = sent.warnings
    assert warning.startswith("at this pace R is tight: done about 2026-01-02 09:01 CET")
    assert warning.endswith(", due 2026-01-02 09:01 CET (08:01 UTC)")
    sent.rows(20, planned=90, seconds=10)
    [_, second] = sent.warnings
    assert second.startswith("at this pace R is missed: done about ")
    assert second.endswith("due 2026-01-02 09:02 CET (08:02 UTC)")


def test_what_was_over_before_it_began_is_not_warned_of() -> None:
    over = due(minutes=-1, rule="")
    assert Sent(over).rows(50).warnings == []
    sent = Sent(due(minutes=0.5, rule="")).rows(50)
    assert "at this pace the playbook's due time is missed" in sent.warnings[0]


def test_deadlines_that_cannot_be_computed_hinder_no_sending(
    workspace: Workspace, run_id: str
) -> None:
    warnings: list[str] = []
    run = load(workspace, run_id).run
    found = forecast_for(workspace, run, "unknown", attendant=Attendant(warn=warnings.append))
    assert isinstance(found, SendForecast)
    assert warnings == [
        "note: the deadlines are not watched: playbook 'mini' has no notice 'unknown'"
    ]
