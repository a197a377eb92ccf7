"""Which facts a run's clocks lack, the most urgent first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec

from ccir.domain.duty_facts import (
    YEAR_END,
    DutyFact,
    DutyFactKind,
    facts_read,
    is_an_act,
    question_of,
)
from ccir.domain.rulebook import Rulebook
from ccir.domain.scope import lies_in
from ccir.engine.duty_clocks import Computed
from ccir.engine.handle import load
from ccir.engine.run_clocks import RunClocks
from ccir.engine.workspace import Workspace

_PLACES = "jurisdictions"
_DISCOVERY = "discovery"
_RESIDENTS = "residents"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that is missing: what to ask, which rules wait for it, and how urgent it is.

    `due` is the earliest time of a duty that would be owed if it applies; None where none of
    them can be computed yet.
    """

    name: str
    kind: DutyFactKind
    question: str
    rules: tuple[str, ...]
    due: dt.datetime | None


def questions(workspace: Workspace, run_id: str, now: dt.datetime) -> list[Question]:
    """Return what is missing: first what the soonest duty waits for, then what most wait for.

    A fact of the playbook is asked with the playbook's own question.
    """
    run = load(workspace, run_id).run
    clocks = RunClocks(workspace, run)
    waiting: dict[str, list[Computed]] = {}
    for computed in clocks.all(now):
        if computed.clock.state in {"undetermined", "open"}:
            # Where people live says first which other questions have to be asked at all.
            missing = computed.clock.missing
            for name in (_PLACES,) if _PLACES in missing else missing:
                for asked in _asked_names(clocks, computed, name):
                    waiting.setdefault(asked, []).append(computed)
    known = _known(clocks.rulebook)
    found = []
    for name, needed in waiting.items():
        fact = run.playbook.fact(name)
        kind = known[name.partition(":")[0]].kind
        found.append(
            Question(
                name=name,
                kind=kind,
                question=question_of(name, kind) if fact is None else fact.question,
                rules=tuple(each.clock.duty.rule.id for each in needed),
                due=None if name == _PLACES else _soonest(needed),
            )
        )
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(
        found, key=lambda each: (each.name != _PLACES, each.due or last, -len(each.rules))
    )


def _soonest(needed: Iterable[Computed]) -> dt.datetime | None:
    return min((each.due_at for each in needed if each.due_at), default=None)


def _known(rulebook: Rulebook) -> dict[str, DutyFact]:
    return facts_read(entry.duty.rule for entry in rulebook.entries())


def _asked_names(clocks: RunClocks, computed: Computed, name: str) -> tuple[str, ...]:
    """Return the facts that are asked for: residents by state, a year's end by the discovery.

    A rule of a whole country looks for the state with most of them: each is asked for.
    """
    if is_an_act(name):
        return ()
    if name != _RESIDENTS:
        return (_DISCOVERY if name == YEAR_END else name,)
    place = computed.clock.duty.jurisdiction
    if "-" in place:
        return (f"{name}:{place}",)
    known = {entry.duty.jurisdiction for entry in clocks.rulebook.entries()}
    lived = clocks.timepiece.facts.words(_PLACES) or ()
    states = {state.upper() for state in lived if lies_in(state, place) and "-" in state}
    return tuple(f"{name}:{state}" for state in sorted(states & known)) or (_PLACES,)
