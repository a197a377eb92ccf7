from __future__ import annotations

import hashlib
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccir.errors import UnavailableError, UsageError
from ccir.evidence.bundles import bundle


def filled(target: Path) -> Path:
    with bundle(target, root="proof") as made:
        added = made.add("words/a.txt", [b"one ", b"two"])
        made.add("b.bin", iter([b"\x00"] * 3))
    assert (added.size_bytes, added.sha256) == (7, hashlib.sha256(b"one two").hexdigest())
    assert [each.path for each in made.files] == ["words/a.txt", "b.bin", "SHA256SUMS"]
    return target


def test_a_folder_is_private_and_sha256sum_checks_it(tmp_path: Path) -> None:
    folder = filled(tmp_path / "deep" / "proof")
    assert (folder / "words" / "a.txt").read_bytes() == b"one two"
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, check=True, capture_output=True
    )
    assert checked.stdout == b"b.bin: OK\nwords/a.txt: OK\n"


def test_a_zip_file_holds_the_same_and_never_differs(tmp_path: Path) -> None:
    first, second = filled(tmp_path / "one.zip"), filled(tmp_path / "two.zip")
    assert first.read_bytes() == second.read_bytes()
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    with zipfile.ZipFile(first) as archive:
        assert archive.namelist() == ["proof/words/a.txt", "proof/b.bin", "proof/SHA256SUMS"]
        assert archive.read("proof/words/a.txt") == b"one two"
        assert all(each.external_attr >> 16 == 0o600 for each in archive.infolist())


def _breaking() -> Iterator[bytes]:
    yield b"half"
    raise RuntimeError("in the midst")


@pytest.mark.parametrize("name", ["proof", "proof.zip"])
def test_a_bundle_that_broke_off_leaves_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(RuntimeError), bundle(tmp_path / name, root="proof") as made:
        made.add("a", _breaking())
    assert [*tmp_path.iterdir()] == []
    (tmp_path / f".{name}.partial").write_bytes(b"of a crash")
    filled(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["proof", "proof.zip"])
def test_what_is_there_is_never_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="is there already"), bundle(tmp_path / name, root="x"):
        pass


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with (
        pytest.raises(UnavailableError, match="cannot be written"),
        bundle(tmp_path / "file" / "proof", root="x"),
    ):
        pass
