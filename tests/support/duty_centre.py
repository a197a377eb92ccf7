"""A contact centre whose organisation, contracts and rules matter to its clocks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.centre import make_centre
from support.cli import Cli

OBLIGATIONS = """\
[obligations]
establishments = ["DE-HE"]
calendar = "DE-HE"
internal_target = "48h"

[contracts.acme]
client = "ACME Insurance"
within = "24h"
clause = "Annex 3, section 7"
read_in = "2025-12"
"""
GDPR = "EU-GDPR-33-SA"
AWARE = "awareness=2026-01-02T08:40"  # twenty minutes before the tests' present


def breached(folder: Path, *facts: str, more: str = OBLIGATIONS) -> Cli:
    """Return a centre with a run of the shipped data breach in which these facts are stated."""
    cli = make_centre(folder / "centre", more=more)
    words = [word for fact in facts for word in ("--fact", fact)]
    cli("start", "data-breach", *words)
    return cli


def clocks_of(cli: Cli) -> dict[str, dict[str, Any]]:
    """Return every clock of the run, by its rule."""
    return {each["rule"]: each for each in cli.json("clocks")["clocks"]}


def log_of(cli: Cli, *types: str) -> list[dict[str, Any]]:
    """Return the run's events of these types, oldest first."""
    return [each for each in cli.json("log")["events"] if each["type"] in types]
