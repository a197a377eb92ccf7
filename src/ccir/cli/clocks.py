"""`ccir clocks`: who must be told by when, and that it was done."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.completion import complete_rules
from ccir.cli.options import command, noun_with_view
from ccir.cli.session import Session
from ccir.engine.handle import load
from ccir.errors import UsageError

if TYPE_CHECKING:
    from ccir.engine.run_clocks import RunClocks

RuleName = Annotated[
    str, typer.Argument(metavar="RULE", help="The rule's id.", autocompletion=complete_rules)
]


def _view(
    session: Session,
    explain: Annotated[
        str | None,
        typer.Option(
            metavar="RULE", help="Show how one was computed.", autocompletion=complete_rules
        ),
    ] = None,
    ics: Annotated[
        Path | None,
        typer.Option("--ics", metavar="FILE", help="Write a calendar that people can import."),
    ] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Show also what does not apply, is waived or has no time.")
    ] = False,
) -> None:
    """Show what is due by law and contract, soonest first, with the time left.

    Work to the first time, the strict reading; the second is the latest one that can be
    supported. Red is late; yellow has used 80 % of its time.
    """
    from ccir.cli.clock_pages import show_clocks, show_explained
    from ccir.engine.obligations import DISCLAIMER
    from ccir.engine.run_clocks import RunClocks

    session.refuse_at()
    run = load(session.workspace, session.run_id).run
    clocks = RunClocks(session.workspace, run)
    if ics is not None:
        _write_calendar(session, clocks, session.surroundings.here / ics)
    elif explain is not None:
        view = clocks.timepiece.view(clocks.one(explain, session.now), session.now.date())
        document = {"run": run.id, "disclaimer": DISCLAIMER, "clocks": [view]}
        if not session.speech.result(document):
            show_explained(session, view)
    else:
        show_clocks(session, clocks, everything=everything)


app = noun_with_view(
    "Who must be told by when, and that it was done.",
    _view,
    examples=(
        "ccir clocks",
        "ccir clocks --explain EU-GDPR-33-SA",
        "ccir clocks --ics deadlines.ics",
        "ccir clocks --all --json",
    ),
)


@command(
    app,
    examples=(
        "ccir clocks submit EU-GDPR-33-SA --evidence receipt.pdf --reference LDA-2026-0815",
        "ccir clocks submit US-CA-AG --at 2026-11-24T09:30 --reason 'the portal was down'",
    ),
)
def submit(
    session: Session,
    rule: RuleName,
    reference: Annotated[str | None, typer.Option(help="The recipient's own reference.")] = None,
    evidence: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The receipt, kept as evidence.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why it comes late, where it does.")] = None,
) -> None:
    """Record that somebody was told; opens the reports that follow on it."""
    from ccir.engine.duty_recording import Submitted, submit

    order = Submitted(
        rule=rule,
        by=session.person,
        reference=reference,
        evidence=None if evidence is None else session.surroundings.here / evidence,
        reason=reason,
        at=session.at,
    )
    _show_one(session, submit(session.workspace, session.run_id, order), rule)


@command(app, examples=("ccir clocks late EU-GDPR-33-SA --reason 'scope was unknown until noon'",))
def late(
    session: Session,
    rule: RuleName,
    reason: Annotated[str, typer.Option(help="Why somebody is told late.")],
) -> None:
    """Record why somebody is told late; the breach register shows it."""
    from ccir.engine.duty_recording import explain_delay

    session.refuse_at()
    clocks = explain_delay(
        session.workspace, session.run_id, rule=rule, reason=reason, by=session.person
    )
    _show_one(session, clocks, rule)
    if not session.speech.is_json:
        session.speech.say("the reason is kept, and stands in the breach register")


@command(
    app,
    examples=(
        "ccir clocks waive EU-GDPR-34-DS --reason 'data were encrypted' --review-on 2026-12-15",
        "ccir clocks waive EU-GDPR-34-DS --as kim",
    ),
)
def waive(
    session: Session,
    rule: RuleName,
    reason: Annotated[str | None, typer.Option(help="Why nobody is told.")] = None,
    review_on: Annotated[
        str | None, typer.Option(metavar="DAY", help="When the decision is looked at again.")
    ] = None,
) -> None:
    """Record the decision not to tell; it counts once a second person repeats it without reason."""
    from ccir.engine.duty_recording import waive

    session.refuse_at()
    clocks = waive(
        session.workspace,
        session.run_id,
        rule=rule,
        by=session.person,
        reason=reason,
        review_on=None if review_on is None else _day(review_on),
    )
    _show_one(session, clocks, rule)
    waiver = clocks.run.waivers[rule]
    if not waiver.confirmed_by and not session.speech.is_json:
        session.speech.say(f"a second person: `ccir clocks waive {rule} --as PERSON`")


@command(app, examples=("ccir clocks renew --reason 'the contract with ACME was added'",))
def renew(
    session: Session, reason: Annotated[str, typer.Option(help="What changed, and why it counts.")]
) -> None:
    """Hold the clocks to the rules, settings and contracts as they are now.

    A run keeps those that it was started with until somebody says so.
    """
    from ccir.engine.pinned_rules import renew

    session.refuse_at()
    run = renew(session.workspace, session.run_id, reason=reason, by=session.person).run
    if not session.speech.result({"run": run.id, "rules": run.rules}):
        session.speech.say(f"{run.id} is held to the rules as they are now: `ccir clocks`")


def _show_one(session: Session, clocks: RunClocks, rule: str) -> None:
    from ccir.cli.clock_pages import short

    view = clocks.timepiece.view(clocks.one(rule, session.now), session.now.date())
    opened = [
        clocks.timepiece.view(each, session.now.date())
        for each in clocks.all(session.now)
        if f"submission:{rule}" == each.clock.duty.rule.trigger.event
    ]
    if session.speech.result({"run": clocks.run.id, "clock": view, "opened": opened}):
        return
    margin = clocks.margin(rule)
    session.speech.say(f"{rule} is {view.state}" + (f", {margin}" if margin else ""))
    if view.state not in {"met", "late"} and view.because:
        session.speech.say(view.because)
    for each in opened:
        due = short(each.plan_by or each.target)
        by = f"work to {due}" if due else "as soon as there is something to tell"
        stage = f" ({each.stage})" if each.stage else ""
        session.speech.say(f"now open: {each.rule}{stage}, {each.recipient_name}: {by}")


def _write_calendar(session: Session, clocks: RunClocks, file: Path) -> None:
    from ccir.engine.clock_calendar import write_calendar

    count = write_calendar(clocks, file, now=session.now)
    if not session.speech.result({"run": clocks.run.id, "file": str(file), "events": count}):
        session.speech.say(f"{count} deadlines written to {file}")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"'{text}' is not a day", hint="write it as 2026-12-15") from error
