"""`ccir obligations`: browses the rules of duties to tell somebody."""

from __future__ import annotations

from calendar import day_name
from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.options import command, noun
from ccir.cli.session import Session

if TYPE_CHECKING:
    from ccir.domain.obligations import Rule
    from ccir.engine.obligations import RuleView

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
    session.speech.say(f"{len(found)} rules: {DISCLAIMER}")


@command(app, examples=("ccir obligations show EU-GDPR-33-SA",))
def show(session: Session, rule: Annotated[str, typer.Argument(help="The rule's id.")]) -> None:
    """Show one rule with its citation, sources and doubts."""
    from ccir.engine.obligations import DISCLAIMER, rule_named

    view = rule_named(session.sources, rule, session.now.date())
    if session.speech.result({"disclaimer": DISCLAIMER, "rule": view}):
        return
    session.speech.say(f"{view.rule.id}: {view.rule.regime}, {view.rule.citation}")
    for label, text in _lines(view):
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
    weekend = [day_name[number] for number in shipped.calendars[calendar].weekend]
    if session.speech.result({"calendar": calendar, "weekend": weekend, "holidays": days}):
        return
    session.speech.say(*(f"{day} {day_name[day.weekday()]}" for day in days))
    session.speech.say(f"weekend: {', '.join(weekend)}; from {shipped.generated_with}")


def _is_in(found: str, wanted: str | None) -> bool:
    return wanted is None or found == wanted or found.startswith(f"{wanted}-")


def _lines(view: RuleView) -> list[tuple[str, str]]:
    rule = view.rule
    threshold = rule.threshold
    count = f"{threshold.operator} {threshold.count}" if threshold.count is not None else ""
    found = [
        ("who", f"{rule.obligated_party} ({rule.sector})"),
        ("tells", f"{rule.recipient_name} ({rule.recipient})"),
        ("from", _noted(rule.trigger.event, rule.trigger.note)),
        ("limit", view.limit),
        ("counted by", "" if rule.computation == "none" else rule.computation),
        ("only if", _noted(" ".join(filter(None, (count, threshold.population))), None)),
        ("harm", threshold.harm_test or ""),
        ("threshold", threshold.note or ""),
        ("law enforcement may hold it up", _yes_or_no(rule.lawful_delay.law_enforcement)),
        ("delay", rule.lawful_delay.note or ""),
        *_follow_ups(rule),
        ("in force", f"{rule.status}, from {rule.effective_from or 'unknown'}"),
        ("until", str(rule.effective_to or "")),
        ("pending", rule.pending or ""),
        ("notes", rule.notes or ""),
        ("verified", f"{rule.verified.status}, as of {rule.verified.as_of or 'unknown'}"),
        *(("source", source) for source in view.sources),
    ]
    return [(label, text) for label, text in found if text]


def _follow_ups(rule: Rule) -> list[tuple[str, str]]:
    return [
        (f"then {each.stage}", _noted(_later(each.amount, each.unit, each.start), each.note))
        for each in rule.follow_up
    ]


def _noted(text: str, note: str | None) -> str:
    return f"{text} ({note})" if note else text


def _later(amount: int | None, unit: str | None, start: str) -> str:
    return f"after {start}" if amount is None else f"{amount} {unit} after {start}"


def _yes_or_no(value: bool | None) -> str:
    return {True: "yes", False: "no", None: "not known"}[value]
