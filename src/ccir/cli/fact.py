"""`ccir fact`: what is known about the incident."""

from __future__ import annotations

from typing import Annotated

import typer

from ccir.cli.completion import complete_facts
from ccir.cli.options import command, noun
from ccir.cli.session import Session
from ccir.cli.words import fact_words, moment
from ccir.domain.commands import RecordFact
from ccir.domain.facts import Surroundings, fact_of, parse_assignment, parse_value, written
from ccir.engine.handle import handle, load

app = noun("Record and list facts.")


@command(
    app,
    "set",
    examples=(
        "ccir fact set awareness=02:10 --source 'call of the vendor'",
        "ccir fact set records_affected=4100 jurisdictions=de,fr,us-ca",
    ),
)
def set_(
    session: Session,
    facts: Annotated[
        list[str],
        typer.Argument(metavar="NAME=VALUE...", autocompletion=complete_facts, help="The facts."),
    ],
    source: Annotated[str, typer.Option(help="How it is known.")] = "",
) -> None:
    """Record facts, each with its source; what was stated before stays in the log."""
    from ccir.engine.texts import refuse_card_number

    refuse_card_number(source)
    run = load(session.workspace, session.run_id).run
    around = Surroundings(now=session.now, zone=session.workspace.zone)
    given = [parse_assignment(text) for text in facts]
    values = {name: parse_value(fact_of(run.playbook, name), text, around) for name, text in given}
    recorded = (
        RecordFact(by=session.person, name=name, value=value, source=source)
        for name, value in values.items()
    )
    handle(session.workspace, run.id, *recorded, at=session.at)
    if not session.speech.result({"run": run.id, "facts": values}):
        session.speech.say(*(f"{name} = {written(value)}" for name, value in values.items()))


@command(app, "list", examples=("ccir fact list", "ccir fact list --all"))
def list_(
    session: Session,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Show open questions too.")] = False,
) -> None:
    """List the facts with their sources, and the questions that are still open."""
    run = load(session.workspace, session.run_id).run
    stated = {fact.id: run.facts.get(fact.id, ()) for fact in run.playbook.facts}
    if session.speech.result({"facts": stated}):
        return
    session.speech.table(
        ("fact", "since", "by", "value", "source"),
        [
            (
                name,
                moment(entry.at, run.zone),
                entry.by,
                fact_words(run, name, entry.value) + (" (withdrawn)" if entry.withdrawn else ""),
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
