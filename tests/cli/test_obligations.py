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


def test_more_time_and_relief_are_shown(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    florida = cli("obligations", "show", "US-FL-IND").out
    assert "longer: 15 calendar days if good_cause_filed in time (good cause" in florida
    assert "days off the last day: " not in florida
    shown = cli("obligations", "show", "EU-DORA-19-INI").out
    assert "days off the last day: moves for entities that are neither essential" in shown


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


GDPR = ("obligations", "compute", "--rule", "EU-GDPR-33-SA")


def test_clocks_are_computed_without_a_workspace(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    fact = ("--fact", "awareness=2026-10-24T10:00+02:00", "--timezone", "Europe/Berlin")
    [found] = cli.json(*GDPR, *fact)["clocks"]
    assert found["plan_by"] == "2026-10-27T09:00:00+01:00"
    assert found["legal_due"] == "2026-10-27T10:00:00+01:00"
    assert (found["state"], found["missing"]) == ("open", [])
    shown = cli(*GDPR, *fact).out
    assert "2026-10-27 09:00 +0100" in " ".join(shown.split())
    assert "1 rule: research data, not legal advice" in shown


def test_a_computation_is_explained_step_by_step(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    words = ("--fact", "awareness=2026-10-24T10:00+02:00", "--timezone", "Europe/Berlin")
    shown = cli(*GDPR, *words, "--explain").out
    for line in (
        "EU-GDPR-33-SA: Reg. (EU) 2016/679 Art. 33(1)",
        "state: open",
        "step: the event's hour is not counted (1182/71 Art. 3(1)): 2026-10-27T10:00+01:00",
        "work to: 2026-10-27T09:00:00+01:00",
        "at the latest: 2026-10-27T10:00:00+01:00",
        "counted in: Europe/Berlin, calendar none",
        "verified: verified_text, as of 2026-10",
    ):
        assert line in shown, line
    contested = cli(*GDPR, "--fact", "awareness=2026-04-02T16:20+02:00", "--explain").out
    assert "contested: authorities or authors read it in more than one way" in contested
    unknown = cli(*GDPR, "--explain").out
    assert "state: undetermined (needs to know awareness)" in unknown
    assert "starts: awareness unknown" in unknown


def test_a_map_narrows_a_fact_to_its_states(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    clocks = cli.json(
        "obligations",
        "compute",
        "--jurisdiction=US-CA",
        "--jurisdiction=US-TX",
        "--fact=notice_to_individuals=2026-12-04",
        "--fact=determination=2026-11-24",
        '--fact=residents={"US-CA": 501, "US-TX": 249}',
    )["clocks"]
    states = {clock["rule"]: clock["state"] for clock in clocks}
    assert (states["US-CA-AG"], states["US-TX-AG"]) == ("open", "not-applicable")
    ag = next(clock for clock in clocks if clock["rule"] == "US-TX-AG")
    assert ag["because"] == "only with >= 250 state_residents, here 249".replace("_", " ")
    assert (ag["plan_by"], ag["legal_due"], ag["target"]) == (None, None, None)


def test_the_entity_is_told_apart_from_what_happened(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    words = (
        "--rule=EU-DORA-19-INI",
        "--timezone=Europe/Paris",
        "--fact=awareness=2026-11-20T20:00+01:00",
        "--fact=classification=2026-11-21T07:00+01:00",
    )
    entity = ("--entity", "entity_type=insurance intermediary", "--entity", "nis2_entity=no")
    [strict] = cli.json("obligations", "compute", *words)["clocks"]
    [relieved] = cli.json("obligations", "compute", *words, *entity)["clocks"]
    assert strict["legal_due"] == strict["plan_by"] == "2026-11-21T11:00:00+01:00"
    assert relieved["legal_due"] == "2026-11-23T12:00:00+01:00"


def test_what_cannot_be_computed_is_refused_with_a_way_on(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    for words, said in (
        (("--fact", "awarness=now"), "did you mean 'awareness'?"),
        (("--fact", "awareness=soon"), "is not a moment"),
        (("--fact", "awareness=2026-02-30"), "does not fit the fact 'awareness'"),
        (("--fact", "awareness"), "is not NAME=VALUE"),
        (("--timezone", "Europe/Berlinn"), "there is no time zone 'Europe/Berlinn'"),
        (("--calendar", "DE-HEX"), "did you mean 'DE-HE'?"),
        (("--fact", "extra_closures=soon"), "'soon' does not fit the fact 'extra_closures'"),
        (("--fact", "contract_hours=99999999999"), "a number from 0 to 10000"),
        (("--fact", "jurisdictions=" + "[" * 3000), "a JSON list"),
    ):
        assert said in cli(*GDPR, *words, status=2).err
    missed = cli("obligations", "compute", "--rule", "EU-GDPR-33", status=6).err
    assert "did you mean 'EU-GDPR-33-SA'?" in missed
    assert cli("obligations", "compute", "--jurisdiction", "ZZ", status=6).err


def test_what_is_missing_or_does_not_apply_is_noted_in_the_table(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    words = ("--fact=discovery=2026-11-24", "--fact=affected=499")
    rules = ("--rule=US-HIPAA-408-HHS-500", "--rule=EU-GDPR-34-DS", "--rule=US-CA-IND")
    shown = " ".join(cli("obligations", "compute", *words, *rules).out.split())
    assert "only with" in shown
    assert "missing:" in shown
    assert "2026-12-24" in shown


def test_every_fact_that_rules_read_is_listed(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    found = {each["name"]: each for each in cli.json("obligations", "facts")["facts"]}
    assert found["awareness"]["kind"] == "moment"
    assert "EU-GDPR-33-SA" in found["awareness"]["read_by"]
    assert {"residents", "contract_hours", "zones", "le_hold_oral"} <= set(found)
    assert all(each["question"].endswith("?") for each in found.values())
    shown = cli("obligations", "facts").out
    assert "residents:US-CA=501" in shown
    assert "awareness" in shown
