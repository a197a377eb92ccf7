from __future__ import annotations

import datetime as dt
from pathlib import Path

from ccir.engine.fact_asking import Question, questions
from ccir.engine.opening import open_workspace
from support.cli import NOW, Cli
from support.duty_centre import AWARE, OBLIGATIONS, breached

SECTORS = OBLIGATIONS.replace("calendar", 'sectors = ["health"]\ncalendar')


def asked(cli: Cli) -> dict[str, Question]:
    workspace = open_workspace(cli.surroundings, cli.folder)
    found = questions(workspace, "INC-2026-0001", NOW)
    names = [each.name for each in found]
    assert len(names) == len(set(names)), "each fact is asked for once"
    return {each.name: each for each in found}


def test_where_people_live_is_asked_first_and_without_a_time(tmp_path: Path) -> None:
    found = asked(breached(tmp_path, AWARE))
    first, *_ = found.values()
    assert (first.name, first.kind, first.due) == ("jurisdictions", "list", None)
    assert len(first.rules) > 100
    assert "residents" not in found, "what else is asked for depends on it"


def test_what_the_soonest_duty_waits_for_comes_before_the_rest(tmp_path: Path) -> None:
    found = asked(breached(tmp_path, AWARE, "jurisdictions=DE,US-CA"))
    first, *_ = found.values()
    assert first.name == "client_affected_acme"
    assert first.due == dt.datetime(2026, 1, 3, 7, 40, tzinfo=dt.UTC)
    assert first.question == "Are records of the client 'acme' affected?"
    timed = [each.due for each in found.values()]
    known = [due for due in timed if due is not None]
    assert timed == sorted(known) + [None] * (len(timed) - len(known))


def test_a_fact_of_the_playbook_is_asked_for_in_its_own_words(tmp_path: Path) -> None:
    found = asked(breached(tmp_path, AWARE, "jurisdictions=DE"))
    assert found["we_are_processor"].question.startswith("Do any of the affected records belong")


def test_one_s_own_acts_are_nothing_to_ask_for(tmp_path: Path) -> None:
    found = asked(breached(tmp_path, AWARE, "jurisdictions=DE,US-CA", more=SECTORS))
    acts = ("submission:", "notice_to_individuals")
    assert not [name for name in found if name.startswith(acts)]


def test_residents_are_asked_for_by_state_also_for_rules_of_the_country(tmp_path: Path) -> None:
    cli = breached(tmp_path, "jurisdictions=US-CA,us-tx,DE", "discovery=2026-01-01", more=SECTORS)
    found = asked(cli)
    counted = {name for name in found if name.startswith("residents")}
    assert counted == {"residents:US-CA", "residents:US-TX"}
    assert "US-HIPAA-406-MEDIA" in found["residents:US-TX"].rules
    cli("fact", "set", "residents:US-TX=700")
    left = asked(cli)
    assert "residents:US-TX" not in left
    assert "US-HIPAA-406-MEDIA" not in left["residents:US-CA"].rules


def test_while_only_the_country_is_known_its_states_are_asked_for(tmp_path: Path) -> None:
    found = asked(breached(tmp_path, "jurisdictions=US", more=SECTORS))
    assert "US-HIPAA-406-MEDIA" in found["jurisdictions"].rules
    assert not [name for name in found if name.startswith("residents")]


def test_the_end_of_a_year_is_asked_for_by_the_discovery(tmp_path: Path) -> None:
    found = asked(breached(tmp_path, AWARE, "jurisdictions=US-CA", more=SECTORS))
    assert "US-HIPAA-408-HHS-ANNUAL" in found["discovery"].rules
    assert "end_of_calendar_year" not in found


def test_what_is_answered_or_does_not_apply_is_not_asked_for(tmp_path: Path) -> None:
    cli = breached(tmp_path, AWARE, "jurisdictions=DE", "we_are_processor=no", more="")
    assert list(asked(cli)) == ["high_risk"]
    cli("fact", "set", "high_risk=yes")
    assert asked(cli) == {}
    assert "0 facts are missing" in cli("fact", "ask", "--list").out
