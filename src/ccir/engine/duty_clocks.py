"""Computes the clocks of a rulebook from facts, and shows each with its doubts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

import msgspec

from ccir.domain.clocks import Clock, ClockState, clock_of
from ccir.domain.deadlines import Place, end_of
from ccir.domain.duty_facts import Due, Facts
from ccir.domain.follow_ups import is_follow_up
from ccir.domain.obligations import doubts
from ccir.domain.rulebook import Entry, Rulebook
from ccir.engine.places import Chosen, Places

Wanted = Callable[[Entry], bool]


class VerifiedView(msgspec.Struct, frozen=True, kw_only=True):
    """How far the rule was checked, and as of when."""

    status: str
    as_of: str | None


class TriggerView(msgspec.Struct, frozen=True, kw_only=True):
    """The moment that the duty starts from; `at` is None while it is unknown."""

    event: str
    at: str | None


class ClockView(msgspec.Struct, frozen=True, kw_only=True):
    """A clock for a screen or a program; times are days or instants in the rule's zone.

    `stage` says which report it is that follows on another one; empty for the first.
    """

    rule: str
    jurisdiction: str
    recipient: str
    recipient_name: str
    stage: str
    state: ClockState
    because: str
    trigger: TriggerView
    plan_by: str | None
    legal_due: str | None
    contested: bool
    basis: str
    missing: tuple[str, ...]
    citation: str
    verified: VerifiedView
    doubts: tuple[str, ...]
    steps: tuple[str, ...]
    submitted: str | None
    target: str | None
    zone: str
    calendar: str


class Computed(msgspec.Struct, frozen=True, kw_only=True):
    """A clock with the place that it was computed for."""

    clock: Clock
    place: Place

    @property
    def due_at(self) -> dt.datetime | None:
        """Return the instant to work to: the strict reading's end, or the own target."""
        return self.clock.due_at(self.place.zone)

    @property
    def legal_at(self) -> dt.datetime | None:
        """Return the last instant of the latest reading."""
        deadline = self.clock.deadline
        return None if deadline is None else end_of(deadline.legal_due, self.place.zone)


class Timepiece:
    """Computes the clocks of a rulebook."""

    def __init__(self, rulebook: Rulebook, facts: Facts, chosen: Chosen | None = None) -> None:
        self._rulebook = rulebook
        self._facts = msgspec.structs.replace(
            facts, values={**rulebook.footing.facts, **facts.values}
        )
        self._places = Places(rulebook.footing, self._facts, chosen)

    @property
    def facts(self) -> Facts:
        """Return the facts, those of the organisation below those given."""
        return self._facts

    def compute(self, wanted: Wanted, now: dt.datetime | None = None) -> list[Computed]:
        """Return the wanted duties' clocks, soonest first."""
        found = (self.computed(entry, now) for entry in self._rulebook.entries() if wanted(entry))
        return by_due(found)

    def computed(self, entry: Entry, now: dt.datetime | None) -> Computed:
        """Return one duty's clock."""
        place = self._places.of(entry)
        clock = clock_of(entry.duty, self._facts, place=place, now=now)
        target = self._target(clock, place)
        return Computed(clock=msgspec.structs.replace(clock, target=target), place=place)

    def view(self, found: Computed, today: dt.date) -> ClockView:
        """Return the clock as it is shown."""
        clock, zone = found.clock, found.place.zone
        rule, deadline = clock.duty.rule, clock.deadline
        return ClockView(
            rule=rule.id,
            jurisdiction=clock.duty.jurisdiction,
            recipient=rule.recipient,
            recipient_name=rule.recipient_name,
            stage=rule.standard if is_follow_up(rule) else "",
            state=clock.state,
            because=clock.because,
            trigger=TriggerView(event=rule.trigger.event, at=written(clock.trigger, zone)),
            plan_by=None if deadline is None else written(deadline.plan_by, zone),
            legal_due=None if deadline is None else written(deadline.legal_due, zone),
            contested=deadline is not None and deadline.contested,
            basis=clock.basis,
            missing=clock.missing,
            citation=rule.citation,
            verified=VerifiedView(status=rule.verified.status, as_of=rule.verified.as_of),
            doubts=(*doubts(rule.verified, today), *self._calendar_doubts(found)),
            steps=() if deadline is None else deadline.steps,
            submitted=written(clock.submitted, zone),
            target=written(clock.target, zone),
            zone=str(zone),
            calendar=found.place.calendar.id,
        )

    def _target(self, clock: Clock, place: Place) -> dt.datetime | None:
        seconds = self._rulebook.footing.target_seconds
        has_none = clock.state == "not-applicable" or bool(clock.duty.rule.caps)
        if seconds is None or clock.trigger is None or has_none:
            return None
        start = clock.trigger
        began = start if isinstance(start, dt.datetime) else end_of(start, place.zone)
        return began + dt.timedelta(seconds=seconds)

    def _calendar_doubts(self, found: Computed) -> tuple[str, ...]:
        deadline = found.clock.deadline
        if deadline is None or found.clock.duty.rule.computation in _WITHOUT_CALENDAR:
            return ()
        zone = found.place.zone
        last = end_of(deadline.legal_due, zone).astimezone(zone).date()
        doubt = self._places.doubt(found.place.calendar.id, last)
        return (doubt,) if doubt else ()


_WITHOUT_CALENDAR = frozenset(
    {
        "none",
        "elapsed_hours",
        "generic_calendar_days",
        "us_federal_calendar_days",
        "us_state_days",
    }
)


def by_due(found: Iterable[Computed]) -> list[Computed]:
    """Return the clocks soonest first; those without a time last."""
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda each: (each.due_at or last, each.clock.duty.rule.id))


def written(due: Due | None, zone: dt.tzinfo) -> str | None:
    """Return a day as it is, and an instant with its offset in the zone."""
    if isinstance(due, dt.datetime):
        return due.astimezone(zone).isoformat(timespec="seconds")
    return None if due is None else due.isoformat()
