from __future__ import annotations

from pathlib import Path

import pytest

from support.cli import Cli
from support.scheduled import DAY_SECONDS, scheduled_centre

RUN = "DR-2026-0001"


@pytest.fixture
def scheduled(tmp_path: Path) -> Cli:
    return scheduled_centre(tmp_path / "centre", None)


def test_a_drill_is_left_out_with_a_reason(scheduled: Cli) -> None:
    answer = scheduled("drill", "skip", "nightly", "--reason", "the storage is being moved")
    assert answer.out == f"{RUN}: drill nightly skipped; due 2026-01-03 09:00 CET (08:00 UTC)\n"
    assert "skipped" in scheduled("drill", "due").out
    assert scheduled.json("drill", "due", "--run")["played"] == []
    shown = scheduled("drill", "history").out
    assert "skipped" in shown
    assert "nightly: nothing was measured" in shown
    assert "the storage is being moved" in scheduled("log", "--run", RUN).out
    scheduled.clock.move(DAY_SECONDS)
    assert "OVERDUE" in scheduled("drill", "due", status=1).out


def test_a_drill_is_put_off_until_a_day(scheduled: Cli) -> None:
    found = scheduled.json(
        "drill", "skip", "nightly", "--reason", "moved", "--until", "2026-01-20", "--as", "kim"
    )
    assert found == {
        "run": RUN,
        "drill": "nightly",
        "verdict": "skipped",
        "due_at": "2026-01-19T23:00:00Z",
    }
    wrong = scheduled("drill", "skip", "nightly", "--reason", "x", "--until", "soon", status=2)
    assert "write it as 2026-12-01" in wrong.err


def test_a_reason_and_a_person_are_needed_and_it_happens_now(scheduled: Cli) -> None:
    assert "--reason" in scheduled("drill", "skip", "nightly", status=2).err
    words = ("drill", "skip", "nightly", "--reason", "x")
    assert "this happens now" in scheduled(*words, "--at", "07:00", status=2).err
    assert "no person" in scheduled(*words, "--as", "zoe", status=2).err


def test_the_metrics_tell_of_it_at_once(scheduled: Cli) -> None:
    settings = scheduled.folder / "ccir.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}\n[drills]\nmetrics_file = "ccir.prom"\n', encoding="utf-8")
    scheduled("drill", "skip", "nightly", "--reason", "x")
    metrics = (scheduled.folder / "ccir.prom").read_text(encoding="utf-8")
    assert 'ccir_drill_last_result{drill="nightly",verdict="skipped"} 1\n' in metrics
    assert 'ccir_drill_overdue{drill="nightly"} 0\n' in metrics
