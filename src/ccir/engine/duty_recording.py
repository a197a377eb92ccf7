"""Records that a duty was met, why it is late, or that it was decided not to tell."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec

from ccir.domain.clocks import is_late
from ccir.domain.commands import ExplainDelay, MeetDuty, WaiveDuty
from ccir.domain.decide import decide
from ccir.domain.events import SYSTEM, AnyEvent, EvidenceAdded
from ccir.domain.run import Run
from ccir.domain.scope import lies_in
from ccir.engine.duty_clocks import Computed
from ccir.engine.evidence import add_evidence
from ccir.engine.handle import checked_moment, handle, load
from ccir.engine.run_clocks import RunClocks
from ccir.engine.texts import seal, seal_if_any
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, RefusedError


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """What a person submitted: to which rule, with which proof, and why it comes late."""

    rule: str
    by: str
    reference: str | None = None
    evidence: Path | None = None
    reason: str | None = None
    at: dt.datetime | None = None


def submit(workspace: Workspace, run_id: str, order: Submitted) -> RunClocks:
    """Record a submission with its evidence, and return the run's clocks after it.

    Raises:
        NotFoundError: the run's rules do not have it, or the evidence is not there.
        RefusedError: the rule does not apply, or it is late and nobody says why.
    """
    run = load(workspace, run_id).run
    at = order.at or workspace.clock.now()
    computed = RunClocks(workspace, run).one(order.rule, at)
    if computed.clock.state == "not-applicable":
        raise RefusedError(
            f"{order.rule} does not apply: {computed.clock.because}",
            hint=f"`ccir clocks --explain {order.rule}`; correct the fact if that is wrong",
        )
    if order.evidence is not None and not order.evidence.is_file():
        raise NotFoundError(f"there is no file '{order.evidence}'", hint="check the path")
    meet = MeetDuty(
        by=order.by,
        rule=order.rule,
        reference=seal_if_any(workspace, run_id, order.reference),
        reason=seal_if_any(workspace, run_id, order.reason),
        is_late=_is_over(computed, at),
    )
    now = workspace.clock.now()
    checked_moment(run, meet, at=order.at, now=now)
    decide(run, meet, now)  # what the rules refuse leaves no file behind
    if order.evidence is not None:
        [added] = add_evidence(workspace, run_id, file=order.evidence, by=order.by).added[-1:]
        meet = msgspec.structs.replace(meet, evidence=_sha256(added.event))
    handled = handle(workspace, run_id, meet, at=order.at)
    return RunClocks(workspace, handled.run)


def explain_delay(
    workspace: Workspace, run_id: str, *, rule: str, reason: str, by: str
) -> RunClocks:
    """Record why somebody is told late.

    Raises:
        NotFoundError: the run's rules do not have it.
    """
    run = load(workspace, run_id).run
    RunClocks(workspace, run).entry(rule)
    command = ExplainDelay(by=by, rule=rule, reason=seal(workspace, run_id, reason))
    return RunClocks(workspace, handle(workspace, run_id, command).run)


def waive(
    workspace: Workspace,
    run_id: str,
    *,
    rule: str,
    by: str,
    reason: str | None = None,
    review_on: dt.date | None = None,
) -> RunClocks:
    """Record the decision not to tell, or that a second person stands for it.

    Raises:
        NotFoundError: the run's rules do not have it.
        RefusedError: reason or day are missing, or the same person confirms.
    """
    run = load(workspace, run_id).run
    RunClocks(workspace, run).entry(rule)
    command = WaiveDuty(
        by=by,
        rule=rule,
        reason=seal_if_any(workspace, run_id, reason),
        review_on=review_on,
    )
    return RunClocks(workspace, handle(workspace, run_id, command).run)


def met_by_notice(workspace: Workspace, run: Run, notice: str) -> list[MeetDuty]:
    """Return the commands by which the newest version of a notice, now sent, meets its rules."""
    now = workspace.clock.now()
    return [
        MeetDuty(
            by=SYSTEM, rule=each.clock.duty.rule.id, notice=notice, is_late=_is_over(each, now)
        )
        for each in owed_by_notice(workspace, run, notice, now=now)
    ]


def owed_by_notice(
    workspace: Workspace, run: Run, notice: str, *, now: dt.datetime
) -> list[Computed]:
    """Return the clocks that the newest version of a notice meets once everybody has it.

    Left out is a rule that does not apply or was met before, and that of a place where nobody
    on the list lives, as far as its columns `country`, `subdivision` and `us_state`
    say; who lives nowhere that is known counts for no place.
    """
    document, version = run.playbook.notice(notice), run.latest(notice)
    if document is None or version is None or not document.obligations:
        return []
    clocks = RunClocks(workspace, run)
    found = [clocks.one(rule, now) for rule in document.obligations if clocks.has(rule)]
    owed = [each for each in found if each.clock.state not in _SETTLED and not _is_told(each)]
    places = _places(workspace, version.list) if owed else Places()
    return [each for each in owed if places.reach(each.clock.duty.jurisdiction)]


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Where the people of a list live, as far as its columns say."""

    states: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()

    def reach(self, jurisdiction: str) -> bool:
        """Return whether somebody lives there; a list without countries reaches every country."""
        if jurisdiction.startswith("US-"):
            return jurisdiction in self.states
        if not self.countries:
            return True
        return any(lies_in(country, jurisdiction) for country in self.countries)


_SETTLED = frozenset({"not-applicable", "met", "waived"})


def _is_told(computed: Computed) -> bool:
    return computed.clock.submitted is not None


def _places(workspace: Workspace, list_id: str) -> Places:
    """Return the places of a list from its counts; a part outside the US stands as a country."""
    found = workspace.stores.people.list_summary(list_id).places
    parts = {each.subdivision for each in found}
    states = {part for part in parts if part.startswith("US-")}
    countries = {each.country for each in found} | (parts - states)
    return Places(states=frozenset(states), countries=frozenset(countries - {""}))


def _is_over(computed: Computed, at: dt.datetime) -> bool:
    deadline = computed.clock.deadline
    return deadline is not None and is_late(deadline.legal_due, at, computed.place.zone)


def _sha256(event: AnyEvent) -> str | None:
    return event.sha256 if isinstance(event, EvidenceAdded) else None
