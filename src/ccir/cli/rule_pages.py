"""What the screen says of a rule: its lines, how its law counts, what its notice has to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ccir.domain.contents import ComputationBasis, Content
    from ccir.domain.obligations import Rule, Span
    from ccir.engine.obligations import RuleView

_RELIEF = {
    "always": "a last day that is not worked moves",
    "unless_essential": "moves for entities that are neither essential nor important",
}


def rule_lines(view: RuleView) -> list[tuple[str, str]]:
    """Return what a rule says, each line with its label."""
    rule = view.rule
    threshold = rule.threshold
    count = f"{threshold.operator} {threshold.count}" if threshold.count is not None else ""
    found = [
        ("who", f"{rule.obligated_party} ({rule.sector})"),
        ("tells", f"{rule.recipient_name} ({rule.recipient})"),
        ("from", _noted(rule.trigger.event, rule.trigger.note)),
        ("or, if earlier", ", ".join(rule.trigger.also)),
        ("limit", view.limit),
        ("counted by", "" if rule.computation == "none" else rule.computation),
        ("days off the last day", _RELIEF.get(rule.relief or "", "")),
        ("longer", _extension(rule)),
        ("zone", f"{view.zone or 'the organisation'}, holidays {view.calendar or 'its own'}"),
        ("only if", _noted(" ".join(filter(None, (count, threshold.population))), None)),
        ("harm", threshold.harm_test or ""),
        ("threshold", threshold.note or ""),
        ("law enforcement may hold it up", _yes_or_no(rule.lawful_delay.law_enforcement)),
        ("an oral request holds it", _span(rule.lawful_delay.oral)),
        ("after its release", _span(rule.lawful_delay.after_release)),
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


def basis_lines(basis: ComputationBasis | None) -> list[tuple[str, str]]:
    """Return how a law counts; nothing where it has no number."""
    if basis is None or basis.unit is None:
        return []
    return [("how it counts", f"{basis.method} ({basis.confidence})")]


def content_lines(content: Content | None) -> list[tuple[str, str]]:
    """Return what a notice has to say; nothing where that is not written down."""
    if content is None:
        return []
    return [
        ("content", f"{content.title} ({content.citation}), {content.verified}"),
        *(("heading", heading) for heading in content.headings),
        *((element.required.replace("_", " "), element.text) for element in content.elements),
        *(("never", ban.text) for ban in content.prohibited),
    ]


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


def _span(span: Span | None) -> str:
    return "" if span is None else f"{span.amount} {span.unit.replace('_', ' ')}"


def _extension(rule: Rule) -> str:
    if rule.extension is None:
        return ""
    extension = rule.extension
    return _noted(f"{_span(extension.by)} if {extension.filed} in time", extension.note)
