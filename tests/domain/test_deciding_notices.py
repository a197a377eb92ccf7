"""Numbers in names are those of the approval rules in `ccir.domain.deciding_notices`."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from ccir.domain import commands as c
from ccir.domain import events as e
from ccir.domain.decide import decide
from ccir.domain.deciding_notices import latest_version
from ccir.domain.notice_approvals import approvals_missing, is_one_account
from ccir.domain.notices import Counts
from ccir.domain.run import Run
from ccir.errors import NotFoundError, RefusedError
from support.events import PREVIEWED
from support.runs import Said, given, later, sealed

NOW = later(30)
TRIAGED = e.StepFinished(step="triage", role="operations")
DECIDED = e.DecisionMade(step="isolate", role="commander", option="watch", reason=sealed())
FIRST = Said(event=PREVIEWED, by="erin")
SECOND = Said(event=replace(PREVIEWED, version=2, digest="ef" * 32), by="erin")
STORE = c.StoreVersion(
    by="erin",
    notice="customers",
    digest="cd" * 32,
    text=sealed("Dear customer"),
    channel="mail",
    list="list-1",
    recipients=3,
    rejected=1,
    duplicates=1,
    already_told=0,
    languages={"de": 2, "en": 1},
)
BY_BLAKE = c.ApproveNotice(by="blake", notice="customers", roles=("privacy",), account="blake")
BY_ALEX = c.ApproveNotice(
    by="alex", notice="customers", roles=("operations", "commander"), account="alex"
)
BEGIN = c.BeginSending(by="erin", notice="customers", planned=3)


def approved(by: str, *, version: int = 1, account: str | None = None) -> Said:
    event = e.NoticeApproved(
        notice="customers", version=version, digest=PREVIEWED.digest, role="privacy"
    )
    return Said(event=event, by=by, account=by if account is None else account)


def missing(run: Run) -> int:
    notice = run.playbook.notice("customers")
    assert notice is not None
    return approvals_missing(run, notice, latest_version(run, "customers"), now=NOW)


# --------------------------------------------------------------------------------------- versions


def test_the_first_preview_is_version_one() -> None:
    assert decide(given(), STORE, NOW) == [PREVIEWED]


@pytest.mark.parametrize("sending", [None, "complete", "stopped"])
def test_every_further_preview_is_the_next_version(sending: str | None) -> None:
    started = e.SendingStarted(notice="customers", version=1, planned=3)
    after: list[e.AnyEvent] = (
        [] if sending is None else [started, ended(sending, Counts(accepted=3))]
    )
    [stored] = decide(given(FIRST, *after), STORE, NOW)
    assert isinstance(stored, e.NoticePreviewed)
    assert stored.version == 2


def test_no_new_version_is_made_while_one_is_being_sent() -> None:
    run = given(FIRST, e.SendingStarted(notice="customers", version=1, planned=3))
    with pytest.raises(RefusedError, match="version 1 of 'customers' is being sent"):
        decide(run, STORE, NOW)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("costumers", "did you mean 'customers'?"), ("zzz", "its notices: customers, staff")],
)
def test_an_unknown_notice_is_refused_with_what_there_is(name: str, hint: str) -> None:
    end = c.EndSending(by="ccir", notice=name, version=1, ended="complete", counts=Counts())
    for command in (
        replace(STORE, notice=name),
        replace(BY_BLAKE, notice=name),
        replace(BEGIN, notice=name),
        end,
    ):
        with pytest.raises(NotFoundError, match=f"no notice '{name}'") as refused:
            decide(given(), command, NOW)
        assert refused.value.hint == hint


# -------------------------------------------------------------------------------------- approvals


def test_rule_1_an_approval_is_of_the_newest_version_by_its_digest() -> None:
    assert decide(given(FIRST, SECOND), BY_BLAKE, NOW) == [
        e.NoticeApproved(notice="customers", version=2, digest="ef" * 32, role="privacy")
    ]


def test_rule_1_a_newer_version_has_no_approval() -> None:
    run = given(FIRST, approved("blake"), approved("alex"))
    assert missing(run) == 0
    assert missing(given(FIRST, approved("blake"), approved("alex"), SECOND)) == 2


def test_rule_1_the_version_that_was_looked_at_has_to_be_the_newest() -> None:
    run = given(FIRST, SECOND)
    assert decide(run, replace(BY_BLAKE, version=2), NOW)
    with pytest.raises(RefusedError, match="version 1 of 'customers' is not the newest") as refused:
        decide(run, replace(BY_BLAKE, version=1), NOW)
    assert "version 2" in refused.value.hint


def test_rule_1_nothing_is_approved_before_there_is_a_version() -> None:
    with pytest.raises(RefusedError, match="'customers' has no version yet") as refused:
        decide(given(), BY_BLAKE, NOW)
    assert "ccir notice preview customers" in refused.value.hint


def test_rule_2_an_approval_counts_in_the_first_of_the_named_roles_that_the_person_holds() -> None:
    [event] = decide(given(FIRST), BY_ALEX, NOW)
    assert isinstance(event, e.NoticeApproved)
    assert event.role == "commander"


def test_rule_2_the_playbooks_order_of_roles_counts_and_not_the_persons() -> None:
    [event] = decide(given(FIRST), replace(BY_ALEX, roles=("commander", "privacy")), NOW)
    assert isinstance(event, e.NoticeApproved)
    assert event.role == "privacy"


def test_rule_2_who_holds_none_of_the_named_roles_does_not_approve() -> None:
    command = replace(BY_BLAKE, by="chris", roles=("operations",))
    with pytest.raises(RefusedError, match="chris holds none of the roles") as refused:
        decide(given(FIRST), command, NOW)
    assert refused.value.hint == "it takes privacy or commander"


def test_rule_2_where_no_role_is_named_anybody_approves() -> None:
    staff = Said(event=replace(PREVIEWED, notice="staff"), by="erin")
    command = replace(BY_BLAKE, by="gale", notice="staff", roles=())
    [event] = decide(given(staff), command, NOW)
    assert isinstance(event, e.NoticeApproved)
    assert event.role == ""


def test_rule_3_a_person_counts_once() -> None:
    run = given(FIRST, approved("blake"))
    assert missing(run) == 1
    with pytest.raises(RefusedError, match="blake has already approved version 1"):
        decide(run, replace(BY_BLAKE, account="another"), NOW)


def test_rule_3_even_a_log_with_two_approvals_of_one_person_counts_her_once() -> None:
    assert missing(given(FIRST, approved("blake"), approved("blake"))) == 1


def test_rule_3_an_account_counts_once_where_the_workspace_says_so() -> None:
    run = given(FIRST, approved("blake", account="shared"))
    command = replace(BY_ALEX, account="shared")
    assert decide(run, command, NOW)
    with pytest.raises(RefusedError, match="from the account 'shared' is already there"):
        decide(run, replace(command, one_account_counts_once=True), NOW)
    assert decide(run, replace(BY_ALEX, one_account_counts_once=True), NOW)


def test_two_approvals_through_one_account_are_told_apart_from_two_through_two() -> None:
    def through(*accounts: str) -> bool:
        people = ("blake", "alex")
        given_approvals = [
            approved(by, account=account) for by, account in zip(people, accounts, strict=False)
        ]
        return is_one_account(latest_version(given(FIRST, *given_approvals), "customers"))

    assert through("shared", "shared")
    assert not through("blake", "alex")
    assert not through("blake")
    assert not through()


def test_rule_4_the_author_alone_is_never_enough_for_two() -> None:
    by_author = Said(event=PREVIEWED, by="blake")
    run = given(TRIAGED, DECIDED, by_author, approved("blake"))
    assert missing(run) == 1
    with pytest.raises(RefusedError, match="lacks 1 of 2 approvals by privacy or commander"):
        decide(run, BEGIN, NOW)
    assert missing(given(by_author, approved("blake"), approved("alex"))) == 0


def test_rule_4_where_one_is_enough_it_may_be_the_author() -> None:
    staff = Said(event=replace(PREVIEWED, notice="staff"), by="erin")
    ok = Said(
        event=e.NoticeApproved(notice="staff", version=1, digest=PREVIEWED.digest, role=""),
        by="erin",
    )
    assert decide(given(staff, ok), replace(BEGIN, notice="staff"), NOW)


# ---------------------------------------------------------------------------------------- sending


def test_rule_7_an_approved_version_goes_out_after_its_step() -> None:
    run = given(TRIAGED, DECIDED, FIRST, approved("blake"), approved("alex"))
    assert decide(run, BEGIN, NOW) == [e.SendingStarted(notice="customers", version=1, planned=3)]


def test_rule_7_a_version_waits_for_the_step_that_it_comes_after() -> None:
    run = given(TRIAGED, FIRST, approved("blake"), approved("alex"))
    with pytest.raises(RefusedError, match="after step 'isolate', which is ready") as refused:
        decide(run, BEGIN, NOW)
    assert refused.value.hint == "`ccir step show isolate`"


@pytest.mark.parametrize("given_by", [(), ("blake",)])
def test_rule_7_a_version_with_too_few_approvals_stays(given_by: tuple[str, ...]) -> None:
    run = given(TRIAGED, DECIDED, FIRST, *map(approved, given_by))
    lacking = 2 - len(given_by)
    with pytest.raises(RefusedError, match=f"lacks {lacking} of 2 approvals") as refused:
        decide(run, BEGIN, NOW)
    assert "ccir notice approve customers" in refused.value.hint


def test_rule_7_where_no_role_is_named_none_is_asked_for() -> None:
    staff = Said(event=replace(PREVIEWED, notice="staff"), by="erin")
    with pytest.raises(RefusedError, match=r"lacks 1 of 1 approvals$"):
        decide(given(staff), replace(BEGIN, notice="staff"), NOW)


def test_nothing_is_sent_before_there_is_a_version() -> None:
    with pytest.raises(RefusedError, match="no version yet"):
        decide(given(), BEGIN, NOW)


def ended(how: str, counts: Counts) -> e.SendingEnded:
    return e.SendingEnded(
        notice="customers", version=1, ended=how, counts=counts, detail="the server said so"
    )


def test_the_end_of_a_sending_is_recorded_as_it_was() -> None:
    counts = Counts(accepted=2, planned=1)
    command = c.EndSending(
        by="ccir",
        notice="customers",
        version=1,
        ended="unavailable",
        counts=counts,
        detail="the server said so",
    )
    run = given(FIRST, e.SendingStarted(notice="customers", version=1, planned=3))
    assert decide(run, command, NOW) == [ended("unavailable", counts)]


# -------------------------------------------------------------- refused, paused, stopped, too early

DENY = c.DenyNotice(by="blake", notice="customers", roles=("privacy",), reason=sealed("wrong"))
PAUSE = c.HaltSending(by="erin", notice="customers", halt="paused", reason=sealed("wait"))
STOP = replace(PAUSE, halt="stopped")
GO_ON = c.ReleaseSending(by="erin", notice="customers")
STARTED = e.SendingStarted(notice="customers", version=1, planned=3)
DENIED = e.NoticeDenied(
    notice="customers", version=1, digest="cd" * 32, role="privacy", reason=sealed("wrong")
)
PAUSED = e.SendingHalted(notice="customers", version=1, halt="paused", reason=sealed("wait"))
STOPPED = replace(PAUSED, halt="stopped")
APPROVED_BY_TWO = (TRIAGED, DECIDED, FIRST, approved("blake"), approved("alex"))


def test_rule_4_the_author_alone_lets_nothing_out_to_customers() -> None:
    run = given(FIRST, approved("erin"))
    notice = run.playbook.notice("customers")
    assert notice is not None
    single = replace(notice, approvals=replace(notice.approvals, count=1))
    version = latest_version(run, "customers")
    assert approvals_missing(run, single, version, now=NOW) == 1
    by_another = latest_version(given(FIRST, approved("blake")), "customers")
    assert approvals_missing(run, single, by_another, now=NOW) == 0
    to_staff = replace(single, audience="employees")
    assert approvals_missing(run, to_staff, version, now=NOW) == 0


def test_rule_5_an_approval_that_is_too_old_does_not_count_and_may_be_given_again() -> None:
    run = given(FIRST, approved("blake"), approved("alex"))
    notice = run.playbook.notice("customers")
    assert notice is not None
    expiring = replace(notice, approvals=replace(notice.approvals, valid_for="1h"))
    version = latest_version(run, "customers")
    given_at = version.approvals[-1].at
    hour = later(60) - later(0)
    assert approvals_missing(run, expiring, version, now=given_at) == 0
    assert approvals_missing(run, expiring, version, now=version.approvals[0].at + hour) == 0
    assert approvals_missing(run, expiring, version, now=given_at + hour) == 1
    assert approvals_missing(run, expiring, version, now=given_at + 2 * hour) == 2


def test_rule_6_who_may_approve_may_refuse_and_then_nothing_goes_out() -> None:
    assert decide(given(FIRST), DENY, NOW) == [DENIED]
    with pytest.raises(RefusedError, match="chris holds none of the roles"):
        decide(given(FIRST), replace(DENY, by="chris", roles=("operations",)), NOW)
    refused = given(*APPROVED_BY_TWO, DENIED)
    for command in (BY_ALEX, BEGIN, DENY, PAUSE):
        with pytest.raises(RefusedError, match="alex has refused version 1"):
            decide(refused, command, NOW)
    [again] = decide(refused, STORE, NOW)
    assert isinstance(again, e.NoticePreviewed)
    assert again.version == 2


def test_rule_6_what_is_going_out_is_stopped_and_not_refused() -> None:
    with pytest.raises(RefusedError, match="began to go out already") as refused:
        decide(given(FIRST, STARTED), DENY, NOW)
    assert "ccir notice stop customers" in refused.value.hint


def test_rule_6_a_paused_sending_goes_on_only_when_it_is_released() -> None:
    run = given(*APPROVED_BY_TWO, STARTED)
    assert decide(run, PAUSE, NOW) == [PAUSED]
    paused = given(*APPROVED_BY_TWO, STARTED, PAUSED)
    with pytest.raises(RefusedError, match="is paused"):
        decide(paused, BEGIN, NOW)
    with pytest.raises(RefusedError, match="is paused already"):
        decide(paused, PAUSE, NOW)
    released = e.SendingReleased(notice="customers", version=1)
    assert decide(paused, GO_ON, NOW) == [released]
    going_on = given(*APPROVED_BY_TWO, STARTED, PAUSED, released)
    assert decide(going_on, BEGIN, NOW)
    with pytest.raises(RefusedError, match="is not paused"):
        decide(going_on, GO_ON, NOW)


def test_rule_6_a_stopped_version_never_goes_on() -> None:
    stopped = given(*APPROVED_BY_TWO, STARTED, PAUSED, STOPPED)
    for command in (GO_ON, BEGIN, PAUSE, STOP, BY_ALEX):
        with pytest.raises(RefusedError, match="was stopped for good"):
            decide(stopped, command, NOW)


def test_rule_6_what_has_gone_out_cannot_be_stopped() -> None:
    sent = given(*APPROVED_BY_TWO, STARTED, ended("complete", Counts(accepted=3)))
    with pytest.raises(RefusedError, match="has gone out") as refused:
        decide(sent, STOP, NOW)
    assert "--again" in refused.value.hint


def test_rule_7_nothing_goes_out_before_its_time() -> None:
    early = Said(event=replace(PREVIEWED, not_before=later(60)), by="erin")
    run = given(TRIAGED, DECIDED, early, approved("blake"), approved("alex"))
    with pytest.raises(RefusedError, match="is not to go out before 2026-03-02"):
        decide(run, BEGIN, later(59))
    assert decide(run, BEGIN, later(60))


def test_a_version_keeps_the_rate_and_the_time_it_was_made_with() -> None:
    [stored] = decide(given(), replace(STORE, per_second=14.0, not_before=later(60)), NOW)
    assert isinstance(stored, e.NoticePreviewed)
    assert (stored.per_second, stored.not_before) == (14.0, later(60))
