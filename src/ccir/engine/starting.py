"""Starts a run: pins the playbook, fills the roles, records the first facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import reduce

import msgspec

from ccir.catalog.pinned import canonical, digest
from ccir.catalog.sources import Source
from ccir.domain.commands import StartRun
from ccir.domain.decide import decide
from ccir.domain.events import FactValue, Pin, RunKind
from ccir.domain.evolve import evolve
from ccir.domain.facts import Surroundings
from ccir.domain.playbook import Playbook
from ccir.domain.record import Draft
from ccir.domain.rulebook import Rulebook
from ccir.domain.run import COMMANDER, Run, unstarted
from ccir.engine.fact_setting import stated_facts
from ccir.engine.handle import KEY_BYTES, checked_moment
from ccir.engine.linting import checked_playbook
from ccir.engine.pinned_rules import PinnedRules, pinned_for
from ccir.engine.run_clocks import rulebook_for_start
from ccir.engine.texts import refuse_card_number
from ccir.engine.workspace import Workspace
from ccir.errors import UsageError

TITLE_LIMIT = 200


class StartOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks for when she starts a run; facts are still as she wrote them."""

    playbook: str
    by: str
    kind: RunKind = "incident"
    title: str | None = None
    severity: str | None = None
    facts: Mapping[str, str] = {}
    another: bool = False
    at: dt.datetime | None = None


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """A run that has begun, and the document it is pinned to.

    `rules_left_out` says that the workspace's own rules have errors and do not count in it.
    """

    run: Run
    source: Source
    rules_left_out: bool = False


def start(workspace: Workspace, order: StartOrder) -> Started:
    """Begin a run; what is missing (facts, roles, targets, channels) does not stop it.

    Raises:
        NotFoundError: no such playbook, severity or fact.
        InvalidDocumentError: the playbook has errors.
        ConflictError: a run of it is open, and not `another`.
        UsageError: a fact or the title does not fit.
    """
    source = workspace.sources.named("playbooks", order.playbook)
    playbook = checked_playbook(workspace.sources, source)
    rulebook, is_left_out = rulebook_for_start(workspace)
    rules = pinned_for(rulebook, playbook)
    command = _command(workspace, playbook, order, rules=rules)
    begun = unstarted(playbook)
    now = workspace.clock.now()
    moment = checked_moment(begun, command, at=order.at, now=now)
    added = workspace.stores.events.begin(
        order.kind,
        [
            Draft(event=event, at=moment, by=order.by, via=workspace.via)
            for event in decide(begun, command, now)
        ],
        key=workspace.entropy.octets(KEY_BYTES).hex(),
        pins={command.playbook.digest: canonical(playbook), rules.pin.digest: rules.octets},
        playbook=playbook.id,
        another=order.another,
    )
    return Started(run=reduce(evolve, added, begun), source=source, rules_left_out=is_left_out)


def _command(
    workspace: Workspace, playbook: Playbook, order: StartOrder, *, rules: PinnedRules
) -> StartRun:
    return StartRun(
        by=order.by,
        kind=order.kind,
        title=_title(playbook, order.title),
        severity=order.severity,
        playbook=Pin(id=playbook.id, version=playbook.version, digest=digest(playbook)),
        zone=workspace.zone.key,
        roles=_roles(workspace, order.by),
        facts=_facts(workspace, playbook, order.facts, rulebook=rules.rulebook),
        rules=rules.pin,
    )


def _title(playbook: Playbook, given: str | None) -> str:
    title = playbook.title if given is None else given.strip()
    if not title or len(title) > TITLE_LIMIT or not title.isprintable():
        raise UsageError(
            f"a title has 1 to {TITLE_LIMIT} printable characters on one line",
            hint="shorten --title",
        )
    refuse_card_number(title)
    return title


def _roles(workspace: Workspace, by: str) -> dict[str, str]:
    """Give each role to the first person of the settings who has it; who starts leads."""
    roles: dict[str, str] = {}
    for person, entry in workspace.settings.people.items():
        for role in entry.roles:
            roles.setdefault(role, person)
    starter = workspace.settings.people.get(by)
    if starter is not None and COMMANDER in (*starter.roles, *_unless_led(roles)):
        roles[COMMANDER] = by
    return roles


def _unless_led(roles: dict[str, str]) -> tuple[str, ...]:
    return () if COMMANDER in roles else (COMMANDER,)


def _facts(
    workspace: Workspace, playbook: Playbook, given: Mapping[str, str], *, rulebook: Rulebook
) -> dict[str, FactValue]:
    around = Surroundings(now=workspace.clock.now(), zone=workspace.zone)
    stated = stated_facts(playbook, rulebook, given.items(), around=around)
    return {name: each.value for name, each in stated.items()}
