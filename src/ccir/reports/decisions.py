"""What was decided in a run, with reasons: choices, severity, legal holds, closing."""

from __future__ import annotations

import msgspec

from ccir.domain.events import (
    DecisionMade,
    HoldPlaced,
    HoldReleased,
    RunClosed,
    RunReopened,
    SeverityChanged,
)
from ccir.domain.playbook import DecisionArguments
from ccir.domain.record import Entry
from ccir.domain.run import Run
from ccir.reports.telling import Moment, Teller

_Decided = DecisionMade | SeverityChanged | HoldPlaced | HoldReleased | RunClosed | RunReopened


class DecisionReport(msgspec.Struct, frozen=True, kw_only=True):
    """One decision: `meaning` is what the playbook says follows from the option.

    `standing` says that a choice was replaced or reopened, or that an event called it wrong;
    it is empty for what stands.
    """

    event: int
    step: str
    title: str
    option: str
    meaning: str
    reason: str
    by: str
    at: Moment
    standing: str


def decisions(run: Run, entries: tuple[Entry, ...], teller: Teller) -> tuple[DecisionReport, ...]:
    """Return every decision in the order of the log, later replaced ones too."""
    latest = {
        entry.event.step: entry.seq for entry in entries if isinstance(entry.event, DecisionMade)
    }
    return tuple(
        _decision(run, entry, event=entry.event, latest=latest, teller=teller)
        for entry in entries
        if isinstance(entry.event, _Decided)
    )


def _decision(
    run: Run, entry: Entry, *, event: _Decided, latest: dict[str, int], teller: Teller
) -> DecisionReport:
    title, option, meaning = _words(run, event)
    stands = not isinstance(event, DecisionMade) or (
        latest[event.step] == entry.seq and run.record(event.step).option == event.option
    )
    wrong = teller.called_wrong(entry.seq)
    return DecisionReport(
        event=entry.seq,
        step=event.step if isinstance(event, DecisionMade) else "",
        title=title,
        option=option,
        meaning=meaning,
        reason=teller.said(event.reason),
        by=teller.name(entry.by),
        at=teller.happened(entry),
        standing=wrong or ("" if stands else "no longer stands"),
    )


def _words(run: Run, event: _Decided) -> tuple[str, str, str]:
    match event:
        case DecisionMade(step=step, option=option):
            return _asked(run, step, option)
        case SeverityChanged(previous=previous, severity=severity):
            return "Severity", f"{previous} → {severity}", ""
        case HoldPlaced() | HoldReleased():
            return "Legal hold", "placed" if isinstance(event, HoldPlaced) else "released", ""
        case RunClosed(outcome=outcome, waived=waived):
            left = f"mandatory steps left open: {', '.join(waived)}" if waived else ""
            return "Closing", f"closed as {outcome}", left
        case RunReopened():
            return "Closing", "reopened", ""


def _asked(run: Run, step_id: str, option: str) -> tuple[str, str, str]:
    step = run.playbook.step(step_id)
    if step is None or step.kind != "decision":
        return step_id, option, ""
    asked = msgspec.convert(step.arguments, DecisionArguments)
    return asked.question, option, asked.options.get(option, "")
