"""The pages about timers and metrics name what ccir writes, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from architecture.project import ROOT
from ccir.engine import drill_metrics
from ccir.engine.drill_timer import units
from ccir.engine.opening import open_workspace
from ccir.engine.workspace import Workspace
from support.centre import make_centre

HOW_TO = ROOT / "docs" / "how-to"
METRIC = re.compile(r"\bccir_drill_\w+")
SETTING = re.compile(r"\b([A-Z]\w+)=")
# What every unit has, and what no reader asks about.
PLAIN = {"Description", "Documentation", "Wants", "WantedBy"}


def written_units(workspace: Workspace) -> list[str]:
    """Return the units of an account and of the whole machine."""
    program = Path("/usr/bin/ccir")
    kinds = (units(workspace, program, is_system_wide=each) for each in (False, True))
    return [text for files in kinds for text in files.values()]


def page(name: str) -> str:
    return (HOW_TO / name).read_text(encoding="utf-8")


def rows(text: str) -> list[str]:
    return [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]


def test_every_metric_has_its_row_and_no_rule_asks_for_another() -> None:
    text = page("prometheus.md")
    written = {*METRIC.findall(Path(drill_metrics.__file__).read_text(encoding="utf-8"))}
    listed = [name for row in rows(text) for name in METRIC.findall(row)]
    assert sorted(listed) == sorted(written)
    assert {*METRIC.findall(text)} == written


def test_every_line_of_the_units_is_explained(tmp_path: Path) -> None:
    workspace = open_workspace(make_centre(tmp_path / "centre").surroundings, tmp_path / "centre")
    texts = written_units(workspace)
    written = {name for text in texts for name in re.findall(r"^(\w+)=", text, re.MULTILINE)}
    explained = {name for row in rows(page("systemd.md")) for name in SETTING.findall(row)}
    assert explained == written - PLAIN


def test_the_settings_that_the_table_shows_are_the_units(tmp_path: Path) -> None:
    workspace = open_workspace(make_centre(tmp_path / "centre").surroundings, tmp_path / "centre")
    lines = {line for text in written_units(workspace) for line in text.splitlines()}
    shown = [line for row in rows(page("systemd.md")) for line in re.findall(r"`([^`]+)`", row)]
    assert [line for line in shown if "…" not in line and line not in lines] == []
