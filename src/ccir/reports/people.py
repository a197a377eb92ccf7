"""Who took part in a run: who held which role and when, and who acted through which account."""

from __future__ import annotations

import msgspec

from ccir.domain.events import SYSTEM, RoleAssigned, RoleHandedOver, RunStarted
from ccir.domain.record import Entry
from ccir.domain.run import Run
from ccir.reports.telling import Moment, Teller
from ccir.reports.timeline import account

NOBODY = "nobody"


class RoleReport(msgspec.Struct, frozen=True, kw_only=True):
    """One holding of a role: `since` and `until` are None where it was not held or still is."""

    role: str
    title: str
    person: str
    since: Moment | None = None
    until: Moment | None = None


class PersonReport(msgspec.Struct, frozen=True, kw_only=True):
    """A person who acted, with the number of events by her and the accounts they came through."""

    id: str
    name: str
    events: int
    accounts: tuple[str, ...]


def roles(run: Run, entries: tuple[Entry, ...], teller: Teller) -> tuple[RoleReport, ...]:
    """Return every role of the playbook with its holders in order, vacant ones too."""
    changes = [(entry, _assignments(entry)) for entry in entries]
    return tuple(
        holding
        for role in run.playbook.roles
        for holding in _holdings(
            RoleReport(role=role.id, title=role.title, person=NOBODY),
            [(entry, given[role.id]) for entry, given in changes if role.id in given],
            teller,
        )
    )


def people(entries: tuple[Entry, ...], teller: Teller) -> tuple[PersonReport, ...]:
    """Return everybody who recorded an event, in the order of their first one."""
    by_person: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.by != SYSTEM:
            by_person.setdefault(entry.by, []).append(entry)
    return tuple(
        PersonReport(
            id=person,
            name=teller.name(person),
            events=len(theirs),
            accounts=tuple(dict.fromkeys(account(entry) for entry in theirs)),
        )
        for person, theirs in by_person.items()
    )


def _assignments(entry: Entry) -> dict[str, str]:
    match entry.event:
        case RunStarted(roles=roles):
            return roles
        case RoleAssigned(role=role, person=person) | RoleHandedOver(role=role, person=person):
            return {role: person}
        case _:
            return {}


def _holdings(
    vacant: RoleReport, changes: list[tuple[Entry, str]], teller: Teller
) -> list[RoleReport]:
    if not changes:
        return [vacant]
    moments = [teller.happened(entry) for entry, _ in changes]
    return [
        msgspec.structs.replace(vacant, person=teller.name(person), since=since, until=until)
        for (_, person), since, until in zip(changes, moments, (*moments[1:], None), strict=True)
    ]
