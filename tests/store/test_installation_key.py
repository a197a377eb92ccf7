from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ccir.entropy import SeededEntropy
from ccir.errors import RefusedError, StoreDamagedError, UnavailableError
from ccir.store.installation_key import KEY_BYTES, InstallationKey, make_key, read_key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "installation.key"
    make_key(path, entropy=SeededEntropy(1))
    return path


def test_a_new_key_is_random_whole_and_private(path: Path) -> None:
    assert read_key(path).reveal() == SeededEntropy(1).octets(KEY_BYTES)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["installation.key"]


def test_a_key_that_is_there_stays(path: Path) -> None:
    make_key(path, entropy=SeededEntropy(2))
    assert read_key(path).reveal() == SeededEntropy(1).octets(KEY_BYTES)


def test_no_form_of_a_key_shows_it() -> None:
    key = InstallationKey(b"secret" * 6)
    for form in (repr(key), str(key), f"{key}", f"{key!a}", f"{[key]}"):
        assert form.strip("[]") == "InstallationKey(***)"


def test_a_missing_key_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="is missing"):
        read_key(tmp_path / "no.key")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o610, 0o660, 0o644])
def test_a_key_that_others_may_use_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(RefusedError, match=f"mode {mode:04o}") as caught:
        read_key(path)
    assert f"chmod 600 {path}" in caught.value.hint


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_of_another_length_is_refused(path: Path, length: int) -> None:
    path.write_bytes(bytes(length))
    with pytest.raises(StoreDamagedError, match=f"has {length} bytes instead of 32"):
        read_key(path)


def test_a_folder_in_the_keys_place_is_told(path: Path) -> None:
    path.unlink()
    path.mkdir()
    with pytest.raises(UnavailableError, match="cannot be used: Is a directory"):
        read_key(path)
