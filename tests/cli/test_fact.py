from __future__ import annotations

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
