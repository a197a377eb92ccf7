"""The contract of every store for the suppression list; `member` is a `StoreFactory`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ccir.domain.suppressions import SUPPRESSION_REASONS, Suppression, SuppressionReason
from ccir.store.interface import StoreFactory
from ccir.store.people_interface import People
from support.stores import opened

AT = dt.datetime(2026, 1, 2, 8, 0, tzinfo=dt.UTC)
MARKS = [f"{number:02x}" * 32 for number in range(1, 4)]
ADDRESS = "grace.hopper@customers.example"


@pytest.fixture
def people(member: StoreFactory, tmp_path: Path) -> People:
    return opened(member, tmp_path).people


def entry(key: str, reason: SuppressionReason = "dead-address") -> Suppression:
    return Suppression(key=key, reason=reason, at=AT, run="INC-2026-0001", notice="customers")


def test_an_address_is_listed_once_for_each_reason(people: People) -> None:
    assert people.suppress([entry("a"), entry("b"), entry("a"), entry("a", "complaint")]) == 3
    assert people.suppress([entry("a")]) == 0
    assert people.suppression_counts() == {"complaint": 1, "dead-address": 2}
    assert people.suppressed(["dead-address"]) == {"a", "b"}
    assert people.suppressed(["complaint", "by-hand"]) == {"a"}
    assert people.suppressed([]) == set()


def test_an_address_is_taken_off_whatever_the_reason(people: People) -> None:
    people.suppress([entry("a"), entry("a", "complaint"), entry("b")])
    assert people.unsuppress(["a", "c"]) == 1
    assert people.suppressed(SUPPRESSION_REASONS) == {"b"}


def test_an_empty_list_counts_nobody(people: People) -> None:
    assert people.suppression_counts() == {}
    assert people.suppress([]) == 0
    assert people.unsuppress([]) == 0


def test_a_mail_that_was_read_is_known(people: People) -> None:
    people.remember_mails(MARKS[:2])
    people.remember_mails(MARKS[:1])
    assert [people.is_mail_read(mark) for mark in MARKS] == [True, True, False]


def test_a_mark_cannot_be_made_of_an_addresss_hash(people: People) -> None:
    assert people.bounce_mark(ADDRESS.encode()) == people.bounce_mark(ADDRESS.encode())
    assert people.bounce_mark(ADDRESS.encode()) != people.key_of(ADDRESS)
