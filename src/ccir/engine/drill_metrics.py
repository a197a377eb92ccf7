"""Writes how drills stand as metrics for Prometheus (text exposition format 0.0.4).

The file is replaced as a whole: whoever reads it never sees half of it. Times are seconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from ccir.domain.drill_history import Due, Played
from ccir.engine.drill_schedule import due_drills, history
from ccir.engine.workspace import Workspace
from ccir.errors import UnavailableError

_MODE = 0o644  # the exporter reads it as another user; it holds no data of customers
_HELP = {
    "ccir_drill_last_run_timestamp_seconds": "When the drill was played last.",
    "ccir_drill_last_pass_timestamp_seconds": "When the drill passed last.",
    "ccir_drill_last_result": "1 for the verdict of the last drill.",
    "ccir_drill_rto_seconds": "How long the last restore took, until it was judged.",
    "ccir_drill_rpo_seconds": "How old the restored snapshot was.",
    "ccir_drill_restored_bytes": "How much the last drill restored.",
    "ccir_drill_overdue": "1 where the drill is due by its schedule.",
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
    text = metrics(history(workspace), due_drills(workspace, now))
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
    for drill, each in last.items():
        label, result = f'drill="{drill}"', each.result
        yield "ccir_drill_last_run_timestamp_seconds", label, each.at.timestamp()
        if drill in passed:
            at = passed[drill].at.timestamp()
            yield "ccir_drill_last_pass_timestamp_seconds", label, at
        yield "ccir_drill_last_result", f'{label},verdict="{result.verdict}"', 1
        yield "ccir_drill_restored_bytes", label, result.bytes
        for name, objective in (("rto", result.rto), ("rpo", result.rpo)):
            if objective.measured_seconds is not None:
                yield f"ccir_drill_{name}_seconds", label, objective.measured_seconds


def _overdue(dues: list[Due]) -> Iterator[_Sample]:
    for each in dues:
        yield "ccir_drill_overdue", f'drill="{each.drill}"', float(each.is_due)
