from __future__ import annotations

from ccir.domain.ledger import Mark
from ccir.domain.notices import Counts
from ccir.engine.workspace import Workspace
from support import bounces
from support.returned_notice import (
    KEY,
    ROWS,
    address,
    counts,
    events,
    key_of,
    later,
    read,
    version,
)


def test_a_doubt_is_closed_by_a_report(accepted: Workspace) -> None:
    read(accepted, bounces.postfix(address(accepted, ROWS), action="relayed", status="2.0.0"))
    assert counts(accepted) == Counts(accepted=ROWS)
    read(accepted, bounces.postfix(address(accepted, ROWS), action="delivered", status="2.0.0"))
    assert counts(accepted) == Counts(accepted=ROWS - 1, delivered=1)


def test_a_message_that_came_back_after_days_was_not_received_but_its_address_lives(
    accepted: Workspace,
) -> None:
    mail = bounces.postfix(
        address(accepted, 1), status="4.4.1", words="connect to mx.customers.example: timed out"
    )
    assert read(accepted, mail).suppressed == 0
    assert counts(accepted).bounced == 1


def test_a_full_mailbox_is_a_bounce_and_no_dead_address(accepted: Workspace) -> None:
    assert read(accepted, bounces.gmail(address(accepted, 1))).suppressed == 0
    assert counts(accepted).bounced == 1


def test_dead_addresses_and_complaints_are_suppressed_by_their_hashes(accepted: Workspace) -> None:
    found = read(
        accepted,
        bounces.postfix(address(accepted, 1)),
        bounces.complaint(address(accepted, 2)),
        bounces.exchange(address(accepted, 3)),
    )
    people = accepted.stores.people
    assert found.suppressed == 3
    assert people.suppressed(["dead-address"]) == {key_of(accepted, 1), key_of(accepted, 3)}
    assert people.suppressed(["complaint"]) == {key_of(accepted, 2)}
    assert counts(accepted) == Counts(unknown=1, delivered=1, bounced=2), "who complains has it"


def test_a_failure_after_a_delivery_counts_and_not_the_other_way_round(
    accepted: Workspace,
) -> None:
    delivered = bounces.postfix(address(accepted, 1), action="delivered", status="2.0.0")
    read(accepted, bounces.postfix(address(accepted, 1)), delivered)
    assert counts(accepted).bounced == 1
    later = bounces.postfix(address(accepted, 1), action="delivered", status="2.0.0", own_id="3@r")
    assert read(accepted, later).versions == (version(ignored=1),)
    assert counts(accepted).bounced == 1


def test_who_confirmed_stays_confirmed(accepted: Workspace) -> None:
    confirmed = Mark(
        row=1, state="confirmed", basis="acknowledgement", known=frozenset({"accepted"})
    )
    accepted.stores.ledger.mark(KEY, [confirmed])
    assert read(accepted, bounces.postfix(address(accepted, 1))).versions == (version(ignored=1),)
    assert counts(accepted).confirmed == 1


def test_a_dry_run_counts_the_same_and_keeps_nothing(accepted: Workspace) -> None:
    mails = [
        bounces.postfix(address(accepted, 1), action="delivered", status="2.0.0"),
        bounces.postfix(address(accepted, 1)),
        bounces.postfix(address(accepted, ROWS), action="relayed", status="2.0.0"),
        bounces.complaint(address(accepted, 2)),
    ]
    before = counts(accepted)
    dry = read(accepted, *mails, is_dry=True)
    assert counts(accepted) == before
    assert events(accepted) == []
    assert accepted.stores.people.suppression_counts() == {}
    assert read(accepted, *mails) == dry
    assert dry.versions == (version(bounced=1, delivered=2),)


def test_reports_of_a_closed_run_are_taken(accepted: Workspace) -> None:
    closing = later(accepted.folder, seed=98)
    closing("close", "--outcome", "false-alarm", "--reason", "nothing was lost")
    assert read(accepted, bounces.postfix(address(accepted, 1))).versions == (version(bounced=1),)
