from __future__ import annotations

from pathlib import Path

import pytest

from ccir.engine.duty_recording import Places, met_by_notice
from ccir.engine.handle import load
from ccir.engine.opening import open_workspace
from support.bound_notice import bound, sent, write_rows
from support.cli import Cli
from support.duty_centre import clocks_of, log_of
from support.mail_server import MailServer

RULES = ("EU-GDPR-34-DS", "US-CA-IND", "US-TX-IND", "US-NY-IND", "GB-UKGDPR-34-DS")
FACTS = ("jurisdictions=DE,US-CA,US-TX", "discovery=2026-01-01", "high_risk=yes")


@pytest.fixture
def bound_run(tmp_path: Path) -> Cli:
    """A run whose notice meets five rules, of which three apply."""
    return started(bound(tmp_path, RULES))


def started(cli: Cli) -> Cli:
    cli("start", "mini", "--fact", "awareness=08:30")
    cli("fact", "set", *FACTS, "determination=2026-01-01")
    return cli


def met(cli: Cli) -> list[str]:
    return [event["body"]["rule"] for event in log_of(cli, "DutyMet")]


def test_a_sent_notice_meets_its_rules_that_apply_where_somebody_on_the_list_lives(
    bound_run: Cli,
) -> None:
    write_rows(bound_run, "language,us_state", "en,CA", "en,", "de,us-ca")
    sent(bound_run, channel="files")
    assert met(bound_run) == ["EU-GDPR-34-DS", "US-CA-IND"], "nobody in Texas was told"
    [first, _] = log_of(bound_run, "DutyMet")
    assert (first["by"], first["body"]["notice"]) == ("ccir", "customers")
    clocks = clocks_of(bound_run)
    assert clocks["US-CA-IND"]["state"] == "met"
    assert clocks["US-TX-IND"]["state"] == "open"
    assert clocks["US-CA-AG"]["trigger"]["at"] is not None, "telling the people starts it"


def test_without_a_column_of_states_no_state_was_told(bound_run: Cli) -> None:
    write_rows(bound_run, "language", "en")
    sent(bound_run, channel="files")
    assert met(bound_run) == ["EU-GDPR-34-DS"]


def test_with_a_column_of_countries_only_theirs_were_told(bound_run: Cli) -> None:
    write_rows(bound_run, "language,country,us_state", "en,US,TX", "en,us,US-TX")
    sent(bound_run, channel="files")
    assert met(bound_run) == ["US-TX-IND"]


def test_what_was_met_or_waived_before_is_not_met_again(bound_run: Cli) -> None:
    bound_run("clocks", "submit", "US-CA-IND")
    reason = ("--reason", "encrypted", "--review-on", "2026-02-01")
    bound_run("clocks", "waive", "EU-GDPR-34-DS", *reason)
    bound_run("clocks", "waive", "EU-GDPR-34-DS", "--as", "kim")
    write_rows(bound_run, "language,us_state", "en,CA", "en,TX")
    sent(bound_run, channel="files")
    assert met(bound_run) == ["US-CA-IND", "US-TX-IND"]


def test_a_notice_that_comes_late_meets_its_rules_late_without_asking_why(bound_run: Cli) -> None:
    bound_run.clock.move(60 * 86_400)
    write_rows(bound_run, "language,us_state", "en,CA")
    sent(bound_run, channel="files")
    assert clocks_of(bound_run)["US-CA-IND"]["state"] == "late"


def test_while_somebody_on_the_list_was_not_told_no_rule_is_met(tmp_path: Path) -> None:
    with MailServer() as mail:
        cli = started(bound(tmp_path, RULES, mail_port=mail.port))
        mail.faults["p1@example.net"].append("rcpt:550 5.1.1 no such user")
        write_rows(cli, "language,us_state", "en,CA", "en,CA")
        sent(cli, status=1)
        assert met(cli) == []
        write_rows(cli, "language,us_state", "en,CA", "en,CA")
    assert clocks_of(cli)["US-CA-IND"]["state"] == "open"


def test_a_notice_without_a_version_or_rules_meets_nothing(bound_run: Cli, tmp_path: Path) -> None:
    workspace = open_workspace(bound_run.surroundings, bound_run.folder)
    run = load(workspace, "INC-2026-0001").run
    assert met_by_notice(workspace, run, "customers") == []
    assert met_by_notice(workspace, run, "unknown") == []
    plain = started(bound(tmp_path / "plain", ()))
    write_rows(plain, "language", "en")
    sent(plain, channel="files")
    assert met(plain) == []


def test_places_reach_whoever_lives_there() -> None:
    anywhere = Places(states=frozenset({"US-CA"}))
    assert anywhere.reach("US-CA")
    assert not anywhere.reach("US-TX")
    assert anywhere.reach("EU")
    assert anywhere.reach("US"), "no column of countries: they may live anywhere"
    named = Places(countries=frozenset({"DE", "UK"}))
    assert named.reach("EU")
    assert named.reach("GB")
    assert not named.reach("US")
    assert not named.reach("US-CA")
