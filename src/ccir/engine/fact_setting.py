"""States the facts of a run: those of its playbook, and those that its rules read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

import msgspec

from ccir.domain.commands import ConfirmFact, RecordFact
from ccir.domain.duty_fact_texts import duty_fact, parse_duty_fact, refuse_unknown_parts
from ccir.domain.duty_facts import DutyFact, facts_read
from ccir.domain.events import FactValue
from ccir.domain.facts import Surroundings, parse_value, written
from ccir.domain.playbook import Playbook
from ccir.domain.rulebook import Rulebook
from ccir.engine.handle import Handled, handle, load
from ccir.engine.run_clocks import rulebook_of
from ccir.engine.texts import refuse_card_number, seal_if_any
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, RefusedError, UsageError


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """A fact's typed value; `of_rules` where the playbook does not name it."""

    value: FactValue
    of_rules: bool = False


class FactOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a person states: facts as she wrote them, how they are known, why they changed."""

    facts: tuple[tuple[str, str], ...]
    by: str
    source: str = ""
    reason: str | None = None
    at: dt.datetime | None = None


def state_facts(workspace: Workspace, run_id: str, order: FactOrder) -> dict[str, FactValue]:
    """Record the facts, all or none, and return their values by name.

    Raises:
        NotFoundError: neither the playbook nor a rule asks for such a fact.
        UsageError: a value does not fit.
        RefusedError: it holds a card number, changes a moment without a reason, or frees from
            a duty without one.
    """
    refuse_card_number(order.source)
    run = load(workspace, run_id).run
    around = Surroundings(now=workspace.clock.now(), zone=workspace.zone)
    rulebook = rulebook_of(workspace, run) if _goes_beyond(run.playbook, order) else None
    stated = stated_facts(run.playbook, rulebook, order.facts, around=around)
    if rulebook is not None and not (order.reason or order.source):
        _refuse_unreasoned(stated, rulebook)
    reason = seal_if_any(workspace, run.id, order.reason)
    commands = [
        RecordFact(
            by=order.by,
            name=name,
            value=each.value,
            source=order.source,
            reason=reason,
            of_rules=each.of_rules,
        )
        for name, each in stated.items()
    ]
    handle(workspace, run.id, *commands, at=order.at)
    return {name: each.value for name, each in stated.items()}


def confirm_fact(workspace: Workspace, run_id: str, *, name: str, by: str) -> Handled:
    """Record that a second person stands for a changed moment.

    Raises:
        RefusedError: nothing waits for her, or she changed it herself.
    """
    return handle(workspace, run_id, ConfirmFact(by=by, name=name))


def stated_facts(
    playbook: Playbook,
    rulebook: Rulebook | None,
    given: Iterable[tuple[str, str]],
    *,
    around: Surroundings,
) -> dict[str, Stated]:
    """Return the typed values of facts as they were written.

    Raises:
        NotFoundError: neither the playbook nor a rule asks for such a fact.
        UsageError: a value does not fit.
        RefusedError: it holds a card number.
    """
    duties = [] if rulebook is None else [entry.duty for entry in rulebook.entries()]
    known = facts_read(duty.rule for duty in duties)
    parts = {part for duty in duties for part in duty.parts}
    found: dict[str, Stated] = {}
    for name, text in given:
        fact = playbook.fact(name)
        if fact is not None:
            found[name] = Stated(value=parse_value(fact, text, around))
            continue
        _refuse_unknown(playbook, name, known)
        values = parse_duty_fact(name, text, known=known, around=around)
        refuse_unknown_parts(values, parts)
        found |= {key: Stated(value=value, of_rules=True) for key, value in values.items()}
    return found


def _refuse_unreasoned(stated: Mapping[str, Stated], rulebook: Rulebook) -> None:
    """Refuse an assessment of harm that frees from a duty, and says neither why nor from where."""
    tests = {entry.duty.rule.threshold.harm_test for entry in rulebook.entries()}
    for name, each in stated.items():
        plain = name.partition(":")[0]
        if plain in tests and each.value is ("_exempt" in plain):
            raise RefusedError(
                f"'{name}={written(each.value)}' frees from duties to tell somebody",
                hint="say why, for whoever asks later: --reason",
            )


def _goes_beyond(playbook: Playbook, order: FactOrder) -> bool:
    return any(playbook.fact(name) is None for name, _ in order.facts)


def _refuse_unknown(playbook: Playbook, name: str, known: Mapping[str, DutyFact]) -> None:
    if ":" in name and name.partition(":")[0] in known:
        return  # what is wrong with the part is said where it is read
    try:
        duty_fact(name, known)
    except UsageError as error:
        own = [fact.id for fact in playbook.facts]
        near = get_close_matches(name, own, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"its facts: {', '.join(own)}"
        raise NotFoundError(
            f"playbook '{playbook.id}' has no fact '{name}', and no rule reads one", hint=hint
        ) from error
