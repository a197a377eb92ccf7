"""Worked examples: the shipped rules and the law's arithmetic give the dates that were worked out.

Each row is derived from the rule it names; the first was published by a law firm.
"""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest

from ccir.catalog.calendars import shipped_calendars
from ccir.catalog.sources import Sources
from ccir.domain.deadlines import Due, Place, deadline_of
from ccir.domain.moments import zone_of
from ccir.domain.obligations import Rule
from ccir.domain.workdays import WorkCalendar
from ccir.engine.obligations import all_rules

# Offices are closed around the new year (act on holidays of administrative organs).
JAPAN_CLOSED = frozenset({dt.date(2026, 12, day) for day in (29, 30, 31)}) | frozenset(
    {dt.date(2027, 1, day) for day in (1, 2, 3)}
)
ZONES = {
    "DE": "Europe/Berlin",
    "FR": "Europe/Paris",
    "US": "America/New_York",
    "US-SEC": "America/New_York",
    "US-CA": "America/Los_Angeles",
    "US-NY": "America/New_York",
    "US-TX": "America/Chicago",
    "BR": "America/Sao_Paulo",
    "JP": "Asia/Tokyo",
}
EXAMPLES = [
    # rule, place, moments, plan by, legal due, contested
    # Hours of 1182/71: exact for the plan, from the next full hour for the law.
    (
        "EU-GDPR-33-SA",
        "DE",
        "awareness=2020-12-22T12:17+01:00",
        "2020-12-25T12:17+01:00",
        "2020-12-25T13:00+01:00",
        False,
    ),
    (
        "EU-GDPR-33-SA",
        "DE",
        "awareness=2026-11-23T09:00+01:00",
        "2026-11-26T09:00+01:00",
        "2026-11-26T10:00+01:00",
        False,
    ),
    (
        "EU-GDPR-33-SA",
        "DE",
        "awareness=2026-10-24T10:00+02:00",
        "2026-10-27T09:00+01:00",
        "2026-10-27T10:00+01:00",
        False,
    ),
    (
        "EU-GDPR-33-SA",
        "DE",
        "awareness=2026-10-25T02:30+02:00",
        "2026-10-28T01:30+01:00",
        "2026-10-28T02:00+01:00",
        False,
    ),
    (
        "EU-GDPR-33-SA",
        "DE",
        "awareness=2026-10-25T02:30+01:00",
        "2026-10-28T02:30+01:00",
        "2026-10-28T03:00+01:00",
        False,
    ),
    (
        "EU-GDPR-33-SA",
        "DE",
        "awareness=2026-03-28T10:00+01:00",
        "2026-03-31T11:00+02:00",
        "2026-03-31T12:00+02:00",
        False,
    ),
    (
        "EU-GDPR-33-SA",
        "DE",
        "awareness=2026-04-02T16:20+02:00",
        "2026-04-05T16:20+02:00",
        "2026-04-05T17:00+02:00",
        True,
    ),
    (
        "EU-GDPR-33-SA",
        "DE",
        "awareness=2026-11-27T16:00+01:00",
        "2026-11-30T16:00+01:00",
        "2026-11-30T17:00+01:00",
        True,
    ),
    (
        "EU-GDPR-33-SA",
        "DE",
        "awareness=2026-11-26",
        "2026-11-29T00:00+01:00",
        "2026-11-30T00:00+01:00",
        True,
    ),
    (
        "EU-EIDAS-19A",
        "DE",
        "awareness=2026-11-28T16:10+01:00",
        "2026-11-29T16:10+01:00",
        "2026-11-29T17:00+01:00",
        False,
    ),
    # Elapsed hours.
    (
        "EU-NIS2-23-EW",
        "FR",
        "awareness=2026-11-27T22:10+01:00",
        "2026-11-28T22:10+01:00",
        "2026-11-28T22:10+01:00",
        False,
    ),
    (
        "EU-NIS2-23-IN",
        "FR",
        "awareness=2026-11-27T22:10+01:00",
        "2026-11-30T22:10+01:00",
        "2026-11-30T22:10+01:00",
        False,
    ),
    (
        "US-BANK-36H",
        "US",
        "determination=2026-11-27T18:00-05:00",
        "2026-11-29T06:00-05:00",
        "2026-11-29T06:00-05:00",
        False,
    ),
    (
        "GB-PECR-5A-2024",
        "none",
        "detection=2025-08-19T10:00+01:00",
        "2025-08-20T09:00+00:00",
        "2025-08-20T09:00+00:00",
        False,
    ),
    (
        "GB-PECR-5A",
        "none",
        "awareness=2025-08-21T10:00+01:00",
        "2025-08-24T09:00+00:00",
        "2025-08-24T09:00+00:00",
        False,
    ),
    # Months and days of 1182/71.
    (
        "EU-NIS2-23-FR",
        "FR",
        "submission:EU-NIS2-23-IN=2026-11-30T20:00+01:00",
        "2026-12-30",
        "2026-12-30",
        False,
    ),
    (
        "EU-CRA-14-I-FIN",
        "DE",
        "submission:EU-CRA-14-I-NOT=2028-01-31T18:00+01:00",
        "2028-02-29",
        "2028-02-29",
        False,
    ),
    (
        "EU-CRA-14-I-FIN",
        "DE",
        "submission:EU-CRA-14-I-NOT=2026-11-25T18:00+01:00",
        "2026-12-25",
        "2026-12-28",
        False,
    ),
    ("EU-CRA-14-V-FIN", "DE", "fix_available=2026-11-21", "2026-12-05", "2026-12-07", False),
    ("EU-CRA-14-V-FIN", "DE", "fix_available=2026-12-11", "2026-12-25", "2026-12-28", False),
    # DORA: the earlier of two, awareness left out after 24 h, noon of the next working day.
    (
        "EU-DORA-19-INI",
        "FR",
        "awareness=2026-11-18T09:00+01:00 classification=2026-11-18T11:30+01:00",
        "2026-11-18T15:30+01:00",
        "2026-11-18T15:30+01:00",
        False,
    ),
    (
        "EU-DORA-19-INI",
        "FR",
        "awareness=2026-11-18T09:00+01:00 classification=2026-11-19T08:00+01:00",
        "2026-11-19T09:00+01:00",
        "2026-11-19T09:00+01:00",
        False,
    ),
    (
        "EU-DORA-19-INI",
        "FR",
        "awareness=2026-11-18T09:00+01:00 classification=2026-11-19T09:00+01:00",
        "2026-11-19T09:00+01:00",
        "2026-11-19T09:00+01:00",
        False,
    ),
    (
        "EU-DORA-19-INI",
        "FR",
        "awareness=2026-11-18T09:00+01:00 classification=2026-11-19T09:01+01:00",
        "2026-11-19T13:01+01:00",
        "2026-11-19T13:01+01:00",
        False,
    ),
    (
        "EU-DORA-19-INI moved",
        "FR",
        "awareness=2026-11-20T20:00+01:00 classification=2026-11-21T07:00+01:00",
        "2026-11-21T11:00+01:00",
        "2026-11-23T12:00+01:00",
        False,
    ),
    (
        "EU-DORA-19-INI moved",
        "FR",
        "awareness=2026-11-22T08:00+01:00 classification=2026-11-22T16:00+01:00",
        "2026-11-22T20:00+01:00",
        "2026-11-23T12:00+01:00",
        False,
    ),
    (
        "EU-DORA-19-INI moved",
        "FR",
        "awareness=2026-11-18T09:00+01:00 classification=2026-11-18T11:30+01:00",
        "2026-11-18T15:30+01:00",
        "2026-11-18T15:30+01:00",
        False,
    ),
    (
        "EU-DORA-19-FIN moved",
        "DE",
        "submission:EU-DORA-19-INT=2026-11-25T10:00+01:00",
        "2026-12-25",
        "2026-12-28T12:00+01:00",
        False,
    ),
    # Business days.
    (
        "US-SEC-8K-105",
        "US",
        "materiality_determination=2026-11-20",
        "2026-11-27",
        "2026-11-27",
        False,
    ),
    (
        "US-SEC-8K-105",
        "US",
        "materiality_determination=2026-07-01",
        "2026-07-08",
        "2026-07-08",
        False,
    ),
    (
        "US-SEC-8K-105",
        "US",
        "materiality_determination=2026-12-29",
        "2027-01-05",
        "2027-01-05",
        False,
    ),
    (
        "US-SEC-8K-105",
        "US",
        "materiality_determination=2026-11-21",
        "2026-11-27",
        "2026-11-27",
        False,
    ),
    (
        "US-SEC-8K-105",
        "US-SEC",
        "materiality_determination=2025-01-07",
        "2025-01-14",
        "2025-01-14",
        False,
    ),
    ("BR-LGPD-ANPD", "BR", "awareness=2026-11-19", "2026-11-25", "2026-11-25", False),
    ("US-VT-AG", "US", "discovery=2026-11-20", "2026-12-11", "2026-12-11", False),
    (
        "US-VT-AG",
        "US",
        "discovery=2026-11-20 notice_to_individuals=2026-11-28",
        "2026-11-28",
        "2026-11-28",
        False,
    ),
    # Calendar days without a roll.
    ("US-HIPAA-404-IND", "US", "discovery=2026-11-02", "2027-01-01", "2027-01-01", False),
    (
        "US-HIPAA-404-IND",
        "US",
        "discovery=2026-11-24T04:30+00:00",
        "2027-01-22",
        "2027-01-22",
        False,
    ),
    (
        "US-HIPAA-408-HHS-ANNUAL",
        "US",
        "end_of_calendar_year=2026-12-31",
        "2027-03-01",
        "2027-03-01",
        False,
    ),
    (
        "US-HIPAA-408-HHS-ANNUAL",
        "US",
        "end_of_calendar_year=2027-12-31",
        "2028-02-29",
        "2028-02-29",
        False,
    ),
    ("US-FTC-314-FTC", "US", "discovery=2026-11-10", "2026-12-10", "2026-12-10", False),
    ("US-FL-IND", "US", "determination=2026-10-01", "2026-10-31", "2026-10-31", False),
    ("US-PR-DACO", "US", "detection=2026-11-13", "2026-11-23", "2026-11-23", False),
    ("SG-PDPA-PDPC", "none", "assessment_complete=2026-11-20", "2026-11-23", "2026-11-23", False),
    # Calendar days that four states move, untested for notices of breaches.
    ("US-CA-IND", "US-CA", "discovery=2026-11-05", "2026-12-05", "2026-12-07", True),
    ("US-CA-IND", "US-CA", "discovery=2026-10-28", "2026-11-27", "2026-11-30", True),
    ("US-CA-AG", "US-CA", "notice_to_individuals=2026-12-04", "2026-12-19", "2026-12-21", True),
    ("US-NY-IND", "US-NY", "discovery=2026-10-27", "2026-11-26", "2026-11-27", True),
    ("US-NY-IND", "US-NY", "discovery=2026-11-03", "2026-12-03", "2026-12-03", False),
    ("US-TX-IND", "US-TX", "determination=2026-11-01", "2026-12-31", "2026-12-31", False),
    ("US-TX-AG", "US-TX", "determination=2026-11-01", "2026-12-01", "2026-12-01", False),
    ("US-TX-AG", "US-TX", "determination=2026-11-24", "2026-12-24", "2026-12-28", True),
    (
        "US-WA-AG",
        "US-CA",
        "discovery=2026-09-14 notice_to_individuals=2026-10-02",
        "2026-10-02",
        "2026-10-02",
        False,
    ),
    (
        "US-WA-AG",
        "US-CA",
        "discovery=2026-09-14 notice_to_individuals=2026-12-05",
        "2026-10-14",
        "2026-10-14",
        False,
    ),
    (
        "US-WA-AG",
        "US-CA",
        "discovery=2026-11-05 notice_to_individuals=2026-12-06",
        "2026-12-05",
        "2026-12-06",
        True,
    ),
    # Japan: the day of awareness is the first; a final report moves off closed days.
    ("JP-APPI-PRE", "JP", "awareness=2026-11-24", "2026-11-28", "2026-11-28", False),
    ("JP-APPI-FINAL moved", "JP", "awareness=2026-11-30", "2026-12-29", "2027-01-04", False),
]  # fmt: skip - a table: what is given above what comes of it


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
    contested: bool,
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
    assert (shown(found.plan_by), shown(found.legal_due)) == (plan_by, legal_due)
    assert found.contested is contested
    assert shown(found.plan_by) in " ".join(found.steps)


def calendar(place: str) -> WorkCalendar:
    if place == "none":
        return WorkCalendar(id="none")
    found = shipped_calendars().named(place)
    closed = JAPAN_CLOSED if place == "JP" else frozenset()
    return msgspec.structs.replace(found, holidays=found.holidays | closed)


def due(text: str) -> Due:
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def shown(at: Due) -> str:
    return at.isoformat(timespec="minutes") if isinstance(at, dt.datetime) else at.isoformat()
