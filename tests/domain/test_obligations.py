from __future__ import annotations

import datetime as dt

import msgspec
import pytest

from ccir.domain.obligations import (
    Cap,
    Rule,
    Trigger,
    Verification,
    VerifiedBy,
    doubts,
    limit_in_words,
)

TODAY = dt.date(2026, 11, 24)
RULE = Rule(
    id="EU-GDPR-33-SA",
    tier="core",
    regime="GDPR",
    citation="Art. 33(1)",
    sector="general",
    obligated_party="controller",
    recipient="supervisory_authority",
    recipient_name="the authority",
    trigger=Trigger(event="awareness"),
    standard="without undue delay",
    hard_limit=True,
    computation="eu_1182_hours",
    status="in_force",
    verified=Verification(status="verified_text", as_of="2026-10"),
)
HOURS = Cap(amount=72, unit="hours", start="awareness")
WITH_IT = Cap(amount=0, unit="calendar_days", start="notice_to_individuals")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("verified_text", ()),
        ("verified_secondary", ("not read in the law itself",)),
        ("partly", ("checked in part",)),
        ("memory", ("from memory, unchecked",)),
    ],
)
def test_how_far_a_rule_was_checked_is_always_said(
    status: VerifiedBy, words: tuple[str, ...]
) -> None:
    assert doubts(Verification(status=status, as_of="2026-10"), TODAY) == words
    assert doubts(Verification(status=status), TODAY) == words


@pytest.mark.parametrize(
    ("as_of", "is_old"),
    [("2025-11", False), ("2025-10", True), ("2025", False), ("2024", True), ("2021-12", True)],
)
def test_what_was_checked_more_than_a_year_ago_is_marked(as_of: str, *, is_old: bool) -> None:
    found = doubts(Verification(status="verified_text", as_of=as_of), TODAY)
    assert bool(found) is is_old
    assert not is_old or "more than a year ago" in found[0]


def test_a_limit_is_told_as_it_is_written() -> None:
    assert limit_in_words(RULE) == "without undue delay"
    one = msgspec.structs.replace(RULE, caps=(HOURS,))
    assert limit_in_words(one) == "without undue delay: 72 hours after awareness"
    both = msgspec.structs.replace(RULE, caps=(HOURS, WITH_IT), combine="earliest")
    assert limit_in_words(both) == (
        "without undue delay: the earliest of: 72 hours after awareness; "
        "no later than notice to individuals"
    )
