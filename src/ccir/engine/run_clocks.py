"""A run's clocks: computed from its log and from the rules that it was started with."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.catalog.findings import DocumentError, suggestion
from ccir.catalog.rulebook import decode_rulebook, load_books
from ccir.catalog.sources import Sources
from ccir.domain.clocks import Clock
from ccir.domain.obligations import Obligations
from ccir.domain.playbook import Playbook, dues_of
from ccir.domain.rulebook import Entry, Rulebook
from ccir.domain.run import Run
from ccir.domain.run_duties import (
    facts_of,
    instant_to_work_to,
    scoped,
    waived,
    without_idle_follow_ups,
)
from ccir.domain.scope import lies_in
from ccir.engine.duty_clocks import Computed, Timepiece, by_due
from ccir.engine.footing import contract_books, footing_of
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError


class RunClocks:
    """The clocks of one run."""

    def __init__(self, workspace: Workspace, run: Run) -> None:
        self.run = run
        self.rulebook: Rulebook = rulebook_of(workspace, run)
        self._entries = {entry.duty.rule.id: entry for entry in self.rulebook.entries()}
        facts = facts_of(run, (entry.duty for entry in self._entries.values()))
        self.timepiece = Timepiece(self.rulebook, facts)

    def all(self, now: dt.datetime | None) -> list[Computed]:
        """Return every duty's clock, soonest first."""
        found = {id_: self._computed(entry, now) for id_, entry in self._entries.items()}
        kept = without_idle_follow_ups(each.clock for each in found.values())
        return by_due(found[clock.duty.rule.id] for clock in kept)

    def one(self, rule: str, now: dt.datetime | None) -> Computed:
        """Return one rule's clock.

        Raises:
            NotFoundError: the run's rules do not have it.
        """
        return self._computed(self.entry(rule), now)

    def margin(self, rule: str) -> str:
        """Return how long before or after the latest reading a duty was met; empty if it is not."""
        computed = self.one(rule, None)
        told, limit = self.run.submissions.get(rule), computed.legal_at
        if not told or limit is None:
            return ""
        left = limit - told[0].at
        word = "before" if left >= dt.timedelta() else "after"
        return f"{whole_hours(abs(left))} {word} the latest reading"

    def way_to_meet(self, rule: str) -> str:
        """Return the command that comes next on the way to a met duty."""
        notice = self.notice_for(rule)
        if notice is None:
            return f"ccir clocks submit {rule}"
        is_begun = self.run.latest(notice) is not None
        return f"ccir notice status {notice}" if is_begun else f"ccir notice preview {notice}"

    def unknown_places(self) -> list[str]:
        """Return the stated jurisdictions that no rule is of: misspelt, or without a rule."""
        known = {entry.duty.jurisdiction for entry in self._entries.values()}
        stated = self.timepiece.facts.words("jurisdictions") or ()
        return [place for place in stated if not any(lies_in(place, name) for name in known)]

    def notice_for(self, rule: str) -> str | None:
        """Return the playbook's notice that satisfies the rule, or None."""
        notices = self.run.playbook.notices
        return next((each.id for each in notices if rule in each.obligations), None)

    def has(self, rule: str) -> bool:
        """Return whether the run's rules have it."""
        return rule in self._entries

    def entry(self, rule: str) -> Entry:
        """Return one rule with its jurisdiction.

        Raises:
            NotFoundError: the run's rules do not have it.
        """
        if rule not in self._entries:
            hint = suggestion(rule, self._entries)
            raise NotFoundError(f"{self.run.id} has no rule '{rule}'", hint=hint)
        return self._entries[rule]

    def _computed(self, entry: Entry, now: dt.datetime | None) -> Computed:
        found = self.timepiece.computed(entry, now)
        outside = scoped(entry.duty, self.timepiece.facts)
        return msgspec.structs.replace(found, clock=self._clock(found.clock, outside))

    def _clock(self, clock: Clock, outside: Clock | None) -> Clock:
        if outside is None or clock.submitted is not None or clock.state == "not-applicable":
            return waived(clock, self.run.waivers)
        if outside.state == "not-applicable":
            return outside
        missing = (*outside.missing, *clock.missing)
        because = f"needs to know {', '.join(missing)}"
        found = msgspec.structs.replace(
            clock, state="undetermined", because=because, missing=missing
        )
        return waived(found, self.run.waivers)


def whole_hours(length: dt.timedelta) -> str:
    """Return a length of time in days and hours, or in minutes where it is short."""
    minutes = int(length.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    days, left = divmod(hours, 24)
    if days:
        return f"{days} d {left} h"
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def rulebook_of(workspace: Workspace, run: Run) -> Rulebook:
    """Return the rules that the run was started with; today's for a run from before clocks."""
    if run.rules is not None:
        return decode_rulebook(workspace.stores.events.pinned(run.rules.digest))
    return present_rulebook(workspace)


def present_rulebook(workspace: Workspace) -> Rulebook:
    """Return the rules and the organisation as they are now.

    Raises:
        DocumentError: a file of rules has errors.
    """
    return _for_organisation(workspace, load_books(workspace.sources))


def rulebook_for_start(workspace: Workspace) -> tuple[Rulebook, bool]:
    """Return the rules to start with, and whether the workspace's own had to be left out.

    A broken file of rules stops no response: the shipped rules stand in for all files then.
    """
    try:
        return present_rulebook(workspace), False
    except DocumentError:
        return _for_organisation(workspace, shipped_rulebook().books), True


def shipped_rulebook() -> Rulebook:
    """Return the rules that ship with ccir, for nobody in particular."""
    return Rulebook(books=load_books(Sources(None)))


def _for_organisation(workspace: Workspace, books: tuple[Obligations, ...]) -> Rulebook:
    settings = workspace.settings
    own = (*books, *contract_books(settings))
    return Rulebook(books=own, footing=footing_of(settings))


def clocks_named(playbook: Playbook) -> frozenset[str]:
    """Return the rules whose clocks the playbook's due times hang on."""
    named = (due.before for due in dues_of(playbook) if due.before is not None)
    return frozenset(name.partition(":")[2] for name in named)


def with_clock_times(workspace: Workspace, run: Run) -> Run:
    """Return the run with the instants of the clocks that its playbook hangs due times on."""
    named = clocks_named(run.playbook)
    if not named:
        return run
    clocks = RunClocks(workspace, run)
    found = {}
    for rule in sorted(filter(clocks.has, named)):
        computed = clocks.one(rule, None)
        instant = instant_to_work_to(computed.clock, computed.place.zone)
        if instant is not None:
            found[rule] = instant
    return msgspec.structs.replace(run, clock_times=found)
