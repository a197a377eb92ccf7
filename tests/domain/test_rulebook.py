from __future__ import annotations

from typing import get_args

from ccir.domain.bases import BASES
from ccir.domain.obligations import Computation, FollowUp, Obligations
from ccir.domain.rulebook import Rulebook
from support.duties import ruled

BOOK = Obligations(
    id="us-ca",
    version="1.0.0",
    jurisdiction="US-CA",
    title="California",
    zone="America/Los_Angeles",
    calendar="US-CA",
    rules=(ruled(follow_up=(FollowUp(stage="more", start="recovery"),)), ruled(id="US-CA-AG")),
)


def test_every_duty_is_followed_by_its_reports_and_knows_its_place() -> None:
    found = list(Rulebook(books=(BOOK,)).entries())
    ids = [entry.duty.rule.id for entry in found]
    assert ids == ["US-CA-IND", "US-CA-IND.1", "US-CA-AG"]
    places = {(entry.duty.jurisdiction, entry.zone, entry.calendar) for entry in found}
    assert places == {("US-CA", "America/Los_Angeles", "US-CA")}


def test_a_book_without_files_has_no_duties() -> None:
    assert list(Rulebook(books=()).entries()) == []


def test_every_arithmetic_says_what_it_does_in_one_sentence() -> None:
    assert set(BASES) == set(get_args(Computation))
    assert all(text and not text.endswith(".") for text in BASES.values())
