"""Worked examples: the shipped rules and the law's arithmetic give the dates that were worked out.

Each row of deadlines.txt is derived from the rule it names; the first a law firm published.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ccir.catalog.calendars import shipped_calendars
from ccir.catalog.sources import Sources
from ccir.domain.deadlines import Due, Place, deadline_of
from ccir.domain.moments import zone_of
from ccir.domain.obligations import Rule
from ccir.domain.workdays import WorkCalendar
from ccir.engine.obligations import all_rules

ZONES = {
    "DE": "Europe/Berlin",
    "FR": "Europe/Paris",
    "US": "America/New_York",
    "US-SEC": "America/New_York",
    "US-CA": "America/Los_Angeles",
    "US-NY": "America/New_York",
    "US-TX": "America/Chicago",
    "BR": "America/Sao_Paulo",
    "JP-GOV": "Asia/Tokyo",
}
TABLE = Path(__file__).with_name("deadlines.txt").read_text(encoding="utf-8")
EXAMPLES = [
    [*(cell.strip() for cell in line.split("|")), ""][:6]
    for line in TABLE.splitlines()
    if not line.startswith("#")
]


@pytest.fixture(scope="module")
def rules() -> dict[str, Rule]:
    return {view.rule.id: view.rule for view in all_rules(Sources(None), dt.date(2026, 11, 24))}


@pytest.mark.parametrize(
    ("name", "place", "given", "plan_by", "legal_due", "contested"),
    EXAMPLES,
    ids=[f"{row[0]} {row[2]}" for row in EXAMPLES],
)
def test_a_rule_gives_the_dates_that_were_worked_out(
    *,
    rules: dict[str, Rule],
    name: str,
    place: str,
    given: str,
    plan_by: str,
    legal_due: str,
    contested: str,
) -> None:
    rule, _, moved = name.partition(" ")
    pairs = (text.rsplit("=", 1) for text in given.split())
    found = deadline_of(
        rules[rule],
        {event: due(at) for event, at in pairs},
        place=Place(zone=zone_of(ZONES.get(place, "UTC")), calendar=calendar(place)),
        may_move=bool(moved),
    )
    assert found is not None
    latest = plan_by if legal_due == "=" else legal_due
    assert (shown(found.plan_by), shown(found.legal_due)) == (plan_by, latest)
    assert found.contested is (contested == "contested")
    assert shown(found.plan_by) in " ".join(found.steps)


def calendar(place: str) -> WorkCalendar:
    if place == "none":
        return WorkCalendar(id="none")
    return shipped_calendars().named(place)


def due(text: str) -> Due:
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def shown(at: Due) -> str:
    return at.isoformat(timespec="minutes") if isinstance(at, dt.datetime) else at.isoformat()
