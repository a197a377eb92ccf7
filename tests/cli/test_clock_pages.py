from __future__ import annotations

from pathlib import Path

import pytest

from support.centre import make_centre
from support.cli import Cli
from support.duty_centre import AWARE, GDPR, OBLIGATIONS, breached, clocks_of
from support.mini import add_mini

RED, YELLOW = "\x1b[1;31m", "\x1b[33m"


@pytest.fixture
def breach(tmp_path: Path) -> Cli:
    """A breach that is known for twenty minutes, in Germany, with a client's records."""
    facts = ("jurisdictions=DE", "we_are_processor=no", "client_affected_acme=yes", "high_risk=yes")
    return breached(tmp_path, AWARE, *facts)


def coloured(cli: Cli, patch: pytest.MonkeyPatch) -> str:
    """Return the table as a terminal with colours shows it."""
    patch.delenv("NO_COLOR")
    patch.setenv("FORCE_COLOR", "1")
    patch.setenv("TERM", "xterm-256color")
    patch.setenv("COLUMNS", "200")
    return cli("clocks").out


def line_of(text: str, words: str) -> str:
    return next(line for line in text.splitlines() if words in line)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_what_is_owed_is_shown_soonest_first_with_the_command_to_type(breach: Cli) -> None:
    shown = breach("clocks").out
    places = [shown.index(rule) for rule in ("CONTRACT-ACME open", "EU-GDPR-34-DS", GDPR)]
    assert places == sorted(places)
    assert "in 23 h 39 min  2026-01-03 08:40 +0100" in shown
    for words in (
        "at the latest 2026-01-05 09:00 +0100; contested",
        "own target, the law has no number",
        "ccir clocks submit CONTRACT-ACME",
        "ccir notice preview authority-report",
    ):
        assert words in flat(shown)
    assert shown.rstrip().endswith("research data, not legal advice")


def test_what_does_not_apply_is_counted_and_shown_on_request(breach: Cli) -> None:
    quiet = breach("clocks").out
    assert "do not apply or are waived: `ccir clocks --all`" in quiet
    assert "US-CA-IND" not in quiet
    everything = flat(breach("clocks", "--all").out)
    assert "US-CA-IND not-applicable: affected residents nobody affected is known" in everything
    assert "`ccir clocks --all`" not in everything


def test_a_duty_without_a_number_is_named_below_the_table(tmp_path: Path) -> None:
    cli = breached(tmp_path, AWARE, "jurisdictions=DE", "we_are_processor=yes", more="")
    shown = cli("clocks").out
    assert "without a number, at once or without delay: EU-GDPR-33-2-CTRL" in shown
    assert "EU-GDPR-33-2-CTRL open" not in shown
    assert "EU-GDPR-33-2-CTRL open" in cli("clocks", "--all").out


def test_before_anything_is_known_the_table_is_empty_and_says_what_to_ask(tmp_path: Path) -> None:
    shown = breached(tmp_path, more="")("clocks").out
    assert "no clock runs yet: `ccir fact ask`" in shown
    assert "more wait for facts (jurisdictions, " in shown
    assert "facts" not in breached(tmp_path / "b", more="")("clocks", "--all").out.split()[:1]


def test_what_was_submitted_stays_in_the_table_without_a_time_left(breach: Cli) -> None:
    breach("clocks", "submit", "CONTRACT-ACME")
    line = line_of(breach("clocks").out, "CONTRACT-ACME met: ACME Insurance")
    assert "in " not in line.partition("2026")[0]


def test_a_notice_under_way_is_shown_as_the_way_to_meet_the_duty(breach: Cli) -> None:
    facts = ("what_happened=x", "likely_consequences=y", "what_we_are_doing=z", "contact_point=w")
    breach("fact", "set", *facts, "people_affected=3", "records_affected=3", "data_types=name")
    breach("fact", "set", "subject_categories=customers")
    (breach.folder / "list.csv").write_text("email,name,language\na@example.net,A,en\n", "utf-8")
    words = ("--recipients", "list.csv", "--channel", "files")
    breach("notice", "preview", "authority-report", *words)
    assert "ccir notice status authority-report" in breach("clocks").out


def test_late_is_red_and_nearly_late_is_yellow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli = breached(tmp_path, "awareness=2025-12-30T20:00", "jurisdictions=DE")
    amber = line_of(coloured(cli, monkeypatch), GDPR)
    assert YELLOW in amber, "61 of 72 hours are over"
    cli.clock.move(11.5 * 3_600)
    assert YELLOW in line_of(cli("clocks").out, GDPR), "past the strict, within the latest reading"
    assert "OVERDUE by" in line_of(cli("clocks").out, GDPR)
    cli.clock.move(3_600)
    late = line_of(cli("clocks").out, GDPR)
    assert RED in late
    assert "late" in late
    cli("clocks", "submit", GDPR, "--reason", "the scope was unknown")
    assert RED not in line_of(cli("clocks").out, GDPR), "told, though late"


def test_what_has_time_has_no_colour(breach: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = coloured(breach, monkeypatch)
    assert RED not in shown
    assert YELLOW not in shown


def test_places_that_no_rule_is_of_are_told(breach: Cli) -> None:
    breach("fact", "set", "jurisdictions=DE,Bavaria,UK,ZZ")
    assert "note: no rule is of Bavaria, ZZ; write countries as DE, states as US-CA" in (
        breach("clocks").out
    )
    breach("fact", "set", "jurisdictions=DE,de,UK,US-CA")
    assert "no rule is of" not in breach("clocks").out


@pytest.mark.parametrize("change", ["settings", "rules", "broken"])
def test_a_change_after_the_start_is_told_and_counts_for_nothing(change: str, breach: Cli) -> None:
    before = clocks_of(breach)
    assert "keeps" not in breach("clocks").out
    if change == "settings":
        settings = breach.folder / "ccir.toml"
        settings.write_text(settings.read_text("utf-8").replace('"24h"', '"12h"'), "utf-8")
    else:
        add_rules(breach.folder, is_broken=change == "broken")
    assert "note: rules, settings or contracts" in breach("clocks").out
    assert clocks_of(breach) == before


def test_a_broken_file_of_rules_stops_no_start_and_is_told(tmp_path: Path) -> None:
    cli = make_centre(tmp_path / "centre", more=OBLIGATIONS)
    add_rules(cli.folder, is_broken=True)
    started = cli("start", "data-breach", "--fact", AWARE)
    assert "note: this workspace's own rules have errors and do not count" in flat(started.out)
    found = clocks_of(cli)
    assert found[GDPR]["state"] == "open"
    assert "CONTRACT-ACME" in found
    assert "OURS-1" not in found


def test_rules_of_the_workspace_are_clocks_like_others(tmp_path: Path) -> None:
    cli = make_centre(tmp_path / "centre")
    add_mini(cli.folder)
    add_rules(cli.folder)
    assert "do not count" not in cli("start", "mini", "--fact", "awareness=08:30").out
    assert clocks_of(cli)["OURS-1"]["plan_by"] == "2026-01-02T20:30:00+01:00"


def add_rules(folder: Path, *, is_broken: bool = False) -> None:
    path = folder / "playbooks" / "obligations" / "ours.yaml"
    path.parent.mkdir()
    unit = "ours" if is_broken else "hours"
    path.write_text(OWN_RULES.replace("unit: hours", f"unit: {unit}"), encoding="utf-8")


OWN_RULES = """\
id: ours
version: 1.0.0
jurisdiction: INTL
title: What we promised
rules:
  - id: OURS-1
    tier: core
    regime: promise
    citation: "Charter, section 1"
    sector: general
    obligated_party: the centre
    recipient: regulator
    recipient_name: the supervisory board
    trigger: {event: awareness}
    standard: "without delay"
    caps:
      - {amount: 12, unit: hours, start: awareness}
    hard_limit: true
    computation: elapsed_hours
    status: contractual
    verified: {status: verified_text, as_of: "2025-12"}
"""
