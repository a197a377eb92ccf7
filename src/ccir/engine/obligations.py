"""The duties to tell somebody that a workspace knows: its own rules over those shipped."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.catalog.contents import load_computations, load_contents
from ccir.catalog.findings import Finding, suggestion
from ccir.catalog.obligations import check_together, read_obligations
from ccir.catalog.rulebook import KIND, books_with_sources
from ccir.catalog.sources import Sources
from ccir.domain.contents import ComputationBasis, Content
from ccir.domain.obligations import Obligations, Rule, doubts, limit_in_words
from ccir.errors import NotFoundError

DISCLAIMER = "research data, not legal advice"


class RuleView(msgspec.Struct, frozen=True, kw_only=True):
    """A rule with its jurisdiction, its limit in words, and what has to be said of it.

    `sources` are the texts that the rule was checked against. `zone` and `calendar` are those
    its days count in; None: the organisation's.
    """

    jurisdiction: str
    zone: str | None
    calendar: str | None
    limit: str
    doubts: tuple[str, ...]
    rule: Rule
    sources: tuple[str, ...]
    origin: str


def all_rules(sources: Sources, today: dt.date) -> list[RuleView]:
    """Return every rule, by jurisdiction, in the order of its file.

    Raises:
        DocumentError: a file has errors.
    """
    return [
        _view(book, rule, today=today, origin=source.origin)
        for source, book in books_with_sources(sources)
        for rule in book.rules
    ]


def rule_named(sources: Sources, name: str, today: dt.date) -> RuleView:
    """Return the rule of that id.

    Raises:
        NotFoundError: there is none.
        DocumentError: a file has errors.
    """
    rules = {view.rule.id: view for view in all_rules(sources, today)}
    if name not in rules:
        raise NotFoundError(f"there is no rule '{name}'", hint=suggestion(name, rules))
    return rules[name]


def basis_of(sources: Sources, rule: Rule) -> ComputationBasis | None:
    """Return how the rule's law counts, or None where nothing is written of it.

    Raises:
        DocumentError: a file has errors.
    """
    return load_computations(sources).get(rule.computation)


def content_of(sources: Sources, rule: Rule) -> Content | None:
    """Return what the notice has to say, or None where nothing is written of it.

    Raises:
        DocumentError: a file has errors.
    """
    return load_contents(sources).get(rule.content_ref or "")


def lint_obligations(sources: Sources) -> list[Finding]:
    """Return every complaint about every file of rules."""
    readings = [read_obligations(source) for source in sources.list(KIND)]
    check_together(readings)
    return [finding for reading in readings for finding in reading.findings]


def _view(book: Obligations, rule: Rule, *, today: dt.date, origin: str) -> RuleView:
    return RuleView(
        jurisdiction=book.jurisdiction,
        zone=book.zone,
        calendar=book.calendar,
        limit=limit_in_words(rule),
        doubts=doubts(rule.verified, today),
        rule=rule,
        sources=tuple(book.sources[name] for name in rule.verified.sources),
        origin=origin,
    )
