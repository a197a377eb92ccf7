from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from support.cli import Cli
from support.duty_centre import AWARE, GDPR, OBLIGATIONS, breached


def written(cli: Cli) -> dict[str, Any]:
    """Write the calendar and return its events by the rule in their identifier."""
    cli("clocks", "--ics", "due.ics")
    calendar = Calendar.from_ical((cli.folder / "due.ics").read_bytes())
    assert (calendar["version"], calendar["prodid"]) == ("2.0", "-//ccir//clocks//EN")
    return {
        str(event["uid"]).removeprefix("INC-2026-0001.").removesuffix("@ccir"): event
        for event in calendar.walk("VEVENT")
    }


@pytest.fixture
def breach(tmp_path: Path) -> Cli:
    """A breach of an hour ago, in Germany and California."""
    return breached(tmp_path, AWARE, "jurisdictions=DE,US-CA", "discovery=2026-01-02")


def test_an_instant_is_written_in_utc_and_has_no_length(breach: Cli) -> None:
    event = written(breach)[GDPR]
    assert event["dtstart"].dt == dt.datetime(2026, 1, 5, 7, 40, tzinfo=dt.UTC), "the strict time"
    assert b"DTSTART:20260105T074000Z" in event.to_ical()
    assert "dtend" not in event, "RFC 5545 3.8.2.2: an end is later than its start"


def test_a_day_lasts_all_day(breach: Cli) -> None:
    event = written(breach)["US-CA-IND"]
    assert event["dtstart"].dt == dt.date(2026, 2, 1)
    assert event["dtend"].dt == dt.date(2026, 2, 2)
    assert b"DTSTART;VALUE=DATE:20260201" in event.to_ical()


def test_the_own_target_stands_where_the_law_has_no_number(breach: Cli) -> None:
    assert written(breach)["EU-GDPR-34-DS"]["dtstart"].dt == dt.datetime(
        2026, 1, 4, 7, 40, tzinfo=dt.UTC
    )


def test_an_event_says_whom_to_tell_by_which_law_and_what_is_in_doubt(breach: Cli) -> None:
    events = written(breach)
    assert str(events[GDPR]["summary"]).startswith("INC-2026-0001 EU-GDPR-33-SA: tell competent")
    words = str(events[GDPR]["description"]).splitlines()
    assert words[0] == "Reg. (EU) 2016/679 Art. 33(1)"
    assert words[2:] == [
        "At the latest: 2026-01-05T09:00:00+01:00",
        "Contested.",
        "research data, not legal advice",
    ]
    unsure = events["CONTRACT-ACME"]
    assert "if it applies: tell ACME Insurance" in str(unsure["summary"])
    assert "Missing: client_affected_acme" in str(unsure["description"])


def test_two_alarms_come_before_each_deadline(breach: Cli) -> None:
    for event in written(breach).values():
        alarms = [alarm["trigger"].dt for alarm in event.walk("VALARM")]
        assert alarms == [-dt.timedelta(hours=24), -dt.timedelta(hours=4)]


def test_the_same_duty_keeps_its_identifier_when_its_time_moves(breach: Cli) -> None:
    before = written(breach)
    breach("fact", "set", "awareness=2026-01-02T07:40", "--reason", "the log shows it")
    after = written(breach)
    assert set(before) == set(after)
    assert after[GDPR]["dtstart"].dt - before[GDPR]["dtstart"].dt == -dt.timedelta(hours=1)
    assert after[GDPR]["dtstamp"].dt >= before[GDPR]["dtstamp"].dt


def test_what_is_done_waived_or_does_not_apply_is_left_out(breach: Cli) -> None:
    breach("clocks", "submit", GDPR)
    reason = ("--reason", "encrypted", "--review-on", "2026-02-01")
    breach("clocks", "waive", "US-CA-IND", *reason)
    breach("clocks", "waive", "US-CA-IND", "--as", "kim")
    breach("fact", "set", "client_affected_acme=no", "--reason", "its tenant is apart")
    left = written(breach)
    assert not {GDPR, "US-CA-IND", "CONTRACT-ACME", "US-TX-IND"} & set(left)
    assert "EU-GDPR-34-DS" in left


def test_a_late_duty_stays_until_somebody_was_told(tmp_path: Path) -> None:
    cli = breached(tmp_path, "awareness=2025-12-20T08:00", "jurisdictions=DE", more=OBLIGATIONS)
    assert GDPR in written(cli)
    cli("clocks", "submit", GDPR, "--reason", "nobody knew")
    assert GDPR not in written(cli)


def test_a_run_without_deadlines_is_an_empty_calendar(tmp_path: Path) -> None:
    assert written(breached(tmp_path, more="")) == {}
