"""What holds for every run, whatever people do: random commands against the test playbook."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from functools import reduce

import msgspec
from hypothesis import given as hypothetical
from hypothesis import settings
from hypothesis import strategies as st

from ccir.domain import commands as c
from ccir.domain import events as e
from ccir.domain.board import board
from ccir.domain.elapsed import elapsed
from ccir.domain.evolve import evolve, fold
from ccir.domain.notices import Counts
from ccir.domain.record import Entry, canonical
from ccir.domain.run import SETTLED, Run, unstarted
from ccir.domain.views import next_actions, notice_view
from ccir.domain.wording import sentence
from ccir.errors import NotFoundError, RefusedError
from support.events import ALERTED, BACKUP_CHECKED, COMMAND_RAN
from support.runs import PLAYBOOK, STEPS, carried_out, later, log_of, sealed


class Onwards(msgspec.Struct, frozen=True):
    """Whatever moves one of the workable steps on, so that stories get somewhere."""

    nth: int
    option: str
    reason: str

    def command(self, run: Run, now: dt.datetime) -> c.AnyCommand:
        """Return the command for the run as it stands."""
        workable = [view.step for view in board(run, now) if view.state in WORKABLE]
        if not workable:
            return c.ReopenRun(by="alex", reason=sealed())
        step = workable[self.nth % len(workable)]
        if step.kind == "decision":
            return c.Decide(by="alex", step=step.id, option=self.option, reason=sealed())
        if step.evidence is not None and run.record(step.id).evidence == 0:
            return c.AddEvidence(
                by="alex", sha256="0a" * 32, size_bytes=1, name=sealed(), step=step.id
            )
        if step.kind == "manual":
            return c.FinishStep(by="alex", step=step.id)
        return c.RecordWork(by="ccir", step=step.id, outcomes=(ALERTED,), reason=self.reason)


WORKABLE = {"ready", "active", "blocked", "failed"}
people = st.sampled_from(["alex", "blake", "chris", "dana", "erin", "ccir"])
steps = st.sampled_from([*(step.id for step in STEPS), "no-such-step"])
roles = st.sampled_from([*(role.id for role in PLAYBOOK.roles), "no-such-role"])
notices = st.sampled_from(["customers", "customers", "staff", "no-such-notice"])
reasons = st.just(sealed())
rules = st.sampled_from(["EU-ONE", "US-TWO"])
fact_values: st.SearchStrategy[tuple[str, e.FactValue]] = st.one_of(
    st.tuples(st.just("records"), st.integers(0, 9)),
    st.tuples(st.just("ransom"), st.booleans()),
    st.tuples(st.just("region"), st.sampled_from(["europe", "america"])),
    st.tuples(
        st.just("awareness"), st.integers(-600, 600).map(lambda count: later(count).isoformat())
    ),
    st.tuples(st.just("no_such_fact"), st.just(1)),
)
counts = st.builds(Counts, planned=st.integers(0, 1), accepted=st.integers(0, 3))
commands: st.SearchStrategy[c.AnyCommand] = st.one_of(
    st.builds(
        lambda by, fact: c.RecordFact(by=by, name=fact[0], value=fact[1]), people, fact_values
    ),
    st.builds(
        lambda by, minutes, reason: c.RecordFact(
            by=by, name="awareness", value=later(minutes).isoformat(), reason=reason
        ),
        people,
        st.integers(-600, 600),
        st.none() | reasons,
    ),
    st.builds(c.ConfirmFact, by=people, name=st.sampled_from(["awareness", "records"])),
    st.builds(
        c.MeetDuty,
        by=people,
        rule=rules,
        notice=st.none() | notices,
        reason=st.none() | reasons,
        is_late=st.booleans(),
    ),
    st.builds(c.ExplainDelay, by=people, rule=rules, reason=reasons),
    st.builds(
        c.WaiveDuty,
        by=people,
        rule=rules,
        reason=st.none() | reasons,
        review_on=st.none() | st.just(later(hours=99).date()),
    ),
    st.builds(c.AssignRole, by=people, role=roles, person=people),
    st.builds(c.HandOverRole, by=people, role=roles, person=people),
    st.builds(
        c.ChangeSeverity, by=people, severity=st.sampled_from(["sev1", "sev2"]), reason=reasons
    ),
    st.builds(c.AddNote, by=people, text=reasons),
    st.builds(c.StartStep, by=people, step=steps),
    st.builds(c.FinishStep, by=people, step=steps),
    st.builds(c.SkipStep, by=people, step=steps, reason=reasons),
    st.builds(c.BlockStep, by=people, step=steps, reason=reasons),
    st.builds(c.ReopenStep, by=people, step=steps, reason=reasons),
    st.builds(c.AssignStep, by=people, step=steps, person=people),
    st.builds(
        c.RecordWork,
        by=people,
        step=steps,
        outcomes=st.sampled_from([(), (COMMAND_RAN,), (BACKUP_CHECKED,)]),
        reason=st.sampled_from(["", "broken"]),
        pending=st.booleans(),
    ),
    st.builds(c.RecordOutcome, by=people, outcome=st.just(ALERTED)),
    st.builds(
        c.Decide,
        by=people,
        step=steps,
        option=st.sampled_from(["cut-off", "watch", "no"]),
        reason=reasons,
    ),
    st.builds(
        c.AddEvidence,
        by=people,
        sha256=st.just("0a" * 32),
        size_bytes=st.just(1),
        name=reasons,
        step=st.none() | steps,
    ),
    st.builds(
        c.CorrectEvent,
        by=people,
        seq=st.integers(0, 30),
        reason=reasons,
        value=st.none() | st.integers(0, 9),
    ),
    st.builds(c.PlaceHold, by=people, reason=reasons),
    st.builds(c.ReleaseHold, by=people, reason=reasons),
    st.builds(
        c.CloseRun,
        by=people,
        outcome=st.sampled_from(["resolved", "false-alarm"]),
        reason=st.none() | reasons,
    ),
    st.builds(c.ReopenRun, by=people, reason=reasons),
)
store = st.builds(
    c.StoreVersion,
    by=people,
    notice=notices,
    digest=st.sampled_from(["aa", "bb"]),
    text=reasons,
    channel=st.just("mail"),
    list=st.just("list-1"),
    recipients=st.just(3),
    rejected=st.just(0),
    duplicates=st.just(0),
    already_told=st.just(0),
    languages=st.just({"de": 3}),
)
approve = st.builds(
    c.ApproveNotice,
    by=people,
    notice=notices,
    roles=st.sampled_from([("privacy",), ("commander",), ()]),
    account=people,
    one_account_counts_once=st.booleans(),
    version=st.none() | st.integers(1, 2),
)
begin = st.builds(c.BeginSending, by=people, notice=notices, planned=st.just(3))
end = st.builds(
    c.EndSending,
    by=people,
    notice=notices,
    version=st.integers(1, 2),
    ended=st.just("complete"),
    counts=counts,
)
onwards = st.builds(
    Onwards,
    nth=st.integers(0, 9),
    option=st.sampled_from(["cut-off", "watch"]),
    reason=st.sampled_from(["", "", "broken"]),
)
Deed = c.AnyCommand | Onwards
Story = list[tuple[Deed, int]]
# A response that goes well, all the way to its end.
ON = Onwards(nth=0, option="cut-off", reason="")
STORED = c.StoreVersion(
    by="erin",
    notice="customers",
    digest="aa",
    text=sealed(),
    channel="mail",
    list="list-1",
    recipients=3,
    rejected=0,
    duplicates=0,
    already_told=0,
    languages={"de": 3},
)
WELL: tuple[tuple[Deed, int], ...] = (
    (c.RecordFact(by="alex", name="awareness", value=later(-60).isoformat()), 1),
    (c.RecordFact(by="alex", name="ransom", value=True), 1),
    *[(ON, 9)] * 4,
    (STORED, 1),
    (c.ApproveNotice(by="blake", notice="customers", roles=("privacy",), account="blake"), 1),
    (c.ApproveNotice(by="alex", notice="customers", roles=("commander",), account="alex"), 1),
    (c.BeginSending(by="erin", notice="customers", planned=3), 1),
    (
        c.EndSending(
            by="ccir",
            notice="customers",
            version=1,
            ended="complete",
            counts=Counts(accepted=3),
        ),
        1,
    ),
    *[(ON, 9)] * 6,
    (ON, 60 * 25),
    (c.CloseRun(by="alex", outcome="resolved"), 1),
    (c.ReopenRun(by="alex", reason=sealed()), 1),
)
strategies: list[st.SearchStrategy[Deed]] = [*[onwards] * 4, *[commands] * 5, store, begin, end]
strategies += [approve] * 3
deeds: st.SearchStrategy[Deed] = st.sampled_from(strategies).flatmap(lambda chosen: chosen)
# Each deed comes with how many minutes lie between it and the one before.
stories: st.SearchStrategy[Story] = st.builds(
    lambda beginning, rest: [*WELL[:beginning], *rest],
    st.integers(0, len(WELL)),
    st.lists(st.tuples(deeds, st.sampled_from([0, 1, 45, 14_400])), min_size=10, max_size=30),
)


def test_a_response_that_goes_well_comes_to_its_end() -> None:
    before_it_is_reopened = play([*WELL[:-1]]).runs[-1]
    assert (before_it_is_reopened.state, before_it_is_reopened.outcome) == ("closed", "resolved")
    assert play([*WELL]).runs[-1].state == "open"


class Played(msgspec.Struct, frozen=True):
    """Where a story came to, with every state on its way."""

    log: tuple[Entry, ...]
    runs: tuple[Run, ...]
    now: dt.datetime


def play(story: Story) -> Played:
    """Carry out a story; what the rules refuse is left out."""
    log = log_of()
    runs = [fold(PLAYBOOK, log)]
    now = later(1)
    for done, minutes in story:
        now += dt.timedelta(minutes=minutes)
        command = done.command(runs[-1], now) if isinstance(done, Onwards) else done
        before = canonical(runs[-1])
        with suppress(RefusedError, NotFoundError):
            run, added = carried_out(runs[-1], command, now, last=log[-1])
            assert canonical(runs[-1]) == before  # decided and evolved without touching it
            log.extend(added)
            runs.append(run)
            continue
        assert canonical(runs[-1]) == before  # a refusal changes nothing
    return Played(log=tuple(log), runs=tuple(runs), now=now)


def whatever_people_do_the_log_folds_to_the_run_it_led_to(played: Played) -> None:
    assert [entry.seq for entry in played.log] == list(range(1, len(played.log) + 1))
    folded = fold(PLAYBOOK, played.log)
    assert folded == played.runs[-1]
    assert canonical(folded) == canonical(fold(PLAYBOOK, played.log))
    assert folded == reduce(evolve, played.log, unstarted(PLAYBOOK))


def a_settled_step_stays_settled_until_it_is_reopened(played: Played) -> None:
    settled: dict[str, str] = {}
    run = unstarted(PLAYBOOK)
    for entry in played.log:
        run = evolve(run, entry)
        if isinstance(entry.event, e.StepReopened):
            settled.pop(entry.event.step, None)
        for step, state in settled.items():
            assert run.record(step).progress == state
        settled |= {
            step: record.progress
            for step, record in run.steps.items()
            if record.progress in SETTLED
        }


def every_state_on_the_way_can_be_shown(played: Played) -> None:
    for run in played.runs:
        views = board(run, played.now)
        workable = {v.step.id for v in views if v.state in WORKABLE}
        offered = {a.step for a in next_actions(run, played.now) if a.kind == "step"}
        assert offered == (workable if run.state == "open" else set())
        for notice in PLAYBOOK.notices:
            notice_view(run, notice, played.now)
    assert all(sentence(entry.event) for entry in played.log)


def what_time_did_is_recorded_once_and_not_before_its_moment(played: Played) -> None:
    now = played.now + dt.timedelta(days=30)
    run, log = played.runs[-1], played.log
    happened = elapsed(run, now)
    assert all(moment <= now for moment, _ in happened)
    note = c.AddNote(by="alex", text=sealed())
    after, added = carried_out(run, note, now, last=log[-1])
    assert [entry.event for entry in added[:-1]] == [event for _, event in happened]
    noted = {event.step for _, event in happened if isinstance(event, e.StepOverdue)}
    again = {event.step for _, event in elapsed(after, now) if isinstance(event, e.StepOverdue)}
    assert not noted & again


def nothing_goes_out_without_its_approvals(played: Played) -> None:
    run = unstarted(PLAYBOOK)
    for entry in played.log:
        if isinstance(entry.event, e.SendingStarted):
            notice, version = PLAYBOOK.notice(entry.event.notice), run.latest(entry.event.notice)
            assert notice is not None
            assert version is not None
            assert len({given.by for given in version.approvals}) >= notice.approvals.count
        run = evolve(run, entry)


def nobody_confirms_what_she_did_herself(played: Played) -> None:
    for run in played.runs:
        stated = [entry for entries in run.facts.values() for entry in entries]
        assert all(entry.confirmed_by != entry.by for entry in stated)
        assert all(waiver.confirmed_by != waiver.by for waiver in run.waivers.values())


def no_clock_begins_later_by_one_persons_statement(played: Played) -> None:
    run = unstarted(PLAYBOOK)
    for entry in played.log:
        before, run = run.fact("awareness"), evolve(run, entry)
        after = run.fact("awareness")
        if isinstance(entry.event, e.FactRecorded) and before is not None:
            assert after is not None
            assert str(after.value) <= str(before.value)


LAWS = (
    whatever_people_do_the_log_folds_to_the_run_it_led_to,
    a_settled_step_stays_settled_until_it_is_reopened,
    every_state_on_the_way_can_be_shown,
    what_time_did_is_recorded_once_and_not_before_its_moment,
    nothing_goes_out_without_its_approvals,
    nobody_confirms_what_she_did_herself,
    no_clock_begins_later_by_one_persons_statement,
)


# Playing a story takes longer than any law: each law is held against every story.
@settings(max_examples=2 * settings().max_examples)
@hypothetical(stories)
def test_whatever_people_do_every_law_holds(story: Story) -> None:
    played = play(story)
    for law in LAWS:
        law(played)
