from __future__ import annotations

from pathlib import Path

from support.cli import Cli
from support.restic_answers import quick_restic
from support.restic_repository import Repository, back_up
from support.scheduled import scheduled_centre


def centre(folder: Path, repository: Repository, *lines: str) -> Cli:
    """Return a centre whose nightly drill also says these lines."""
    cli = scheduled_centre(folder, repository)
    path = cli.folder / "drills" / "nightly.yaml"
    path.write_text("\n".join((path.read_text(encoding="utf-8"), *lines)), encoding="utf-8")
    return cli


def test_a_whole_restore_says_what_it_proves_and_what_is_covered(
    tmp_path: Path, healthy: Repository
) -> None:
    shown = centre(tmp_path / "centre", healthy)("drill", "run", "nightly").out
    assert "proven: L6, the application's own checks pass" in shown
    assert "restore: pass; validation: pass" in shown
    assert "coverage in 30 days: 25 of 25 files, 100 % of the bytes; 1 of 1 snapshots" in shown
    assert "until 100 %" not in shown


def test_a_sample_says_which_it_is_and_how_many_are_left(
    tmp_path: Path, repository: Repository
) -> None:
    back_up(repository, at="2026-01-02 03:10:00")
    lines = ("mode: sample", "buckets: 4", "select: newest-and-older", "control_every: 2")
    cli = centre(tmp_path / "centre", repository, *lines)
    cli.variables |= quick_restic(tmp_path / "bin")
    shown = cli("drill", "run", "nightly").out
    assert "restored (sample 1 of 4); scratch cleaned" in shown
    assert " and " in shown.splitlines()[0]
    assert "2 of 2 snapshots" in shown
    assert "until 100 %: 3 more drills" in shown
    assert "RTO not measured" in shown
    found = cli.json("drill", "run", "nightly")
    assert (found["bucket"], found["mode"], found["control"]) == (
        {"number": 1, "of": 4},
        "sample",
        "pass",
    )


def test_a_stream_says_that_nothing_was_written(tmp_path: Path, healthy: Repository) -> None:
    cli = centre(tmp_path / "centre", healthy, "mode: stream")
    path = cli.folder / "drills" / "nightly.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  - kind: sqlite"), text.index("schedule:")
    counted = "  - kind: file-count\n    with: {minimum_files: 20}\n"
    path.write_text(text[:start] + counted + text[end:], encoding="utf-8")
    shown = cli("drill", "run", "nightly").out
    assert shown.splitlines()[1].startswith("25 files, ")
    assert " read, nothing written; scratch cleaned" in shown
    assert "proven: L4, every file is what the backup says it is" in shown
