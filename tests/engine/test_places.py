from __future__ import annotations

import datetime as dt

import pytest

from ccir.domain.clocks import Duty
from ccir.domain.duty_facts import Facts
from ccir.domain.events import FactValue
from ccir.domain.rulebook import Entry, Footing
from ccir.engine.places import Chosen, Places, zone_named
from ccir.errors import UsageError
from support.duties import ruled

OWN = Footing(zone="Europe/Berlin", calendar="DE-HE")


def entry(
    zone: str | None = "America/Los_Angeles",
    calendar: str | None = "US-CA",
    jurisdiction: str = "US-CA",
    **rule: object,
) -> Entry:
    duty = Duty(rule=ruled(**rule), jurisdiction=jurisdiction)
    return Entry(duty=duty, zone=zone, calendar=calendar)


def place(
    asked: Entry,
    footing: Footing = OWN,
    chosen: Chosen | None = None,
    **known: FactValue,
) -> tuple[str, str]:
    values = {name.replace("__", ":").replace("_", "-"): text for name, text in known.items()}
    found = Places(footing, Facts(values=values), chosen).of(asked)
    return str(found.zone), found.calendar.id


def test_each_rule_is_counted_where_its_file_says() -> None:
    assert place(entry()) == ("America/Los_Angeles", "US-CA")


def test_what_has_no_place_is_counted_where_the_organisation_is() -> None:
    for jurisdiction in ("EU", "INTL"):
        found = place(entry(None, None, jurisdiction))
        assert found == ("Europe/Berlin", "DE-HE")
    assert place(entry(None, None, "EU"), Footing()) == ("UTC", "none")
    assert place(entry(None, None, "XX")) == ("Europe/Berlin", "none"), "not our own holidays"


def test_the_narrowest_of_the_organisations_maps_counts() -> None:
    footing = Footing(
        zones={"US": "America/New_York", "US-CA": "America/Denver"},
        calendars={"US": "US-NY", "US-CA-IND": "US-TX"},
    )
    assert place(entry(), footing) == ("America/Denver", "US-TX")
    assert place(entry(id="US-CA-AG"), footing) == ("America/Denver", "US-NY")


def test_what_a_person_chose_stands_above_the_organisation() -> None:
    footing = Footing(zones={"US-CA": "America/Denver"}, calendars={"US-CA": "US-TX"})
    chosen = Chosen(zone="Asia/Kolkata", calendar="US-federal")
    assert place(entry(), footing, chosen) == ("Asia/Kolkata", "US")
    assert place(entry(), footing, Chosen(calendar="none"))[1] == "none"


def test_a_zone_that_was_stated_for_a_part_stands_above_all() -> None:
    chosen = Chosen(zone="Asia/Kolkata")
    known = {"zones__US_CA": "America/Chicago", "zones__US": "America/New_York"}
    assert place(entry(), OWN, chosen, **known)[0] == "America/Chicago"
    other = entry(jurisdiction="US-NY", id="US-NY-IND")
    assert place(other, OWN, chosen, **known)[0] == "America/New_York"
    assert place(entry(jurisdiction="EU", id="EU-X"), OWN, chosen, **known)[0] == "Asia/Kolkata"


def test_a_follow_up_is_counted_where_its_first_report_is() -> None:
    found = place(entry(id="US-CA-IND.1"), zones__US_CA_IND="America/Chicago")
    assert found[0] == "America/Chicago"


def test_form_8_k_counts_the_days_of_edgar() -> None:
    found = place(entry("America/New_York", "US", "US", computation="us_sec_business_days"))
    assert found[1] == "US-SEC"


def test_closures_are_not_worked_wherever_they_came_from() -> None:
    closed = Footing(closures=(dt.date(2026, 11, 24),))
    known = Facts(values={"extra_closures": ["2026-11-25", "2026-11-27"]})
    found = Places(closed, known).of(entry(calendar="US")).calendar
    days = [dt.date(2026, 11, number) for number in range(23, 28)]
    assert [found.is_working(day) for day in days] == [True, False, False, False, False]
    bare = Places(closed, Facts()).of(entry(None, None, "XX")).calendar
    assert not bare.is_working(dt.date(2026, 11, 24))
    assert bare.is_working(dt.date(2026, 11, 26))


def test_a_closure_that_is_no_day_is_refused() -> None:
    with pytest.raises(UsageError) as refused:
        Places(OWN, Facts(values={"extra_closures": ["9 January"]}))
    assert "2025-01-09" in (refused.value.hint or "")


@pytest.mark.parametrize(
    "name", ["Europe/Berlinn", "", "../secret", "/etc/passwd", "Europe", "x" * 300]
)
def test_a_zone_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(UsageError) as refused:
        zone_named(name)
    assert "Europe/Berlin" in (refused.value.hint or "")


def test_a_calendar_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError) as refused:
        place(entry(), OWN, Chosen(calendar="DE-HEX"))
    assert refused.value.hint == "did you mean 'DE-HE'?"


def test_the_years_whose_holidays_are_known_end() -> None:
    places = Places(OWN, Facts())
    assert places.doubt("DE", dt.date(2035, 12, 31)) == ""
    assert "2036 are not known" in places.doubt("DE", dt.date(2036, 1, 1))
    assert "2023 are not known" in places.doubt("DE", dt.date(2023, 12, 31))
    assert "no calendar" in places.doubt("none", dt.date(2030, 1, 1))


def test_an_unknown_calendar_of_the_settings_stops_nothing_and_is_doubted() -> None:
    own = Footing(calendars={"US-CA": "US-CAA"})
    places = Places(own, Facts())
    found = places.of(entry()).calendar
    assert found.is_working(dt.date(2026, 12, 25))
    assert "no calendar 'US-CAA'" in places.doubt(found.id, dt.date(2026, 12, 25))
