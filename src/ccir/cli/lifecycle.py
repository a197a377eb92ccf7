"""`ccir severity`, `correct`, `hold`, `close` and `reopen`: what happens to a run as a whole."""

from __future__ import annotations

from typing import Annotated, get_args

import typer

from ccir.cli.options import command, plain
from ccir.cli.session import Session
from ccir.domain import commands as c
from ccir.domain.events import CloseOutcome, FactValue
from ccir.domain.facts import Surroundings, fact_of, parse_value
from ccir.domain.run import Run
from ccir.engine.handle import Handled, handle, load
from ccir.engine.texts import seal, seal_if_any
from ccir.errors import UsageError

app = plain()
Reason = Annotated[str, typer.Option(help="Why; it stands in the record.")]
OptionalReason = Annotated[str | None, typer.Option(help="Why; it stands in the record.")]
NO_REASON = "(no reason was given)"


@command(app, examples=('ccir severity sev1 --reason "Records are for sale"',))
def severity(
    session: Session,
    level: Annotated[str, typer.Argument(help="A level of the playbook's scale.")],
    reason: Reason,
) -> None:
    """Set the severity anew.

    Both values stay in the log.
    """
    text = seal(session.workspace, session.run_id, reason)
    changed = c.ChangeSeverity(by=session.person, severity=level, reason=text)
    run = handle(session.workspace, session.run_id, changed, at=session.at).run
    if not session.speech.result({"run": run.id, "severity": run.severity}):
        session.speech.say(f"{run.id}: severity is {run.severity}")


@command(
    app,
    examples=(
        'ccir correct 12 --reason "Typing error" --value 4100',
        'ccir correct 7 --reason "That was another customer"',
    ),
)
def correct(
    session: Session,
    seq: Annotated[int, typer.Argument(metavar="EVENT", help="The event's number in `ccir log`.")],
    reason: Reason,
    value: Annotated[str | None, typer.Option(help="The right value, if it is a fact.")] = None,
) -> None:
    """Say that an event was wrong.

    It stays, with the correction beside it; a fact may get its right value at once.
    """
    run = load(session.workspace, session.run_id).run
    right = None if value is None else _fact_value(session, run, seq, value)
    text = seal(session.workspace, run.id, reason)
    command_ = c.CorrectEvent(by=session.person, seq=seq, reason=text, value=right)
    handled = handle(session.workspace, run.id, command_, at=session.at)
    if not session.speech.result({"run": run.id, "corrected": seq, "value": right}):
        session.speech.say(f"{run.id}: event {seq} is corrected by event {_first(handled)}")


@command(
    app,
    examples=('ccir hold --reason "Litigation expected"', 'ccir hold --release --reason "Settled"'),
)
def hold(
    session: Session,
    reason: OptionalReason = None,
    *,
    release: Annotated[bool, typer.Option("--release", help="End the hold.")] = False,
) -> None:
    """Put the run under legal hold, or end that.

    Nothing of a held run may be erased.
    """
    text = seal(session.workspace, session.run_id, reason or NO_REASON)
    order = c.ReleaseHold if release else c.PlaceHold
    run = handle(
        session.workspace, session.run_id, order(by=session.person, reason=text), at=session.at
    ).run
    if not session.speech.result({"run": run.id, "held": run.held}):
        session.speech.say(f"{run.id} is {'under' if run.held else 'no longer under'} legal hold")


@command(
    app,
    examples=(
        "ccir close --outcome resolved",
        'ccir close --outcome false-alarm --reason "The alert was a test of the vendor"',
    ),
)
def close(
    session: Session,
    outcome: Annotated[str, typer.Option(help=f"One of {', '.join(get_args(CloseOutcome))}.")],
    reason: Annotated[
        str | None, typer.Option(help="Why; needed where open mandatory steps are waived.")
    ] = None,
) -> None:
    """Close the run.

    Refused with their list while mandatory steps are open; false-alarm and duplicate waive
    them by name, with a reason.
    """
    chosen = _outcome(outcome)
    run = load(session.workspace, session.run_id).run
    text = seal_if_any(session.workspace, run.id, reason)
    ended = c.CloseRun(by=session.person, outcome=chosen, reason=text)
    run = handle(session.workspace, run.id, ended, at=session.at).run
    if session.speech.result(
        {"run": run.id, "state": run.state, "outcome": run.outcome, "waived": run.waived}
    ):
        return
    session.speech.say(f"{run.id} is closed as {run.outcome}")
    if run.waived:
        session.speech.say(f"waived: {', '.join(run.waived)}")
    session.speech.say(f"`ccir report --run {run.id}` tells the whole story")


@command(app, examples=('ccir reopen --run INC-2026-0001 --reason "The attacker is back"',))
def reopen(session: Session, reason: OptionalReason = None) -> None:
    """Go on with a closed run."""
    text = seal(session.workspace, session.run_id, reason or NO_REASON)
    again = c.ReopenRun(by=session.person, reason=text)
    run = handle(session.workspace, session.run_id, again, at=session.at).run
    if not session.speech.result({"run": run.id, "state": run.state}):
        session.speech.say(f"{run.id} is open again")


def _outcome(text: str) -> CloseOutcome:
    for known in get_args(CloseOutcome):
        if text == known:
            return known  # type: ignore[no-any-return] # one of the literals
    raise UsageError(f"'{text}' is no outcome", hint=f"one of {', '.join(get_args(CloseOutcome))}")


def _fact_value(session: Session, run: Run, seq: int, text: str) -> FactValue:
    around = Surroundings(now=session.now, zone=session.workspace.zone)
    for name, entries in run.facts.items():
        if any(entry.seq == seq for entry in entries):
            return parse_value(fact_of(run.playbook, name), text, around)
    raise UsageError(f"event {seq} is no fact", hint="leave --value out: it is for facts only")


def _first(handled: Handled) -> int:
    return next(entry.seq for entry in handled.added if entry.type == "EventCorrected")
