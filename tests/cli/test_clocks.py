from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from icalendar import Calendar

from support.cli import Cli
from support.duty_centre import AWARE, GDPR, OBLIGATIONS, breached, clocks_of, log_of

KEYS = """
    rule jurisdiction recipient recipient_name stage state because trigger plan_by legal_due
    contested basis missing citation verified doubts steps submitted target zone calendar
    """


@pytest.fixture
def breach(tmp_path: Path) -> Cli:
    """A breach that is known for twenty minutes, in Germany, with a client's records."""
    return breached(
        tmp_path, AWARE, "jurisdictions=DE", "client_affected_acme=yes", "we_are_processor=no"
    )


@pytest.fixture
def late(tmp_path: Path) -> Cli:
    """A breach of which the authority should have been told a day ago."""
    return breached(tmp_path, "awareness=2025-12-29T08:30", "jurisdictions=DE", "high_risk=yes")


# ------------------------------------------------------------------------------------------ showing


def test_a_program_gets_every_clock_with_all_that_is_known_of_it(breach: Cli) -> None:
    document = breach.json("clocks")
    assert set(document) == {"run", "disclaimer", "clocks"}
    assert document["run"] == "INC-2026-0001"
    assert document["disclaimer"] == "research data, not legal advice"
    found = {clock["rule"]: clock for clock in document["clocks"]}
    assert {frozenset(clock) for clock in document["clocks"]} == {frozenset(KEYS.split())}
    assert len(found) > 200, "also what does not apply"
    gdpr = found[GDPR]
    assert gdpr["verified"] == {"status": "verified_text", "as_of": "2026-10"}
    assert gdpr["trigger"] == {"event": "awareness", "at": "2026-01-02T08:40:00+01:00"}
    assert (gdpr["recipient"], gdpr["state"], gdpr["contested"]) == (
        "supervisory_authority",
        "open",
        True,
    )
    assert (gdpr["plan_by"], gdpr["legal_due"]) == (
        "2026-01-05T08:40:00+01:00",
        "2026-01-05T09:00:00+01:00",
    )
    assert gdpr["citation"] == "Reg. (EU) 2016/679 Art. 33(1)"
    assert gdpr["basis"]
    assert gdpr["missing"] == []
    assert found["EU-GDPR-34-DS"]["missing"] == ["high_risk"]
    assert found["US-CA-IND"]["plan_by"] is None


def test_what_has_a_time_comes_first_in_json_too(breach: Cli) -> None:
    clocks = breach.json("clocks", "--all")["clocks"]
    timed = [clock["plan_by"] or clock["target"] for clock in clocks]
    assert timed == sorted(filter(None, timed)) + [None] * timed.count(None)


def test_one_clock_is_explained(breach: Cli) -> None:
    shown = breach("clocks", "--explain", GDPR).out
    for line in (
        "EU-GDPR-33-SA: Reg. (EU) 2016/679 Art. 33(1)",
        "state: open",
        "starts: awareness 2026-01-02T08:40:00+01:00",
        "step: 72 elapsed hours after awareness 2026-01-02T08:40+01:00: 2026-01-05T08:40+01:00",
        "work to: 2026-01-05T08:40:00+01:00",
        "at the latest: 2026-01-05T09:00:00+01:00",
        "counted in: Europe/Berlin, calendar DE-HE",
        "verified: verified_text, as of 2026-10",
    ):
        assert line in shown, line
    [clock] = breach.json("clocks", "--explain", GDPR)["clocks"]
    assert clock == clocks_of(breach)[GDPR]
    outside = breach("clocks", "--explain", "US-CA-IND").out
    assert "state: not-applicable (nobody affected is known in US-CA)" in outside


def test_an_unknown_rule_is_not_found_and_the_nearest_is_named(breach: Cli) -> None:
    calls: tuple[tuple[str, ...], ...] = (
        ("--explain", "EU-GDPR-33-SS"),
        ("submit", "EU-GDPR-33-SS"),
        ("late", "EU-GDPR-33-SS", "--reason", "x"),
        ("waive", "EU-GDPR-33-SS", "--reason", "x", "--review-on", "2026-02-01"),
    )
    for words in calls:
        missed = breach("clocks", *words, status=6)
        assert "INC-2026-0001 has no rule 'EU-GDPR-33-SS'" in missed.err
        assert f"did you mean '{GDPR}'?" in missed.err


def test_a_view_has_no_other_time_than_now(breach: Cli) -> None:
    for words in ((), ("--explain", GDPR), ("late", GDPR, "--reason", "x"), ("waive", GDPR)):
        assert "leave --at out" in breach("clocks", *words, "--at", "08:50", status=2).err


# ----------------------------------------------------------------------------------------- calendar


def test_deadlines_are_written_as_a_calendar(breach: Cli) -> None:
    assert "3 deadlines written to" in breach("clocks", "--ics", "due.ics").out
    path = breach.folder / "due.ics"
    events = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    assert {str(event["uid"]) for event in events} == {
        f"INC-2026-0001.{rule}@ccir" for rule in ("CONTRACT-ACME", GDPR, "EU-GDPR-34-DS")
    }
    again = breach.json("clocks", "--ics", "again.ics")
    assert again == {
        "run": "INC-2026-0001",
        "file": str(breach.folder / "again.ics"),
        "events": 3,
    }


def test_a_calendar_that_cannot_be_written_is_told(breach: Cli) -> None:
    for place in ("gone/due.ics", "."):
        answer = breach("clocks", "--ics", place, status=3)
        assert "cannot be written" in answer.err
        assert "give another --ics FILE" in answer.err


# ------------------------------------------------------------------------------------- submissions


def test_a_submission_meets_its_duty_and_keeps_its_evidence(breach: Cli) -> None:
    (breach.folder / "receipt.pdf").write_bytes(b"receipt")
    words = ("--evidence", "receipt.pdf", "--reference", "LDA-0815")
    shown = breach("clocks", "submit", GDPR, *words).out
    assert "EU-GDPR-33-SA is met, 2 d 23 h before the latest reading" in shown
    [event] = log_of(breach, "DutyMet")
    assert event["body"]["evidence"] == hashlib.sha256(b"receipt").hexdigest()
    [kept] = breach.json("evidence", "list")["evidence"]
    assert (kept["name"], kept["sha256"]) == ("receipt.pdf", event["body"]["evidence"])
    assert event["said"] == ["LDA-0815"]
    database = (breach.folder / ".ccir" / "ccir.db").read_bytes()
    assert b"LDA-0815" not in database, "people's words are sealed"
    assert clocks_of(breach)[GDPR]["submitted"].startswith("2026-01-02T09:00:00")
    line = next(each for each in breach("log").out.splitlines() if f"{GDPR} is met" in each)
    assert "alex" in line


def test_a_submission_opens_the_reports_that_follow_on_it(tmp_path: Path) -> None:
    more = 'sectors = ["critical"]\nnis2_entity = true\n'
    cli = breached(
        tmp_path, AWARE, "jurisdictions=DE", more=OBLIGATIONS.replace("calendar", more + "calendar")
    )
    cli("fact", "set", "significant_incident=yes")
    assert clocks_of(cli)["EU-NIS2-23-FR"]["state"] == "undetermined"
    document = cli.json("clocks", "submit", "EU-NIS2-23-IN")
    assert set(document) == {"run", "clock", "opened"}
    assert document["clock"]["state"] == "met"
    assert "EU-NIS2-23-FR" in {each["rule"] for each in document["opened"]}
    shown = cli("clocks", "submit", "EU-NIS2-23-IN").out
    assert "now open: EU-NIS2-23-FR, " in shown
    assert "work to 2026-02-02" in shown


def test_a_duty_without_a_deadline_is_met_without_a_margin(breach: Cli) -> None:
    breach("fact", "set", "high_risk=yes")
    assert breach("clocks", "submit", "EU-GDPR-34-DS").out == "EU-GDPR-34-DS is met\n"


def test_what_does_not_apply_is_not_submitted(breach: Cli) -> None:
    refused = breach("clocks", "submit", "US-CA-IND", status=5)
    assert "US-CA-IND does not apply: nobody affected is known in US-CA" in refused.err
    assert "--explain US-CA-IND" in refused.err


def test_a_late_submission_says_why(late: Cli) -> None:
    (late.folder / "receipt.pdf").write_bytes(b"receipt")
    refused = late("clocks", "submit", GDPR, "--evidence", "receipt.pdf", status=5)
    assert "the time of EU-GDPR-33-SA has passed" in refused.err
    assert "--reason" in refused.err
    assert late.json("evidence", "list")["evidence"] == [], "what is refused leaves nothing behind"
    shown = late("clocks", "submit", GDPR, "--reason", "the scope was unknown").out
    assert "EU-GDPR-33-SA is late, 1 d 0 h after the latest reading" in shown


def test_what_was_sent_in_time_needs_no_reason_though_it_is_entered_later(late: Cli) -> None:
    shown = late("clocks", "submit", GDPR, "--at", "2025-12-30T09:00").out
    assert "EU-GDPR-33-SA is met, 2 d 0 h before the latest reading" in shown
    assert log_of(late, "DutyMet")[0]["at"] == "2025-12-30T08:00:00Z", "before the run began"


def test_a_submission_of_the_future_is_refused_and_keeps_nothing(breach: Cli) -> None:
    (breach.folder / "receipt.pdf").write_bytes(b"receipt")
    words = ("--evidence", "receipt.pdf", "--at", "2026-01-03T09:00")
    assert "--at lies in the future" in breach("clocks", "submit", GDPR, *words, status=2).err
    assert breach.json("evidence", "list")["evidence"] == []
    assert log_of(breach, "DutyMet") == []


def test_evidence_that_is_not_there_stops_the_submission(breach: Cli) -> None:
    missed = breach("clocks", "submit", GDPR, "--evidence", "gone.pdf", status=6)
    assert "there is no file" in missed.err
    assert log_of(breach, "DutyMet") == []


def test_a_delay_may_be_explained_before_the_submission(late: Cli) -> None:
    words = ("clocks", "late", GDPR, "--reason", "the extent was unknown until noon")
    shown = late(*words).out
    assert "EU-GDPR-33-SA is late" in shown
    assert "the reason is kept, and stands in the breach register" in shown
    assert late.json(*words)["clock"]["state"] == "late"
    assert "after the latest reading" in late("clocks", "submit", GDPR).out
    assert "until noon" not in str(log_of(late, "DelayExplained")[0]["body"])


# ------------------------------------------------------------------------------------------ waivers


WAIVE = ("clocks", "waive", "EU-GDPR-34-DS")
REASON = ("--reason", "all data were encrypted", "--review-on", "2026-02-01")


def test_a_waiver_counts_when_a_second_person_stands_for_it(late: Cli) -> None:
    first = late(*WAIVE, *REASON).out
    assert "EU-GDPR-34-DS is open" in first
    assert "a second person: `ccir clocks waive EU-GDPR-34-DS --as PERSON`" in first
    assert "herself" in late(*WAIVE, status=5).err
    second = late(*WAIVE, "--as", "kim").out
    assert "EU-GDPR-34-DS is waived" in second
    assert "decided not to tell by alex and kim, review on 2026-02-01" in second
    assert "EU-GDPR-34-DS" not in late("clocks").out
    assert "stand for it already" in late(*WAIVE, "--as", "kim", status=5).err
    assert "encrypted" not in str(log_of(late, "DutyWaived")[0]["body"]), "words are sealed"


def test_a_waiver_takes_a_reason_and_a_day_of_review(late: Cli) -> None:
    for words in ((), REASON[:2], REASON[2:]):
        refused = late(*WAIVE, *words, status=5)
        assert "give --reason and --review-on" in refused.err
    for day in ("soon", "2026-02-30", "01.02.2026"):
        wrong = late(*WAIVE, "--reason", "x", "--review-on", day, status=2)
        assert f"'{day}' is not a day" in wrong.err
    assert log_of(late, "DutyWaived") == []


def test_a_waiver_in_json_says_how_the_clock_stands(late: Cli) -> None:
    assert late.json(*WAIVE, *REASON)["clock"]["state"] == "open"
    assert late.json(*WAIVE, "--as", "kim")["clock"]["state"] == "waived"


# ------------------------------------------------------------------------- the organisation, holds


def test_a_contract_is_a_clock_once_its_client_is_affected(tmp_path: Path) -> None:
    cli = breached(tmp_path, AWARE, "jurisdictions=DE")
    unsure = clocks_of(cli)["CONTRACT-ACME"]
    assert (unsure["state"], unsure["missing"]) == ("undetermined", ["client_affected_acme"])
    assert unsure["plan_by"] == "2026-01-03T08:40:00+01:00", "if it applies"
    assert (unsure["citation"], unsure["recipient_name"]) == (
        "Annex 3, section 7",
        "ACME Insurance",
    )
    assert unsure["verified"] == {"status": "verified_text", "as_of": "2025-12"}
    cli("fact", "set", "client_affected_acme=no", "--reason", "its tenant is apart")
    assert clocks_of(cli)["CONTRACT-ACME"]["state"] == "not-applicable"
    cli("fact", "set", "client_affected_acme=yes")
    assert clocks_of(cli)["CONTRACT-ACME"]["state"] == "open"


def test_rules_of_a_sector_are_for_its_organisations(tmp_path: Path) -> None:
    plain = breached(tmp_path / "plain", AWARE, "jurisdictions=DE")
    shown = clocks_of(plain)["EU-DORA-19-INI"]
    assert shown["because"] == "only for the sector finance (ccir.toml: sectors)"
    more = OBLIGATIONS.replace("calendar", 'sectors = ["finance"]\ncalendar')
    bank = breached(tmp_path / "bank", AWARE, "jurisdictions=DE", more=more)
    assert clocks_of(bank)["EU-DORA-19-INI"]["state"] == "undetermined"


def test_the_own_target_stands_only_where_the_law_has_no_number(tmp_path: Path) -> None:
    facts = (AWARE, "jurisdictions=DE", "high_risk=yes")
    own = clocks_of(breached(tmp_path / "own", *facts))
    assert own["EU-GDPR-34-DS"]["target"] == "2026-01-04T08:40:00+01:00"
    assert (own[GDPR]["target"], own["EU-GDPR-34-DS"]["plan_by"]) == (None, None)
    none = clocks_of(breached(tmp_path / "none", *facts, more=""))
    assert none["EU-GDPR-34-DS"]["target"] is None


def test_law_enforcement_holds_a_notice_up_until_it_releases_it(tmp_path: Path) -> None:
    cli = breached(tmp_path, AWARE, "jurisdictions=DE,US-CA", "discovery=2026-01-01")
    before = clocks_of(cli)
    assert (before["US-CA-IND"]["state"], before["US-CA-IND"]["plan_by"]) == ("open", "2026-01-31")
    cli("fact", "set", "le_hold_start=2026-01-02")
    held = clocks_of(cli)
    assert (held["US-CA-IND"]["state"], held["US-CA-IND"]["plan_by"]) == ("held", None)
    assert held[GDPR]["state"] == "open", "no hold stands against the authority's report"
    assert "US-CA-IND" not in cli("clocks", "--ics", "x.ics").out
    cli.clock.move(40 * 86_400)
    cli("fact", "set", "le_hold_end=2026-02-10")
    released = clocks_of(cli)["US-CA-IND"]
    assert (released["plan_by"], released["legal_due"]) == ("2026-02-10", "2026-02-10")
    assert released["state"] == "late", "notice was owed at once"
