from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ccir.catalog.documents import load_playbook
from ccir.catalog.findings import DocumentError
from ccir.catalog.pinned import canonical, digest
from ccir.domain.events import Pin, RunStarted
from ccir.domain.record import Draft
from ccir.engine.families import step_arguments
from ccir.engine.handle import load
from ccir.engine.opening import open_workspace
from ccir.engine.run_clocks import (
    RunClocks,
    clocks_named,
    present_rulebook,
    rulebook_for_start,
    whole_hours,
)
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError
from support.centre import make_centre
from support.cli import NOW, Cli
from support.duty_centre import AWARE, GDPR, OBLIGATIONS, breached, clocks_of


def opened(cli: Cli) -> Workspace:
    return open_workspace(cli.surroundings, cli.folder)


def clocks(cli: Cli) -> RunClocks:
    workspace = opened(cli)
    return RunClocks(workspace, load(workspace, "INC-2026-0001").run)


def started_before_clocks(cli: Cli) -> None:
    """Begin a run as a version without legal clocks did: its start pins no rules."""
    workspace = opened(cli)
    playbook = load_playbook(workspace.sources.find("playbooks", "data-breach"), step_arguments())
    pin = Pin(id=playbook.id, version=playbook.version, digest=digest(playbook))
    event = RunStarted(
        kind="incident",
        title="From before",
        severity="sev1",
        playbook=pin,
        zone="Europe/Berlin",
        roles={"commander": "alex"},
    )
    workspace.stores.events.begin(
        "incident",
        [Draft(event=event, at=NOW, by="alex", via=workspace.via)],
        key="0" * 32,
        pins={pin.digest: canonical(playbook)},
        playbook=playbook.id,
    )


def test_a_run_from_before_clocks_is_held_to_the_rules_of_today(tmp_path: Path) -> None:
    cli = make_centre(tmp_path / "centre", more=OBLIGATIONS)
    started_before_clocks(cli)
    cli("fact", "set", AWARE, "jurisdictions=DE")
    found = clocks_of(cli)
    assert found[GDPR]["state"] == "open"
    assert found["CONTRACT-ACME"]["state"] == "undetermined"
    assert "changed" not in cli("clocks").out, "it pinned nothing that could have changed"
    assert "EU-GDPR-33-SA is met" in cli("clocks", "submit", GDPR).out


def test_a_playbooks_due_times_hang_on_its_clocks(tmp_path: Path) -> None:
    cli = breached(tmp_path, AWARE, "jurisdictions=DE")
    workspace = opened(cli)
    run = load(workspace, "INC-2026-0001").run
    assert GDPR in clocks_named(run.playbook)
    assert run.clock_times[GDPR] == dt.datetime(2026, 1, 5, 7, 40, tzinfo=dt.UTC)
    assert "US-FTC-314-FTC" not in run.clock_times


def test_a_rule_that_the_run_does_not_have_is_not_found(tmp_path: Path) -> None:
    found = clocks(breached(tmp_path))
    assert found.has(GDPR)
    assert not found.has("EU-GDPR-99")
    with pytest.raises(NotFoundError, match="has no rule 'EU-GDPR-33-S'") as refused:
        found.entry("EU-GDPR-33-S")
    assert GDPR in (refused.value.hint or "")


def test_a_notice_of_the_playbook_meets_its_rules(tmp_path: Path) -> None:
    found = clocks(breached(tmp_path))
    assert found.notice_for(GDPR) == "authority-report"
    assert found.notice_for("AE-PDPL-1") is None


def test_a_duty_that_was_not_met_has_no_margin(tmp_path: Path) -> None:
    cli = breached(tmp_path, AWARE, "jurisdictions=DE", "high_risk=yes")
    assert clocks(cli).margin(GDPR) == ""
    cli("clocks", "submit", "EU-GDPR-34-DS")
    assert clocks(cli).margin("EU-GDPR-34-DS") == "", "without a number"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h 00 min"), (1_439, "23 h 59 min"), (1_500, "1 d 1 h")],
)
def test_a_length_of_time_is_told_in_its_two_largest_units(minutes: int, words: str) -> None:
    assert whole_hours(dt.timedelta(minutes=minutes, seconds=59)) == words


def test_places_are_known_by_any_rule_of_theirs_or_of_their_country(tmp_path: Path) -> None:
    places = "jurisdictions=DE,de-he,UK,EL,US,US-CA,Bavaria,XX"
    assert clocks(breached(tmp_path, places)).unknown_places() == ["Bavaria", "XX"]


def test_broken_rules_of_the_workspace_give_way_to_those_shipped(tmp_path: Path) -> None:
    cli = make_centre(tmp_path / "centre", more=OBLIGATIONS)
    workspace = opened(cli)
    own, is_left_out = rulebook_for_start(workspace)
    assert not is_left_out
    assert own == present_rulebook(workspace)
    folder = cli.folder / "playbooks" / "obligations"
    folder.mkdir()
    (folder / "ours.yaml").write_text("id: ours\n", encoding="utf-8")
    shipped, is_left_out = rulebook_for_start(workspace)
    assert is_left_out
    assert shipped == own
    with pytest.raises(DocumentError):
        present_rulebook(workspace)
