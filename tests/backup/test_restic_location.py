from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ccir.backup.restic_location import (
    has_damaged_key,
    local_folder,
    locks_in,
    plain_fault,
    takes_locks,
    url_passwords,
)
from support.restic_repository import Repository
from support.unprivileged import open_folder, without_privileges

TOO_LONG = "/" + "x" * 300


@pytest.mark.parametrize(
    ("repository", "folder"),
    [
        ("/srv/backup", "/srv/backup"),
        ("local:/srv/backup", "/srv/backup"),
        ("relative/folder", "relative/folder"),
        ("/srv/odd:name", "/srv/odd:name"),
    ],
)
def test_a_path_is_a_local_repository(repository: str, folder: str) -> None:
    assert local_folder(repository) == Path(folder)


@pytest.mark.parametrize(
    "repository",
    [
        "rest:http://host/",
        "sftp:user@host:/srv",
        "s3:s3.example.com/bucket",
        "rclone:remote:path",
        "b2:bucket",
        "swift:container:/path",
    ],
)
def test_a_scheme_is_no_local_repository(repository: str) -> None:
    assert local_folder(repository) is None


def test_passwords_are_found_in_addresses() -> None:
    assert url_passwords("rest:https://user:se-cret@host:8000/") == ("se-cret",)
    assert url_passwords("rest:https://:se-cret@host/") == ("se-cret",)
    assert url_passwords("rest:https://user@host:8000/") == ()
    assert url_passwords("/srv/backup") == ()


def test_a_healthy_repository_has_no_plain_fault(healthy: Repository) -> None:
    assert plain_fault(healthy.folder) is None
    assert takes_locks(healthy.folder)
    assert not has_damaged_key(healthy.folder)


def test_a_path_that_cannot_be_one_is_unreachable() -> None:
    found = plain_fault(Path(TOO_LONG))
    assert found is not None
    assert found.reason == "unreachable"


def test_a_key_that_is_not_what_its_name_says_is_damaged(repository: Repository) -> None:
    (repository.folder / "keys" / ("0" * 64)).write_bytes(b"{}")
    assert has_damaged_key(repository.folder)


def test_no_keys_at_all_are_damage_and_unreadable_ones_prove_nothing(
    repository: Repository,
) -> None:
    keys = repository.folder / "keys"
    shutil.rmtree(keys)
    assert not has_damaged_key(repository.folder)
    keys.mkdir()
    assert has_damaged_key(repository.folder)


def test_a_folder_that_this_user_cannot_write_takes_no_locks() -> None:
    with open_folder() as folder:
        locks = folder / "locks"
        locks.mkdir(mode=0o500)
        with without_privileges(folder):
            assert not takes_locks(folder)
            locks.chmod(0o700)
            assert takes_locks(folder)


def test_locks_are_told_by_name_and_where_none_can_be_seen_there_are_none(
    repository: Repository,
) -> None:
    locks = repository.folder / "locks"
    (locks / "0123").write_bytes(b"sealed")
    (locks / "4567-tmp-89").write_bytes(b"")
    assert locks_in(repository.folder) == {"0123"}
    shutil.rmtree(locks)
    assert locks_in(repository.folder) == set()
