"""What an event about a duty does to a run."""

from __future__ import annotations

from msgspec.structs import replace

from ccir.domain import events as e
from ccir.domain.record import Entry
from ccir.domain.run import Run, Submission, Waiver

DutyEvent = e.DutyMet | e.DelayExplained | e.DutyWaived | e.WaiverConfirmed | e.RulesRenewed


def with_duty(run: Run, entry: Entry, event: DutyEvent) -> Run:
    """Return the run after the event."""
    match event:
        case e.RulesRenewed(rules=rules):
            return replace(run, rules=rules)
        case e.DutyMet():
            return _met(run, entry, event)
        case e.DelayExplained(rule=rule, reason=reason):
            return replace(run, delays=run.delays | {rule: reason})
        case e.DutyWaived(rule=rule, reason=reason, review_on=review_on):
            waiver = Waiver(
                seq=entry.seq, by=entry.by, at=entry.at, reason=reason, review_on=review_on
            )
            return replace(run, waivers=run.waivers | {rule: waiver})
        case e.WaiverConfirmed(rule=rule):
            waiver = replace(run.waivers[rule], confirmed_by=entry.by)
            return replace(run, waivers=run.waivers | {rule: waiver})


def without_duty(run: Run, seq: int) -> Run:
    """Return the run as if the event of that number had met or waived nothing."""
    kept = {
        rule: tuple(each for each in told if each.seq != seq)
        for rule, told in run.submissions.items()
    }
    return replace(
        run,
        submissions={rule: told for rule, told in kept.items() if told},
        waivers={rule: waiver for rule, waiver in run.waivers.items() if waiver.seq != seq},
    )


def _met(run: Run, entry: Entry, event: e.DutyMet) -> Run:
    told = Submission(
        seq=entry.seq,
        at=entry.at,
        by=entry.by,
        reference=event.reference,
        evidence=event.evidence,
        notice=event.notice,
    )
    before = run.submissions.get(event.rule, ())
    submissions = run.submissions | {event.rule: (*before, told)}
    delays = run.delays if event.reason is None else run.delays | {event.rule: event.reason}
    return replace(run, submissions=submissions, delays=delays)
