from __future__ import annotations

from pathlib import Path

from support.cli import Cli

CONTRACT = """\
id: contracts
version: 1.0.0
jurisdiction: INTL-CONTRACT
title: Our customers' contracts
rules:
  - id: INTL-CONTRACT-ACME
    tier: core
    regime: contract
    citation: "Master agreement with ACME, annex 3 section 7"
    sector: general
    obligated_party: processor
    recipient: controller
    recipient_name: ACME's duty manager
    trigger:
      event: awareness
    standard: "without undue delay"
    caps:
      - {amount: 24, unit: hours, start: awareness}
    hard_limit: true
    computation: elapsed_hours
    status: contractual
    verified:
      status: verified_text
      as_of: "2026-01"
"""


def test_rules_are_browsed_without_a_workspace(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    listed = cli.json("obligations", "list")
    assert len(listed["rules"]) == 232
    assert listed["disclaimer"] == "research data, not legal advice"
    shown = cli("obligations", "list", "--jurisdiction", "EU", "--sector", "finance").out
    assert "EU-DORA-19-INI" in shown
    assert "EU-GDPR-33-SA" not in shown
    assert "research data, not legal advice" in shown


def test_a_part_stands_beside_its_country(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    words = ("obligations", "list", "--recipient", "attorney_general", "--jurisdiction")
    states = {view["jurisdiction"] for view in cli.json(*words, "US")["rules"]}
    assert {"US-NY", "US-CA"} <= states
    assert {view["jurisdiction"] for view in cli.json(*words, "US-NY")["rules"]} == {"US-NY"}


def test_a_rule_shows_its_citation_its_sources_and_its_doubts(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    shown = cli("obligations", "show", "EU-GDPR-33-SA").out
    assert "Reg. (EU) 2016/679 Art. 33(1)" in shown
    assert "72 hours after awareness" in shown
    assert "source: GDPR articles" in shown
    assert "not legal advice" in shown
    assert "doubt: not read in the law itself" in cli("obligations", "show", "US-NY-AG").out
    assert cli.json("obligations", "show", "US-NY-AG")["rule"]["doubts"]
    missed = cli("obligations", "show", "EU-GDPR-33", status=6)
    assert "did you mean 'EU-GDPR-33-SA'?" in missed.err


def test_thresholds_and_follow_ups_are_shown(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    rules = cli.json("obligations", "list")["rules"]
    counted = next(each["rule"]["id"] for each in rules if each["rule"]["threshold"]["count"])
    assert "only if: " in cli("obligations", "show", counted).out
    followed = next(
        each["rule"]["id"]
        for each in rules
        if any(later["amount"] for later in each["rule"]["follow_up"])
    )
    assert "\nthen " in cli("obligations", "show", followed).out


def test_a_workspace_adds_its_own_contracts(centre: Cli) -> None:
    folder = centre.folder / "playbooks" / "obligations"
    folder.mkdir()
    (folder / "contracts.yaml").write_text(CONTRACT, encoding="utf-8")
    assert centre.json("obligations", "show", "INTL-CONTRACT-ACME")["rule"]["origin"] == "workspace"
    assert len(centre.json("obligations", "list")["rules"]) == 233
    assert "0 findings" in centre("obligations", "lint").out
    (folder / "contracts.yaml").write_text(
        CONTRACT.replace("unit: hours", "unit: ours"), encoding="utf-8"
    )
    wrong = next(n for n, line in enumerate(CONTRACT.splitlines(), 1) if "unit: hours" in line)
    assert f"contracts.yaml:{wrong}:" in centre("obligations", "lint", status=2).out
    assert "contracts.yaml" in centre("playbook", "lint", status=2).out
    assert centre.json("obligations", "lint", status=2)["findings"]
    centre("obligations", "list", status=2)


def test_the_holidays_of_a_calendar_are_shown(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    shown = cli("obligations", "holidays", "US-NY", "--year", "2026").out
    assert "2026-11-26 Thursday" in shown
    assert "weekend: Saturday, Sunday" in shown
    this_year = cli.json("obligations", "holidays", "DE-HE")
    assert len({day[:4] for day in this_year["holidays"]}) == 1
    assert cli.json("obligations", "holidays", "SA")["weekend"] == ["Friday", "Saturday"]


def test_the_calendars_of_holidays_are_listed(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    names = cli.json("obligations", "holidays")["calendars"]
    assert {"DE", "DE-HE", "US-SEC", "TARGET"} <= set(names)
    assert cli("obligations", "holidays").out.split() == names


def test_an_unknown_calendar_or_year_is_refused_with_a_way_on(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    unknown = cli("obligations", "holidays", "DE-HEX", status=2)
    assert "there is no calendar 'DE-HEX'" in unknown.err
    assert "did you mean 'DE-HE'?" in unknown.err
    assert "known: AE" in cli("obligations", "holidays", "zzzzzz", status=2).err
    late = cli("obligations", "holidays", "DE", "--year", "2050", status=2)
    assert "give a year from 2024 to 2035" in late.err
