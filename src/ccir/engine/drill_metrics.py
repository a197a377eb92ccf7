"""Writes how drills stand as metrics for Prometheus (text exposition format 0.0.4).

The file is replaced as a whole: whoever reads it never sees half of it. Times are seconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from ccir.domain.drill_history import Due, Played
from ccir.domain.drill_trend import coverage_share
from ccir.domain.events import DrillFinished
from ccir.engine.drill_schedule import due_drills, history
from ccir.engine.workspace import Workspace
from ccir.errors import UnavailableError

_MODE = 0o644  # the exporter reads it as another user; it holds no data of customers
_HELP = {
    "ccir_drill_last_run_timestamp_seconds": "When the drill was played last, not skipped.",
    "ccir_drill_last_pass_timestamp_seconds": "When the drill passed last.",
    "ccir_drill_last_result": "1 for the verdict of the last drill.",
    "ccir_drill_rto_seconds": "How long the last restore took, until it was judged.",
    "ccir_drill_rpo_seconds": "How old the restored snapshot was.",
    "ccir_drill_restored_bytes": "How much the last drill restored.",
    "ccir_drill_coverage_ratio": "How much of the newest snapshot's bytes is verified, 0 to 1.",
    "ccir_drill_data_age_seconds": "How old the newest datum in the restored snapshot was.",
    "ccir_drill_level": "What the last drill proved, from 0 (L0) to 6 (L6).",
    "ccir_drill_overdue": "1 where the drill is due by its schedule.",
    "ccir_drill_stale": "1 where the drill is late by a whole period, or has not passed for two.",
}
_Sample = tuple[str, str, float]


def write_metrics(workspace: Workspace, now: dt.datetime) -> None:
    """Replace the metrics file of the settings; nothing where there is none.

    Raises:
        UnavailableError: it cannot be written.
    """
    file = workspace.settings.drills.metrics_file
    if file is None:
        return
    played = history(workspace)
    text = metrics(played, due_drills(workspace, now, earlier=played))
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_text(text, "utf-8")
        part.chmod(_MODE)
        Path(part).replace(file)
    except OSError as error:
        raise UnavailableError(
            f"the metrics file '{file}' cannot be written: {error.strerror}",
            hint="let this user write its folder, or change [drills] metrics_file",
        ) from error


def metrics(played: list[Played], dues: list[Due]) -> str:
    """Return the metrics of drills that were played, and of those that are due."""
    samples = [*_results(played), *_overdue(dues)]
    lines: list[str] = []
    for name, text in _HELP.items():
        own = [(labels, value) for found, labels, value in samples if found == name]
        if own:
            lines += [f"# HELP {name} {text}", f"# TYPE {name} gauge"]
            lines += [f"{name}{{{labels}}} {value:.15g}" for labels, value in own]
    return "\n".join(lines) + "\n"


def _results(played: list[Played]) -> Iterator[_Sample]:
    last = {each.result.drill: each for each in played}
    passed = {each.result.drill: each for each in played if each.result.verdict == "pass"}
    judged = {each.result.drill: each for each in played if each.result.verdict != "skipped"}
    for drill, each in last.items():
        label = f'drill="{drill}"'
        if drill in judged:
            at = judged[drill].at.timestamp()
            yield "ccir_drill_last_run_timestamp_seconds", label, at
        if drill in passed:
            at = passed[drill].at.timestamp()
            yield "ccir_drill_last_pass_timestamp_seconds", label, at
        yield "ccir_drill_last_result", f'{label},verdict="{each.result.verdict}"', 1
        for name, value in _measured(judged.get(drill, each).result).items():
            if value is not None:
                yield name, label, value


def _measured(result: DrillFinished) -> dict[str, float | None]:
    level = result.level.removeprefix("L")
    return {
        "ccir_drill_restored_bytes": result.bytes,
        "ccir_drill_rto_seconds": result.rto.measured_seconds,
        "ccir_drill_rpo_seconds": result.rpo.measured_seconds,
        "ccir_drill_data_age_seconds": result.data_age_seconds,
        "ccir_drill_coverage_ratio": coverage_share(result),
        "ccir_drill_level": float(level) if level else None,
    }


def _overdue(dues: list[Due]) -> Iterator[_Sample]:
    for each in dues:
        label = f'drill="{each.drill}"'
        yield "ccir_drill_overdue", label, float(each.is_due)
        yield "ccir_drill_stale", label, float(each.verdict == "stale")
