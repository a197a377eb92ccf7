"""How each duty to tell somebody stands: by when it was owed, who met it, and why it was not."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.domain.clocks import Clock
from ccir.domain.deadlines import end_of
from ccir.domain.duty_facts import Due, base_name
from ccir.domain.events import DutyMet
from ccir.domain.obligations import limit_in_words
from ccir.domain.record import Entry
from ccir.domain.run import Run
from ccir.reports.telling import Moment, Teller

NO_REASON = "no reason recorded"
_DIGITS = 12


class DutyClock(msgspec.Struct, frozen=True, kw_only=True):
    """A duty's clock as it comes from whoever computed it, with the zone that it counts in.

    `touches` says whether the duty's place and sector are those of the run; None: not known.
    `margin` is how long before or after the latest reading it was met.
    """

    clock: Clock
    zone: dt.tzinfo
    touches: bool | None = True
    margin: str = ""
    doubts: tuple[str, ...] = ()


class SubmissionReport(msgspec.Struct, frozen=True, kw_only=True):
    """One telling: `notice` is the notice of this run by which it was done, if it was by one.

    `evidence` holds the first digits of the receipt's SHA-256; `wrong` a later correction.
    """

    event: int
    at: Moment
    by: str
    notice: str
    reference: str
    evidence: str
    wrong: str


class WaiverReport(msgspec.Struct, frozen=True, kw_only=True):
    """A decision not to tell; `confirmed_by` is empty while no second person stands for it."""

    at: Moment
    by: str
    confirmed_by: str
    reason: str
    review_on: dt.date


class DutyReport(msgspec.Struct, frozen=True, kw_only=True):
    """A duty that applies or may apply.

    `started` is None while that is not known; `work_to` is the end of the strict reading and
    `latest` that of the latest one. `reason` tells a delay; it is `NO_REASON` where one is due.
    """

    rule: str
    citation: str
    recipient: str
    state: str
    because: str
    limit: str
    started_by: str
    started: Moment | None
    work_to: Moment | None
    latest: Moment | None
    contested: bool
    target: Moment | None
    submissions: tuple[SubmissionReport, ...]
    margin: str
    reason: str
    waiver: WaiverReport | None
    held_from: Moment | None
    held_until: Moment | None
    doubts: tuple[str, ...]


class Duties:
    """Tells a run's duties."""

    def __init__(self, run: Run, entries: tuple[Entry, ...], *, teller: Teller) -> None:
        self._run = run
        self._entries = entries
        self._teller = teller

    def is_told(self, each: DutyClock) -> bool:
        """Return whether the duty stands in the register.

        It does where it applies, where it may in a place that is the run's, and where
        somebody acted on it.
        """
        rule, state = each.clock.duty.rule.id, each.clock.state
        if rule in {*self._run.submissions, *self._run.waivers, *self._run.delays}:
            return True
        return state != "not-applicable" and not is_waiting(each)

    def told(self, clocks: tuple[DutyClock, ...]) -> tuple[DutyReport, ...]:
        """Return the duties that stand in the register, in the order given."""
        return tuple(self._duty(each) for each in clocks if self.is_told(each))

    def _duty(self, each: DutyClock) -> DutyReport:
        clock, zone = each.clock, each.zone
        rule, deadline, hold = clock.duty.rule, clock.deadline, clock.hold
        return DutyReport(
            rule=rule.id,
            citation=rule.citation,
            recipient=rule.recipient_name,
            state=clock.state,
            because="" if clock.state == "waived" else clock.because,
            limit=limit_in_words(rule),
            started_by=base_name(rule.trigger.event).replace("_", " ").replace(":", " of "),
            started=self._since(clock.trigger, zone),
            work_to=None if deadline is None else self._until(deadline.plan_by, zone),
            latest=None if deadline is None else self._until(deadline.legal_due, zone),
            contested=deadline is not None and deadline.contested,
            target=self._teller.moment_or_none(clock.target),
            submissions=self._submissions(rule.id),
            margin=each.margin,
            reason=self._reason(clock),
            waiver=self._waiver(rule.id),
            held_from=None if hold is None else self._since(hold.since, zone),
            held_until=None if hold is None else self._until(hold.until, zone),
            doubts=each.doubts,
        )

    def _submissions(self, rule: str) -> tuple[SubmissionReport, ...]:
        return tuple(
            self._submission(entry, entry.event)
            for entry in self._entries
            if isinstance(entry.event, DutyMet) and entry.event.rule == rule
        )

    def _submission(self, entry: Entry, event: DutyMet) -> SubmissionReport:
        notice = None if event.notice is None else self._run.playbook.notice(event.notice)
        return SubmissionReport(
            event=entry.seq,
            at=self._teller.happened(entry),
            by=self._teller.name(entry.by),
            notice=(event.notice or "") if notice is None else f"{notice.title} ({notice.id})",
            reference=self._teller.said(event.reference),
            evidence=(event.evidence or "")[:_DIGITS],
            wrong=self._teller.called_wrong(entry.seq),
        )

    def _reason(self, clock: Clock) -> str:
        """Return why somebody is told late, or was not told when the run was closed."""
        recorded = self._run.delays.get(clock.duty.rule.id)
        if recorded is not None:
            return self._teller.said(recorded)
        is_left = clock.state == "open" and self._run.state == "closed"
        return NO_REASON if clock.state == "late" or is_left else ""

    def _waiver(self, rule: str) -> WaiverReport | None:
        waiver = self._run.waivers.get(rule)
        if waiver is None:
            return None
        return WaiverReport(
            at=self._teller.moment(waiver.at),
            by=self._teller.name(waiver.by),
            confirmed_by=self._teller.name(waiver.confirmed_by) if waiver.confirmed_by else "",
            reason=self._teller.said(waiver.reason),
            review_on=waiver.review_on,
        )

    def _since(self, due: Due | None, zone: dt.tzinfo) -> Moment | None:
        """Return a beginning; a day begins with its first instant."""
        if due is None or isinstance(due, dt.datetime):
            return self._teller.moment_or_none(due)
        start = dt.datetime.combine(due, dt.time(), zone)
        return Moment(at=start.astimezone(dt.UTC), shown=f"{due} (day in {zone})")

    def _until(self, due: Due | None, zone: dt.tzinfo) -> Moment | None:
        """Return an end; a day ends with its last instant."""
        if due is None or isinstance(due, dt.datetime):
            return self._teller.moment_or_none(due)
        return Moment(at=end_of(due, zone), shown=f"{due} (end of the day in {zone})")


def is_waiting(each: DutyClock) -> bool:
    """Return whether it is not even known that the duty's place and sector are the run's."""
    return each.clock.state == "undetermined" and each.touches is None
