from __future__ import annotations

from pathlib import Path

import pytest

from ccir.catalog.documents import read_drill
from ccir.catalog.sources import Source
from ccir.engine.families import check_arguments

DRILL = """\
id: recordings
version: 1.0.0
title: Restore the recordings
summary: For tests.
target: call-recordings
checks:
  - kind: file-count
    with: {{minimum_files: 1, minimum_bytes: 1}}
{more}
"""
CONTENT = "  - kind: content"


def complaints(folder: Path, *lines: str) -> list[str]:
    path = folder / "recordings.yaml"
    path.write_text(DRILL.format(more="\n".join(lines)), encoding="utf-8")
    source = Source(kind="drills", id="recordings", path=path, root=folder, origin="workspace")
    return [each.message for each in read_drill(source, check_arguments()).findings]


def test_a_drill_with_everything_that_it_can_say_is_accepted(tmp_path: Path) -> None:
    lines = (
        CONTENT,
        "rpo: 24h",
        "rto: 4h",
        "deadline: 2h",
        "schedule: {every: 1d}",
        "select: newest-and-older",
        "mode: sample",
        "buckets: 20",
        "verify: {structure: true, data_parts: 10, content: true}",
        "control_every: 5",
        "ceiling: {bytes: 100000000000, files: 1000000}",
        "nice: 10",
        "keep_on_fail: 24h",
        "coverage_days: 14",
    )
    assert complaints(tmp_path, *lines) == []


@pytest.mark.parametrize("name", ["rpo", "rto", "deadline", "keep_on_fail"])
def test_a_time_without_a_fixed_length_is_told(tmp_path: Path, name: str) -> None:
    (told,) = complaints(tmp_path, f"{name}: 1mo")
    assert told == "'1mo' has no fixed length"


def test_a_drill_that_would_be_due_all_the_time_is_told(tmp_path: Path) -> None:
    (told,) = complaints(tmp_path, "schedule: {every: 0h}")
    assert told == "a drill cannot be due all the time"


def test_a_stream_has_no_files_for_a_check_to_judge(tmp_path: Path) -> None:
    (told,) = complaints(tmp_path, CONTENT, "mode: stream")
    assert told == "mode: stream writes nothing, so 'content' has nothing to judge"


@pytest.mark.parametrize("mode", ["stream", "sample"])
def test_what_is_read_in_part_or_without_a_trace_is_always_compared(
    tmp_path: Path, mode: str
) -> None:
    (told,) = complaints(tmp_path, f"mode: {mode}", "verify: {content: false}")
    assert told == f"mode: {mode} needs it"


def test_a_file_that_is_no_drill_is_told_once(tmp_path: Path) -> None:
    (told,) = complaints(tmp_path, "mode: half")
    assert "half" in told
