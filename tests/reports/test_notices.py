from __future__ import annotations

import pytest

from ccir.domain.events import SendingStarted
from ccir.domain.notices import Counts
from ccir.reports.notices import ONE_ACCOUNT, NoticeReport
from support.full_run import approved, ended, previewed
from support.told_run import ToldRun

_ONE_ACCOUNT = frozenset({"customers"})


def _notice(told: ToldRun, *, at: float = 60, counts: Counts | None = None) -> NoticeReport:
    known = {} if counts is None else {"customers": counts}
    [notice] = told.report(at=at, counts=known).notices
    return notice


def test_a_notice_that_was_never_prepared_is_told_with_what_it_needs() -> None:
    notice = _notice(ToldRun())
    assert (notice.state, notice.versions) == ("not prepared", ())
    assert notice.needs == "2 by commander or counsel"
    assert notice.due is not None
    assert notice.due.shown == "2026-01-02 12:00 CET (11:00 UTC)"


@pytest.mark.parametrize(("at", "overdue"), [(180, False), (181, True)])
def test_a_notice_that_is_not_sent_in_time_is_overdue(at: float, *, overdue: bool) -> None:
    assert _notice(ToldRun(), at=at).overdue is overdue


def test_a_notice_goes_from_prepared_to_sent() -> None:
    told, states = ToldRun(), []
    for event in (
        previewed(told),
        approved(),
        approved(role="counsel"),
        SendingStarted(notice="customers", version=1, planned=40),
        ended(Counts(planned=3, accepted=37)),
        ended(Counts(accepted=40)),
    ):
        told.add(event, by="kim" if len(told.entries) % 2 else "robin")
        notice = _notice(told)
        states.append((notice.state, notice.versions[-1].state))
    assert states == [
        ("prepared, not approved", "not sent"),
        ("prepared, not approved", "not sent"),
        ("approved, not sent", "not sent"),
        ("being sent", "being sent"),
        ("partly sent", "partly sent"),
        ("sent", "sent"),
    ]


def test_a_version_tells_its_digest_its_author_and_who_was_left_out() -> None:
    told = ToldRun()
    told.add(previewed(told), by="kim", at=5, later=10)
    [version] = _notice(told).versions
    assert (version.version, version.digest, version.channel) == (1, "a" * 64, "mail")
    assert (version.author, version.at.later) == ("Kim Weber", "entered 10 min later")
    assert (version.recipients, version.left_out) == (40, "2 rejected, 1 doubled")
    assert version.languages == {"en": 30, "de": 10}


def test_approvals_tell_person_role_account_and_time() -> None:
    told = ToldRun()
    told.add(previewed(told), by="kim")
    told.add(approved(), by="robin", at=5, later=6, user="robin")
    told.add(approved(role="counsel"), by="kim", user="kim")
    first, second = _notice(told).versions[0].approvals
    assert (first.by, first.role, first.account) == ("Robin Weiss", "commander", "robin@desk")
    assert (first.event, first.at.later) == (3, "entered 6 min later")
    assert (second.by, second.account) == ("Kim Weber", "kim@desk")


def test_an_approval_belongs_to_its_version_only() -> None:
    told = ToldRun()
    told.add(previewed(told))
    told.add(approved(), by="robin")
    told.add(previewed(told, version=2, digest="b" * 64))
    told.add(approved(version=2), by="kim")
    first, second = _notice(told).versions
    assert [given.by for given in first.approvals] == ["Robin Weiss"]
    assert [given.by for given in second.approvals] == ["Kim Weber"]
    assert (first.digest, second.digest) == ("a" * 64, "b" * 64)


def test_the_newest_version_has_the_ledgers_counts_and_an_earlier_one_the_logs() -> None:
    told = ToldRun()
    told.add(previewed(told))
    told.add(ended(Counts(accepted=10, unknown=30)))
    told.add(previewed(told, version=2))
    first, second = _notice(told, counts=Counts(planned=30)).versions
    assert (first.counts, second.counts) == (Counts(accepted=10, unknown=30), Counts(planned=30))


def test_without_a_ledger_the_logs_counts_stand() -> None:
    told = ToldRun()
    told.add(previewed(told))
    told.add(ended(Counts(accepted=40)))
    assert _notice(told).versions[0].counts == Counts(accepted=40)


def test_approvals_through_one_account_are_called_asserted() -> None:
    told = ToldRun()
    told.add(previewed(told))
    told.add(approved(), by="robin")
    told.add(approved(role="counsel"), by="kim")
    told.add(previewed(told, version=2))
    [notice] = told.report(one_account=_ONE_ACCOUNT).notices
    assert [version.asserted for version in notice.versions] == [ONE_ACCOUNT, ONE_ACCOUNT]
    [notice] = told.report().notices
    assert [version.asserted for version in notice.versions] == [ONE_ACCOUNT, ""]
