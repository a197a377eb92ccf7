from __future__ import annotations

from pathlib import Path

import pytest

from support.cli import Cli
from support.restic_repository import Repository
from support.scheduled import scheduled_centre

PROOF = "DR-2026-0001"


@pytest.fixture
def proven(tmp_path: Path, healthy: Repository) -> Cli:
    """A workspace in which the drill `nightly` was played; no incident is open."""
    cli = scheduled_centre(tmp_path / "proven", healthy)
    cli("drill", "run", "nightly")
    return cli


def test_a_drill_is_cited_in_the_open_incident_and_stands_in_its_log(proven: Cli) -> None:
    proven("start", "mini")
    said = proven("drill", "cite", PROOF).out
    assert f"{PROOF}: drill nightly on crm, pass, 2026-" in said
    assert "SHA-256 " in said
    number = proven.json("log")["events"][-1]["seq"]
    assert f"cited in event {number} of INC-2026-0001" in said
    assert f"cited {PROOF}: drill nightly, pass" in proven("log").out


def test_programs_are_told_what_was_cited(proven: Cli) -> None:
    proven("start", "mini")
    first = proven.json("drill", "cite", PROOF, "--run", "INC-2026-0001")
    assert set(first) == {"run", "seq", "cited"}
    assert (first["run"], first["cited"]["run"]) == ("INC-2026-0001", PROOF)
    [event] = [e for e in proven.json("log")["events"] if e["type"] == "DrillCited"]
    assert event["body"] == first["cited"]
    assert proven.json("drill", "cite", PROOF) == first
    assert "was cited before in event" in proven("drill", "cite", PROOF).out


def test_a_failed_drill_is_cited_with_its_reason(proven: Cli) -> None:
    drill = proven.folder / "drills" / "nightly.yaml"
    drill.write_text(drill.read_text("utf-8").replace("rpo: 52w", "rpo: 1m"), encoding="utf-8")
    proven("drill", "run", "nightly", status=1)
    proven("start", "mini")
    assert "fail (rpo-exceeded)" in proven("drill", "cite", "DR-2026-0002").out


def test_what_cannot_be_cited_is_refused(proven: Cli) -> None:
    assert "no run is open" in proven("drill", "cite", PROOF, status=6).err
    proven("start", "mini")
    assert "no drill's own run" in proven("drill", "cite", "INC-2026-0001", status=5).err
    assert "there is no run" in proven("drill", "cite", "DR-2026-0009", status=6).err
    assert "this happens now" in proven("drill", "cite", PROOF, "--at", "07:00", status=2).err
