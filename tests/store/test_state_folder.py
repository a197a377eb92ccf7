from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ccir.errors import ConflictError, UnavailableError
from ccir.store.state_folder import held, make_private, settle, write_new

TAKEN = ConflictError("taken", hint="wait")


def test_a_private_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    make_private(tmp_path / "a" / "b")
    make_private(tmp_path / "a" / "b")
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UnavailableError, match="cannot be used: Not a directory") as caught:
        make_private(tmp_path / "file" / "state")
    assert "free space" in caught.value.hint


def test_a_new_file_is_private_and_whole(tmp_path: Path) -> None:
    write_new(tmp_path / "file", b"content")
    assert (tmp_path / "file").read_bytes() == b"content"
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_draft_is_never_written_through_a_link(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"theirs")
    (tmp_path / "file.new").symlink_to(elsewhere)
    write_new(tmp_path / "file", b"ours")
    assert elsewhere.read_bytes() == b"theirs"
    assert not (tmp_path / "file").is_symlink()


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="No such file"):
        write_new(tmp_path / "absent" / "file", b"content")


def test_settling_replaces_whatever_had_the_name(tmp_path: Path) -> None:
    (tmp_path / "draft").write_bytes(b"new")
    (tmp_path / "file").write_bytes(b"old")
    settle(tmp_path / "draft", tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"new"


def test_a_lock_is_held_once_and_given_back(tmp_path: Path) -> None:
    lock = tmp_path / "locks" / "one.lock"
    with held(lock, taken=TAKEN):
        with pytest.raises(ConflictError) as caught, held(lock, taken=TAKEN):
            pytest.fail("it was held twice")
        assert caught.value is TAKEN
    with held(lock, taken=TAKEN, wait=True):
        assert stat.S_IMODE(lock.stat().st_mode) == 0o600


def test_a_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "one.lock").mkdir()
    with (
        pytest.raises(UnavailableError, match="Is a directory"),
        held(tmp_path / "one.lock", taken=TAKEN),
    ):
        pytest.fail("it was held")
