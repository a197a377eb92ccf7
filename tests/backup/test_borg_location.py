from __future__ import annotations

import os
from pathlib import Path

import pytest

from ccir.backup.borg_location import local_folder, locks_in, plain_fault
from support.borg_repository import BorgRepository


@pytest.mark.parametrize(
    ("repository", "folder"),
    [
        ("/srv/backup", "/srv/backup"),
        ("file:///srv/backup", "/srv/backup"),
        ("relative/folder", "relative/folder"),
        ("/srv/odd:name", "/srv/odd:name"),
    ],
)
def test_a_path_is_a_local_repository(repository: str, folder: str) -> None:
    assert local_folder(repository) == Path(folder)


@pytest.mark.parametrize("repository", ["ssh://host/srv", "user@host:/srv", "host:srv"])
def test_another_host_is_no_local_repository(repository: str) -> None:
    assert local_folder(repository) is None


def test_a_healthy_folder_has_no_plain_fault(healthy_borg: BorgRepository) -> None:
    assert plain_fault(healthy_borg.folder) is None
    assert locks_in(healthy_borg.folder) == ()


def test_a_transaction_that_is_being_replaced_is_no_damage(borg_copy: BorgRepository) -> None:
    borg_copy.segments[-1].unlink()
    lock = borg_copy.folder / "lock.exclusive" / "crm1@2485377892354.4711-0"
    lock.parent.mkdir()
    lock.touch()
    os.utime(lock, (0, 0))
    found = plain_fault(borg_copy.folder)
    assert found is not None
    assert found.reason == "locked"
    (held,) = locks_in(borg_copy.folder)
    assert (held.label, held.held_at.timestamp()) == ("crm1, process 4711", 0)


def test_a_name_that_no_disk_takes_is_no_verdict() -> None:
    found = plain_fault(Path("/" + "x" * 300))
    assert found is not None
    assert found.reason in {"unreachable", "repository-missing"}
