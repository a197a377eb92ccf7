"""Drills that others keep from something: locks, rights, a full disk. None is a bad backup."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from support.drill_faults import BOUND_SECONDS, FULL, HASTY, Scene, says, told
from support.drills import verdicts
from support.restic_meddling import leave_lock, locked_exclusively
from support.unprivileged import open_folder, without_privileges

# ------------------------------------------------------------------------------------------- locks


def test_a_live_exclusive_lock_and_then_a_stale_one_leave_no_verdict_though_all_came_back(
    scene: Scene,
) -> None:
    with locked_exclusively(scene.repository):
        assert says(scene) == "error locked"
    result = scene.play(FULL)
    assert told(result) == "error locked"
    assert verdicts(result.checks)["content-proof"] == "pass"
    assert len(scene.locks) == 1


def test_a_shared_lock_that_a_killed_backup_left_is_no_verdict_though_all_came_back(
    scene: Scene,
) -> None:
    leave_lock(scene.repository)
    result = scene.play(FULL)
    assert told(result) == "error locked"
    assert verdicts(result.checks)["sqlite"] == "pass"
    assert scene.seconds < BOUND_SECONDS


# ------------------------------------------------------------------- what a user is not allowed to


@pytest.fixture
def reachable(scene: Scene) -> Iterator[Scene]:
    """A scene that a user without privileges can reach; a first drill loads what it needs."""
    assert says(scene) == "pass"
    with open_folder() as folder:
        password = folder / "password"
        shutil.copy(scene.repository.password_file, password)
        copy = msgspec.structs.replace(
            scene.repository.copied(folder / "repository"), password_file=password
        )
        yield Scene(copy, folder, path=scene.kit.environment["PATH"])


def deny(*paths: Path, mode: int = 0) -> None:
    for path in paths:
        path.chmod(mode)


DENIED: dict[str, tuple[Callable[[Scene], object], str]] = {
    "to write locks": (lambda it: deny(it.repository.folder / "locks", mode=0o500), "pass"),
    "to write anything": (lambda it: deny(*folders(it.repository.folder), mode=0o500), "pass"),
    "to read the password": (
        lambda it: deny(it.repository.password_file),
        "error password-unavailable",
    ),
    "to read the data": (
        lambda it: deny(it.repository.pack(of="data")),
        "error permission-denied",
    ),
    "to enter the repository": (
        lambda it: deny(it.repository.folder),
        "error permission-denied",
    ),
}


def folders(top: Path) -> list[Path]:
    return [top, *(path for path in top.rglob("*") if path.is_dir())]


@pytest.mark.parametrize("denied", DENIED)
def test_what_the_user_is_denied_is_never_held_against_the_backup(
    reachable: Scene, denied: str
) -> None:
    withdraw, expected = DENIED[denied]
    reachable.equip(deadlines=HASTY)
    withdraw(reachable)
    with without_privileges(reachable.folder):
        found = says(reachable)
        for folder in folders(reachable.repository.folder):
            folder.chmod(0o700)
    assert found == expected


# ----------------------------------------------------------------------------------- a full disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", str(folder))
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this user may not mount a small disk")
    yield folder
    subprocess.run(("umount", str(folder)), check=True)


def test_a_disk_that_fills_up_while_the_drill_restores_is_no_verdict(
    scene: Scene, small_disk: Path
) -> None:
    def fill() -> None:
        left = os.statvfs(small_disk)
        (small_disk / "filler").write_bytes(bytes(left.f_bavail * left.f_frsize - 20_000))

    scene.equip(scratch=small_disk / "scratch")
    scene.at("restore", fill)
    assert says(scene) == "error no-space"
    assert [path.name for path in (small_disk / "scratch").iterdir()] == []
