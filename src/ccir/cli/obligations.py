"""`ccir obligations`: browses the rules of duties to tell somebody."""

from __future__ import annotations

from calendar import day_name
from typing import Annotated

import typer

from ccir.cli.options import command, noun
from ccir.cli.session import Session
from ccir.cli.words import counted

app = noun("Browse who must be told by when.")


@command(
    app,
    "list",
    examples=(
        "ccir obligations list --jurisdiction US-CA",
        "ccir obligations list --recipient data_subjects --json",
    ),
)
def list_(
    session: Session,
    jurisdiction: Annotated[
        str | None, typer.Option(help="Only this one and its parts: EU, US, US-CA, INTL.")
    ] = None,
    recipient: Annotated[
        str | None, typer.Option(help="Only duties to tell these, such as data_subjects.")
    ] = None,
    sector: Annotated[str | None, typer.Option(help="Only rules of this sector.")] = None,
) -> None:
    """List the rules, each with its limit and how far it was verified.

    A part's law stands beside its country's: --jurisdiction US shows the states too.
    """
    from ccir.engine.obligations import DISCLAIMER, all_rules

    found = [
        view
        for view in all_rules(session.sources, session.now.date())
        if _is_in(view.jurisdiction, jurisdiction)
        and recipient in {None, view.rule.recipient}
        and sector in {None, view.rule.sector}
    ]
    if session.speech.result({"disclaimer": DISCLAIMER, "rules": found}):
        return
    session.speech.table(
        ("rule", "tell", "limit", "verified"),
        [
            (view.rule.id, view.rule.recipient, view.limit, "; ".join(view.doubts) or "law read")
            for view in found
        ],
        folding=2,
    )
    session.speech.say(f"{counted(len(found), 'rule')}: {DISCLAIMER}")


@command(app, examples=("ccir obligations show EU-GDPR-33-SA",))
def show(session: Session, rule: Annotated[str, typer.Argument(help="The rule's id.")]) -> None:
    """Show one rule with its citation, sources and doubts."""
    from ccir.cli.rule_pages import basis_lines, content_lines, rule_lines
    from ccir.engine.obligations import DISCLAIMER, basis_of, content_of, rule_named

    view = rule_named(session.sources, rule, session.now.date())
    basis = basis_of(session.sources, view.rule)
    content = content_of(session.sources, view.rule)
    document = {"rule": view, "computation": basis, "content": content}
    if session.speech.result({"disclaimer": DISCLAIMER, **document}):
        return
    session.speech.say(f"{view.rule.id}: {view.rule.regime}, {view.rule.citation}")
    for label, text in (*rule_lines(view), *basis_lines(basis), *content_lines(content)):
        session.speech.say(f"{label}: {text}")
    session.speech.say(*(f"doubt: {doubt}" for doubt in view.doubts), DISCLAIMER)


@command(app, examples=("ccir obligations lint", "ccir obligations lint --json"))
def lint(session: Session) -> int:
    """Find every error in the files of rules at once."""
    from ccir.engine.obligations import lint_obligations

    findings = lint_obligations(session.sources)
    if not session.speech.result({"findings": findings}):
        session.speech.say(*map(str, findings), f"{len(findings)} findings")
    return 2 if findings else 0


@command(
    app,
    examples=(
        "ccir obligations holidays",
        "ccir obligations holidays DE-HE --year 2026",
        "ccir obligations holidays US-SEC --json",
    ),
)
def holidays(
    session: Session,
    calendar: Annotated[str | None, typer.Argument(help="Its id, such as DE-HE or US-NY.")] = None,
    year: Annotated[int | None, typer.Option(help="Which year; this one unless told.")] = None,
) -> None:
    """List the calendars of holidays by which rules may be counted, or one's days.

    They hold public holidays; a closure at short notice is not among them.
    """
    from ccir.catalog.calendars import shipped_calendars

    shipped = shipped_calendars()
    if calendar is None:
        if not session.speech.result({"calendars": list(shipped.calendars)}):
            session.speech.say(*shipped.calendars)
        return
    days = shipped.days_of(calendar, session.now.year if year is None else year)
    weekend = [day_name[number] for number in sorted(shipped.named(calendar).weekend)]
    if session.speech.result({"calendar": calendar, "weekend": weekend, "holidays": days}):
        return
    session.speech.say(*(f"{day} {day_name[day.weekday()]}" for day in days))
    session.speech.say(f"weekend: {', '.join(weekend)}; from {shipped.generated_with}")


@command(
    app,
    examples=(
        "ccir obligations compute --rule EU-GDPR-33-SA --fact awareness=2026-10-24T10:00+02:00",
        "ccir obligations compute --jurisdiction US-CA --fact discovery=2026-11-05 --json",
        "ccir obligations compute --rule US-SEC-8K-105 --fact materiality_determination=2026-11-20",
    ),
)
def compute(
    session: Session,
    fact: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="What is known; `facts` lists the names."),
    ] = None,
    rule: Annotated[list[str] | None, typer.Option(help="Only this rule; may be repeated.")] = None,
    jurisdiction: Annotated[
        list[str] | None, typer.Option(help="Only this one and its parts; may be repeated.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(help="Where days are counted, instead of each rule's own zone.")
    ] = None,
    calendar: Annotated[
        str | None, typer.Option(help="The holidays, instead of each rule's own.")
    ] = None,
    entity: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="What the organisation is, such as entity_type."),
    ] = None,
    *,
    explain: Annotated[bool, typer.Option("--explain", help="Show each computation.")] = False,
) -> None:
    """Compute who must be told by when from facts alone, without a run or a workspace.

    Two times are given: work to the first, the strict reading; the second is the latest one
    that can be supported. A day means the end of that local day. Lists and maps are JSON.
    """
    from ccir.cli.clock_pages import show_explained, show_table
    from ccir.domain.facts import parse_assignment
    from ccir.engine.obligations import DISCLAIMER
    from ccir.engine.places import Chosen
    from ccir.engine.what_if import Question, what_if

    session.refuse_at()
    question = Question(
        facts=tuple(map(parse_assignment, [*(fact or []), *(entity or [])])),
        rules=tuple(rule or ()),
        jurisdictions=tuple(jurisdiction or ()),
        chosen=Chosen(zone=timezone, calendar=calendar),
    )
    clocks = what_if(session.rulebook, question, session.now)
    if session.speech.result({"disclaimer": DISCLAIMER, "clocks": clocks}):
        return
    if explain:
        for view in clocks:
            show_explained(session, view)
            session.speech.say("")
    else:
        show_table(session, clocks)
    session.speech.say(f"{counted(len(clocks), 'rule')}: {DISCLAIMER}")


@command(app, examples=("ccir obligations facts", "ccir obligations facts --json"))
def facts(session: Session) -> None:
    """List every fact that a rule reads, with its type, its question and who reads it."""
    from ccir.domain.duty_facts import facts_read

    found = list(facts_read(entry.duty.rule for entry in session.rulebook.entries()).values())
    if session.speech.result({"facts": found}):
        return
    session.speech.table(
        ("type", "fact"),
        [
            (each.kind, f"{each.name}: {each.question}\n  read by {_readers(each.read_by)}")
            for each in found
        ],
    )
    session.speech.say(
        "a fact may be narrowed to a place or a rule: residents:US-CA=501, or as JSON "
        "'residents={\"US-CA\": 501}'"
    )


def _readers(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return names[0] + more if names else "all"


def _is_in(found: str, wanted: str | None) -> bool:
    return wanted is None or found == wanted or found.startswith(f"{wanted}-")
