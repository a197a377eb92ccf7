from __future__ import annotations

import pytest

from support.cli import Cli


def test_facts_of_every_kind_are_taken(begun: Cli) -> None:
    begun("fact", "set", "records=4100", "crm_down=no", "route=web", "kinds=name, address")
    facts = begun.json("status")["facts"]
    assert facts["records"]["value"] == 4100
    assert facts["crm_down"]["value"] is False
    assert facts["kinds"]["value"] == ["name", "address"]


def test_one_wrong_fact_records_none(begun: Cli) -> None:
    answer = begun("fact", "set", "records=1", "route=webb", status=2)
    assert "did you mean 'web'?" in answer.err
    assert "records" not in begun.json("status")["facts"]


def test_a_fact_may_be_older_than_the_run(begun: Cli) -> None:
    begun("fact", "set", "records=1", "--at", "2025-12-31T23:00", "--source", "vendor")
    fact = begun.json("status")["facts"]["records"]
    assert fact["at"] == "2025-12-31T22:00:00Z"
    assert fact["source"] == "vendor"
    assert "lies before" in begun("note", "x", "--at", "2025-12-31T23:00", status=2).err


def test_the_list_keeps_earlier_values(begun: Cli) -> None:
    begun("fact", "set", "records=1")
    begun("fact", "set", "records=2")
    assert [entry["value"] for entry in begun.json("fact", "list")["facts"]["records"]] == [1, 2]
    listing = begun("fact", "list").out
    assert "more questions" in listing
    assert "Is the CRM down?" in begun("fact", "list", "--all").out


def test_card_numbers_are_refused_in_value_and_source(begun: Cli) -> None:
    begun("fact", "set", "host=4111 1111 1111 1111", status=5)
    begun("fact", "set", "host=x", "--source", "seen on 4111111111111111", status=5)
    assert "host" not in begun.json("status")["facts"]


# ------------------------------------------------------------------------------ facts of the rules


def test_a_fact_of_the_rules_may_be_narrowed_to_a_place_or_a_rule(begun: Cli) -> None:
    shown = begun("fact", "set", "residents:US-CA=501", "high_risk:EU-GDPR-34-DS=yes").out
    assert "residents:US-CA = 501" in shown
    begun("fact", "set", 'residents={"US-TX": 240, "US-CA": 502}')
    document = begun.json("fact", "set", "residents:US-NY=7")
    assert document == {"run": "INC-2026-0001", "facts": {"residents:US-NY": 7}}
    facts = begun.json("status")["facts"]
    assert {name: fact["value"] for name, fact in facts.items() if ":" in name} == {
        "residents:US-CA": 502,
        "residents:US-TX": 240,
        "residents:US-NY": 7,
        "high_risk:EU-GDPR-34-DS": True,
    }


def test_days_are_counted_in_the_zone_that_is_stated_for_a_place(begun: Cli) -> None:
    begun("fact", "set", 'zones={"EU": "Asia/Kolkata"}', "jurisdictions=DE")
    [clock] = begun.json("clocks", "--explain", "EU-GDPR-33-SA")["clocks"]
    assert (clock["zone"], clock["trigger"]["at"]) == ("Asia/Kolkata", "2026-01-02T13:00:00+05:30")


@pytest.mark.parametrize(
    ("fact", "status", "said"),
    [
        ("residents:US-CAL=3", 2, "no duty is of 'US-CAL'"),
        ("residents:us-ca=3", 2, "write residents:US-CA"),
        ('residents={"us-ca": 3}', 2, 'such as {"US-CA": …}'),
        ('residents={"US-CAL": 3}', 2, "no duty is of 'US-CAL'"),
        ('residents={"US-CA": "many"}', 2, "a whole number"),
        ('residents={"US-CA": 3', 2, "expected JSON"),
        ("residents=-1", 2, "a number from 0"),
        ('zones={"EU": "Mars/Olympus"}', 2, "there is no time zone 'Mars/Olympus'"),
        ('zones={"EU": "../etc/passwd"}', 2, "there is no time zone"),
        ("zones=Europe/Berlin", 2, "does not fit the fact 'zones'"),
        ("extra_closures=2026-01-05,soon", 2, "'soon' does not fit the fact"),
        ("discovery=1066-10-14", 2, "between the years"),
        ("high_rsk=yes", 6, "playbook 'mini' has no fact 'high_rsk', and no rule reads one"),
        ("recors:US-CA=3", 6, "did you mean"),
        ("host:US-CA=x", 6, "no rule reads one"),
        ("discovery", 2, "is not NAME=VALUE"),
        ("residents=4111111111111111", 5, "payment card number"),
    ],
)
def test_what_no_rule_reads_or_does_not_fit_records_nothing(
    fact: str, *, status: int, said: str, begun: Cli
) -> None:
    before = begun.json("log")["events"]
    refused = begun("fact", "set", "affected=3", fact, status=status)
    assert said in refused.err
    assert "hint: " in refused.err
    assert begun.json("log")["events"] == before
    begun("clocks")


# ---------------------------------------------------------------------------------- changed moments


def _starts(cli: Cli) -> str:
    [clock] = cli.json("clocks", "--explain", "EU-GDPR-33-SA")["clocks"]
    at: str = clock["trigger"]["at"]
    return at[11:16]


def test_a_moment_that_starts_clocks_is_changed_with_a_reason(begun: Cli) -> None:
    refused = begun("fact", "set", "awareness=08:10", status=5)
    assert "'awareness' is stated already, and clocks run from it" in refused.err
    assert "give --reason" in refused.err
    assert _starts(begun) == "08:30"
    assert begun("fact", "set", "awareness=08:30").out == (
        "awareness = 2026-01-02T07:30:00+00:00\n"
    ), "the same again changes nothing"


def test_an_earlier_moment_counts_at_once_and_is_confirmed_after_it(begun: Cli) -> None:
    shown = begun("fact", "set", "awareness=08:10", "--reason", "the log shows an alarm").out
    assert "a second person: `ccir fact confirm awareness --as PERSON`" in shown
    assert _starts(begun) == "08:10"
    assert "a second person has to confirm it" in " ".join(begun("fact", "list").out.split())
    assert "alex changed 'awareness' herself" in begun("fact", "confirm", "awareness", status=5).err
    confirmed = begun("fact", "confirm", "awareness", "--as", "kim").out
    assert confirmed == "awareness = 2026-01-02 08:10 CET (07:10 UTC), confirmed by kim\n"
    assert "(confirmed by kim)" in " ".join(begun("fact", "list").out.split())


def test_a_later_moment_counts_when_it_was_confirmed(begun: Cli) -> None:
    begun("fact", "set", "awareness=08:50", "--reason", "the alarm was a test")
    assert _starts(begun) == "08:30"
    document = begun.json("fact", "confirm", "awareness", "--as", "kim")
    assert (document["fact"], document["statement"]["confirmed_by"]) == ("awareness", "kim")
    assert _starts(begun) == "08:50"


def test_nothing_is_confirmed_that_was_not_changed(begun: Cli) -> None:
    for name in ("awareness", "records", "unknown"):
        refused = begun("fact", "confirm", name, "--as", "kim", status=5)
        assert f"no changed '{name}' waits for a second person" in refused.err
    assert "leave --at out" in begun("fact", "confirm", "records", "--at", "08:10", status=2).err


def test_a_moment_narrowed_to_a_rule_is_changed_like_the_one_for_all(begun: Cli) -> None:
    words = ("fact", "set", "awareness:EU-GDPR-33-SA=08:50")
    begun(*words, status=5)
    begun(*words, "--reason", "counsel heard of it then")
    assert _starts(begun) == "08:30"
    begun("fact", "confirm", "awareness:EU-GDPR-33-SA", "--as", "kim")
    assert _starts(begun) == "08:50"
