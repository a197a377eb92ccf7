"""What was known in a run, with every earlier and withdrawn value."""

from __future__ import annotations

import msgspec

from ccir.domain.deciding_duties import STARTING
from ccir.domain.facts import moment_of, written
from ccir.domain.playbook import Fact
from ccir.domain.run import FactEntry, Run
from ccir.reports.telling import Moment, Teller


class FactReport(msgspec.Struct, frozen=True, kw_only=True):
    """One statement of a fact; `standing` is `stands`, `earlier`, `withdrawn` or `unconfirmed`.

    `reason` says why a moment that starts clocks was changed, and `second` who stands for that.
    """

    event: int
    name: str
    question: str
    value: str
    source: str
    by: str
    at: Moment
    standing: str
    reason: str = ""
    second: str = ""


def facts(run: Run, teller: Teller) -> tuple[FactReport, ...]:
    """Return every statement in the playbook's order of facts, each fact's oldest first."""
    known = {fact.id: fact for fact in run.playbook.facts}
    names = [name for name in dict.fromkeys((*known, *run.facts)) if name in run.facts]
    return tuple(
        _fact(run, entry, name=name, fact=known.get(name), teller=teller)
        for name in names
        for entry in run.facts[name]
    )


def _fact(
    run: Run, entry: FactEntry, *, name: str, fact: Fact | None, teller: Teller
) -> FactReport:
    return FactReport(
        event=entry.seq,
        name=name,
        question="" if fact is None else fact.question,
        value=_value(entry, is_moment=_is_moment(name, fact), teller=teller),
        source=entry.source,
        by=teller.name(entry.by),
        at=teller.happened_at(entry.seq) or teller.moment(entry.at),
        standing=_standing(run, entry, name),
        reason=teller.said(entry.reason),
        second=_second(entry, teller),
    )


def _is_moment(name: str, fact: Fact | None) -> bool:
    if fact is not None:
        return fact.kind == "moment"
    return name.partition(":")[0] in STARTING


def _value(entry: FactEntry, *, is_moment: bool, teller: Teller) -> str:
    moment = moment_of(entry.value) if is_moment else None
    return written(entry.value) if moment is None else teller.moment(moment).shown


def _standing(run: Run, entry: FactEntry, name: str) -> str:
    current = run.fact(name)
    if current is not None and current.seq == entry.seq:
        return "stands"
    if entry.withdrawn:
        return "withdrawn"
    is_later = current is None or entry.seq > current.seq
    return "unconfirmed" if entry.awaits and is_later else "earlier"


def _second(entry: FactEntry, teller: Teller) -> str:
    if entry.awaits:
        return "waits for a second person"
    return f"confirmed by {teller.name(entry.confirmed_by)}" if entry.confirmed_by else ""
