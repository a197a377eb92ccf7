from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec

from ccir.domain.drill_history import Due, Played
from ccir.domain.events import DrillFinished
from ccir.domain.outcomes import Objective, Verdict
from ccir.engine.drill_metrics import metrics
from support.centre import make_centre
from support.events import FULL_DRILL

AT = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)


def drilled(verdict: Verdict, hours: int, seconds: float | None = 12.5) -> Played:
    result = DrillFinished(
        drill="crm",
        target="crm",
        verdict=verdict,
        reason="",
        snapshot=None,
        files=3,
        bytes=0 if verdict == "skipped" else 1_500,
        rpo=Objective(),
        rto=Objective(measured_seconds=seconds),
        checks=(),
        cleanup="cleaned",
    )
    return Played(run="DR-2026-0001", seq=4, at=AT + dt.timedelta(hours=hours), result=result)


def test_the_last_drill_is_told_and_when_one_passed_last() -> None:
    text = metrics([drilled("pass", 0), drilled("fail", 24)], [])
    assert f'last_run_timestamp_seconds{{drill="crm"}} {AT.timestamp() + 86_400:.0f}\n' in text
    assert f'last_pass_timestamp_seconds{{drill="crm"}} {AT.timestamp():.0f}\n' in text
    assert 'ccir_drill_last_result{drill="crm",verdict="fail"} 1\n' in text
    assert 'ccir_drill_rto_seconds{drill="crm"} 12.5\n' in text
    assert "ccir_drill_rpo_seconds" not in text, "what was not measured is not told"


def test_each_metric_is_explained_once_before_its_samples() -> None:
    lines = metrics([drilled("pass", 0)], []).splitlines()
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))
    for number, line in enumerate(lines):
        if line.startswith("# HELP"):
            assert lines[number + 1].startswith("# TYPE")


def test_what_is_due_is_told() -> None:
    due = Due(drill="crm", every="24h", last=None, due_at=None, is_due=True)
    assert 'ccir_drill_overdue{drill="crm"} 1\n' in metrics([], [due])
    assert 'ccir_drill_stale{drill="crm"} 1\n' in metrics([], [due])
    fine = msgspec.structs.replace(due, is_due=False, verdict="pass")
    assert 'ccir_drill_stale{drill="crm"} 0\n' in metrics([], [fine])


def test_how_much_was_proven_is_told_where_it_is_known() -> None:
    played = Played(run="DR-2026-0001", seq=4, at=AT, result=FULL_DRILL)
    text = metrics([played], [])
    assert 'ccir_drill_coverage_ratio{drill="monthly-crm"} 0.4\n' in text
    assert 'ccir_drill_data_age_seconds{drill="monthly-crm"} 4200.5\n' in text
    assert 'ccir_drill_level{drill="monthly-crm"} 6\n' in text
    bare = metrics([drilled("error", 0)], [])
    assert not any(word in bare for word in ("coverage", "data_age", "level"))


def test_a_drill_that_was_skipped_leaves_what_was_measured_before() -> None:
    text = metrics([drilled("pass", 0), drilled("skipped", 24, None)], [])
    assert 'ccir_drill_last_result{drill="crm",verdict="skipped"} 1\n' in text
    assert 'ccir_drill_rto_seconds{drill="crm"} 12.5\n' in text
    assert f'last_run_timestamp_seconds{{drill="crm"}} {AT.timestamp():.0f}\n' in text
    only = metrics([drilled("skipped", 0)], [])
    assert 'ccir_drill_restored_bytes{drill="crm"} 0\n' in only
    assert "last_run_timestamp_seconds" not in only


def test_a_drill_brings_the_file_up_to_date_and_does_not_fail_by_it(tmp_path: Path) -> None:
    centre = make_centre(tmp_path / "centre")
    file = centre.folder / "metrics" / "ccir.prom"
    settings = centre.folder / "ccir.toml"
    settings.write_text(
        settings.read_text("utf-8") + f'\n[drills]\nmetrics_file = "{file}"\n', "utf-8"
    )
    answer = centre("drill", "due", "--run")
    assert "metrics file" in answer.err
    file.parent.mkdir()
    assert centre("drill", "due", "--run").err == ""
    assert file.read_text("utf-8").endswith("\n")
    assert [each.name for each in file.parent.iterdir()] == ["ccir.prom"]
