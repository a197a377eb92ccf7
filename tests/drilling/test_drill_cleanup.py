from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccir.domain.drills import CheckPlan
from ccir.drilling.drill import run_drill
from ccir.drilling.scratch import remove_tree
from support.drills import (
    ONE_DATABASE,
    Course,
    drill_with,
    kit_for,
    left_in,
    ordinary_user,
    program,
    target_of,
    verdicts,
)
from support.restic_repository import Repository, back_up


def test_what_dead_drills_left_is_removed_by_the_next(healthy: Repository, tmp_path: Path) -> None:
    with subprocess.Popen(["true"]) as dead:
        dead.wait()
    orphan = tmp_path / "scratch" / "drill-orphan" / "restored"
    orphan.mkdir(parents=True)
    (tmp_path / "scratch").chmod(0o700)
    (tmp_path / "scratch" / "drill-orphan.pid").write_text(f"{dead.pid} 1", encoding="ascii")
    assert run_drill(drill_with(), target_of(healthy), kit_for(tmp_path)).verdict == "pass"
    assert left_in(tmp_path) == []


def test_a_cancelled_drill_is_an_error_and_is_cleaned_up(
    healthy: Repository, tmp_path: Path
) -> None:
    stages = Course()
    kit = kit_for(
        tmp_path,
        progress=stages,
        is_cancelled=lambda: "check sqlite" in stages.names,
    )
    result = run_drill(drill_with(), target_of(healthy), kit)
    assert (result.verdict, result.reason) == ("error", "cancelled")
    assert left_in(tmp_path) == []


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("stage", ["count snapshot", "check sqlite", "clean up"])
def test_an_interrupted_drill_leaves_nothing(
    healthy: Repository, tmp_path: Path, stage: str
) -> None:
    kit = kit_for(tmp_path, progress=Course(**{stage: interrupt}))
    with pytest.raises(KeyboardInterrupt):
        run_drill(drill_with(), target_of(healthy), kit)
    assert left_in(tmp_path) == []


def test_a_scratch_folder_that_is_gone_meanwhile_is_an_error_and_no_crash(
    healthy: Repository, tmp_path: Path
) -> None:
    course = Course(count_snapshot=lambda: shutil.rmtree(tmp_path / "scratch"))
    result = run_drill(drill_with(), target_of(healthy), kit_for(tmp_path, progress=course))
    assert (result.verdict, result.reason) == ("error", "unwritable")
    assert result.detail.endswith(": No such file or directory")
    assert result.cleanup == "cleaned"


def moved_away(elsewhere: Path) -> CheckPlan:
    """Return the check that puts a link to elsewhere in the place of the scratch folder."""
    script = f'd="$(dirname "$PWD")"; mv "$d" "{elsewhere}" && ln -s "{elsewhere}" "$d"'
    return program("sh", "-c", script)


def test_restored_data_that_cannot_be_removed_turns_a_pass_into_an_error(
    healthy: Repository, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    result = run_drill(
        drill_with(ONE_DATABASE, moved_away(elsewhere)), target_of(healthy), kit_for(tmp_path)
    )
    assert {name: seen for name, seen in verdicts(result.checks).items() if seen != "pass"} == {
        "cleanup": "cleanup-failed"
    }
    assert (result.verdict, result.reason, result.cleanup) == (
        "error",
        "cleanup-failed",
        "failed",
    )
    assert result.hint.startswith("remove it: rm -rf ")
    assert list(elsewhere.rglob("crm.sqlite")) != []  # no link was followed


def test_a_fail_stays_a_fail_when_the_cleanup_fails_too(
    healthy: Repository, tmp_path: Path
) -> None:
    drill = drill_with(program("false"), moved_away(tmp_path / "elsewhere"))
    result = run_drill(drill, target_of(healthy), kit_for(tmp_path))
    assert (result.verdict, result.reason, result.cleanup) == (
        "fail",
        "unexpected-exit",
        "failed",
    )


@pytest.fixture
def reachable(healthy: Repository) -> Iterator[Path]:
    """A copy of the repository that an ordinary user can reach, with locked folders in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        healthy.copied(folder / "repository")
        (folder / "source" / "locked" / "blind").mkdir(parents=True)
        (folder / "source" / "locked" / "blind" / "file").write_text("12345", encoding="ascii")
        (folder / "source" / "locked" / "blind").chmod(0o000)
        (folder / "source" / "locked").chmod(0o500)
        yield folder
        remove_tree(folder / "source")


def test_folders_that_lock_an_ordinary_user_out_are_restored_counted_and_removed(
    healthy: Repository, reachable: Path
) -> None:
    warm = run_drill(drill_with(program("true")), target_of(healthy), kit_for(reachable))
    assert warm.verdict == "pass"  # loads what the ordinary user may not read
    shutil.copy(healthy.password_file, reachable / "password")
    copy = Repository(
        folder=reachable / "repository",
        password_file=reachable / "password",
        source=reachable / "source",
    )
    back_up(copy, at="2026-01-02 03:30:00")
    with ordinary_user(reachable):
        kit = kit_for(reachable)
        result = run_drill(drill_with(program("true")), target_of(copy), kit)
    assert (result.verdict, result.files, result.bytes) == ("pass", 1, 5)
    assert left_in(reachable) == []
