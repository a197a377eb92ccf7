from __future__ import annotations

import pytest

from ccir.delivery.bounce_meaning import mark_of, suppression_reason
from ccir.delivery.bounce_reports import Outcome, Report
from ccir.domain.ledger import Mark
from ccir.domain.notices import LedgerState

ADDRESS = "grace.hopper@customers.example"


def failed(status: str) -> Report:
    return Report(outcome="failed", status=status)


def test_a_failure_takes_back_what_was_believed_and_names_nobody() -> None:
    words = f"550 5.1.1 <{ADDRESS}> grace.hopper is unknown, ask postmaster@customers.example"
    report = Report(outcome="failed", status="5.1.1", code=550, words=words)
    mark = mark_of(report, row=3, address=ADDRESS)
    assert mark == Mark(
        row=3,
        state="bounced",
        basis="report",
        known=frozenset({"accepted", "unknown", "delivered"}),
        code=550,
        reply="550 5.1.1 <g***r@c***.example> … is unknown, ask p***r@c***.example",
    )


def test_a_status_that_the_words_lack_stands_before_them() -> None:
    report = Report(outcome="failed", status="5.2.2", words="mailbox full")
    mark = mark_of(report, row=3, address=ADDRESS)
    assert mark is not None
    assert mark.reply == "5.2.2 mailbox full"


@pytest.mark.parametrize(
    ("outcome", "state", "known"),
    [
        ("delivered", "delivered", {"accepted", "unknown"}),
        ("complained", "delivered", {"accepted", "unknown"}),
        ("relayed", "accepted", {"unknown"}),
    ],
)
def test_a_good_report_closes_a_doubt(
    outcome: Outcome, *, state: LedgerState, known: set[LedgerState]
) -> None:
    mark = mark_of(Report(outcome=outcome), row=3, address=ADDRESS)
    assert mark is not None
    assert (mark.state, mark.reply) == (state, "")
    assert mark.known == frozenset(known)


def test_a_delay_changes_nothing() -> None:
    report = Report(outcome="delayed", status="4.4.1")
    assert mark_of(report, row=3, address=ADDRESS) is None
    assert suppression_reason(report) is None


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"])
def test_an_address_that_is_not_there_is_dead(status: str) -> None:
    assert suppression_reason(failed(status)) == "dead-address"


@pytest.mark.parametrize(
    "status",
    ["5.2.2", "5.2.3", "5.7.1", "5.1.7", "5.1.8", "5.1.5", "5.3.4", "4.4.1", "4.1.1", "5.0.0", ""],
)
def test_a_failure_that_says_nothing_of_the_address_keeps_it_alive(status: str) -> None:
    assert suppression_reason(failed(status)) is None
    assert mark_of(failed(status), row=3, address=ADDRESS) is not None, "she was not told"


def test_who_complains_has_a_reason_of_her_own() -> None:
    assert suppression_reason(Report(outcome="complained")) == "complaint"
    assert suppression_reason(Report(outcome="delivered")) is None
