"""`ccir fact`: what is known about the incident."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ccir.cli.completion import complete_facts
from ccir.cli.options import command, noun
from ccir.cli.session import Session
from ccir.cli.words import fact_words, moment
from ccir.domain.facts import parse_assignment, written
from ccir.domain.run import FactEntry
from ccir.engine.handle import load

app = noun("Record and list facts.")


@command(
    app,
    "set",
    examples=(
        "ccir fact set awareness=02:10 --source 'call of the vendor'",
        "ccir fact set records_affected=4100 jurisdictions=de,fr,us-ca",
        "ccir fact set residents:US-CA=501 high_risk=yes",
        "ccir fact set awareness=01:50 --reason 'the log shows an earlier alarm'",
    ),
)
def set_(
    session: Session,
    facts: Annotated[
        list[str],
        typer.Argument(metavar="NAME=VALUE...", autocompletion=complete_facts, help="The facts."),
    ],
    source: Annotated[str, typer.Option(help="How it is known.")] = "",
    reason: Annotated[
        str | None, typer.Option(help="Why a moment that clocks run from is changed.")
    ] = None,
) -> None:
    """Record facts, each with its source; what was stated before stays in the log.

    Beside the playbook's facts there are those that legal clocks read; a fact may be narrowed
    to a place or a rule. Changing a moment that clocks run from takes a reason, and a second
    person: `ccir fact confirm`.
    """
    from ccir.engine.fact_setting import FactOrder, state_facts

    order = FactOrder(
        facts=tuple(parse_assignment(text) for text in facts),
        by=session.person,
        source=source,
        reason=reason,
        at=session.at,
    )
    values = state_facts(session.workspace, session.run_id, order)
    if session.speech.result({"run": session.run_id, "facts": values}):
        return
    run = load(session.workspace, session.run_id).run
    session.speech.say(*(f"{name} = {written(value)}" for name, value in values.items()))
    for name in values:
        if any(entry.awaits for entry in run.facts[name]):
            session.speech.say(f"a second person: `ccir fact confirm {name} --as PERSON`")


@command(app, examples=("ccir fact confirm awareness --as kim",))
def confirm(
    session: Session, name: Annotated[str, typer.Argument(help="The fact that was changed.")]
) -> None:
    """Stand for a changed moment as the second person; only then a later one counts."""
    from ccir.engine.fact_setting import confirm_fact

    session.refuse_at()
    run = confirm_fact(session.workspace, session.run_id, name=name, by=session.person).run
    entry = run.fact(name)
    if not session.speech.result({"run": run.id, "fact": name, "statement": entry}):
        value = "" if entry is None else fact_words(run, name, entry.value)
        session.speech.say(f"{name} = {value}, confirmed by {session.person}")


@command(app, examples=("ccir fact ask", "ccir fact ask --list", "ccir fact ask --json"))
def ask(
    session: Session,
    *,
    listing: Annotated[
        bool, typer.Option("--list", help="Show the questions instead of asking them.")
    ] = False,
    source: Annotated[str, typer.Option(help="How the answers are known.")] = "",
) -> None:
    """Ask for the facts that legal clocks lack, the most urgent first.

    An empty answer leaves a question for later; `?` shows who needs it and why.
    """
    from ccir.cli.asking import ask_for, show_questions
    from ccir.engine.fact_asking import questions

    found = questions(session.workspace, session.run_id, session.now)
    if session.speech.result({"run": session.run_id, "questions": found}):
        return
    if listing or not sys.stdin.isatty():
        show_questions(session, found)
    else:
        ask_for(session, found, source=source)


@command(app, "list", examples=("ccir fact list", "ccir fact list --all"))
def list_(
    session: Session,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Show open questions too.")] = False,
) -> None:
    """List the facts with their sources, and the questions that are still open."""
    run = load(session.workspace, session.run_id).run
    named = dict.fromkeys((*(fact.id for fact in run.playbook.facts), *run.facts))
    stated = {name: run.facts.get(name, ()) for name in named}
    if session.speech.result({"facts": stated}):
        return
    session.speech.table(
        ("fact", "since", "by", "value", "source"),
        [
            (
                name,
                moment(entry.at, run.zone),
                entry.by,
                fact_words(run, name, entry.value) + _standing(entry),
                entry.source,
            )
            for name, entries in stated.items()
            for entry in entries
        ],
        folding=2,
    )
    open_ = [fact for fact in run.playbook.facts if run.fact(fact.id) is None]
    shown = [fact for fact in open_ if everything or fact.required]
    for fact in shown:
        session.speech.say(f"{fact.id}: {fact.question}")
    if len(shown) < len(open_):
        session.speech.say(f"{len(open_) - len(shown)} more questions: `ccir fact list --all`")


def _standing(entry: FactEntry) -> str:
    if entry.withdrawn:
        return " (withdrawn)"
    if entry.awaits:
        return " (changed: a second person has to confirm it)"
    return f" (confirmed by {entry.confirmed_by})" if entry.confirmed_by else ""
