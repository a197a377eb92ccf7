from __future__ import annotations

from pathlib import Path

import pytest

from support.cli import Cli
from support.restic_repository import CUSTOMERS, Repository
from support.scheduled import scheduled_centre

HOUR_SECONDS = 3_600


@pytest.fixture
def keeping(tmp_path: Path, healthy: Repository) -> Cli:
    """A centre whose nightly drill fails and may keep its files for an hour."""
    cli = scheduled_centre(tmp_path / "centre", healthy)
    path = cli.folder / "drills" / "nightly.yaml"
    text = path.read_text(encoding="utf-8").replace(f"customers: {CUSTOMERS}", "customers: 9999")
    path.write_text(f"{text}\nkeep_on_fail: 1h\n", encoding="utf-8")
    return cli


def kept(cli: Cli) -> list[Path]:
    return [*(cli.folder / ".ccir" / "scratch").rglob("crm.sqlite")]


def test_what_a_failed_drill_may_keep_is_removed_by_the_timer_once_its_time_is_over(
    keeping: Cli,
) -> None:
    shown = keeping("drill", "run", "nightly", status=1).out
    assert "restored data is KEPT until " in shown
    assert "scratch kept" in shown
    keeping.clock.move(HOUR_SECONDS - 60)
    keeping("drill", "due", "--run")
    assert len(kept(keeping)) == 1
    keeping.clock.move(120)
    assert keeping("drill", "due", "--run").out == "no drill is due\n"
    assert kept(keeping) == []
