from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from ccir.engine.manifest_files import Reader
from support.unprivileged import open_folder, without_privileges


def replaced(path: Path) -> None:
    path.with_name("new").write_bytes(b"new")
    path.with_name("new").rename(path)


def piped(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def linked(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


CHANGES: dict[str, Callable[[Path], object]] = {
    "written": lambda path: path.write_bytes(path.read_bytes()),
    "replaced": replaced,
    "removed": Path.unlink,
    "piped": piped,
    "linked": linked,
}


def reader(
    *, leave_out: Iterable[str] = (), is_cancelled: Callable[[], bool] = lambda: False
) -> Reader:
    def progress(_stage: str, _done: int | None, _total: int | None) -> None:
        """Tell nobody."""

    return Reader(leave_out=frozenset(leave_out), progress=progress, is_cancelled=is_cancelled)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b/two", "b/one", "a/three", "c"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    return tmp_path


def names(found: Reader, folder: Path) -> list[str]:
    return [each.path.removeprefix(f"{folder}/") for each in found.read(folder)]


def test_every_file_is_read_in_the_order_of_names(folder: Path) -> None:
    found = reader()
    read = [*found.read(folder)]
    assert [each.path for each in read] == [
        str(folder / name) for name in ("c", "a/three", "b/one", "b/two")
    ]
    assert read[0].sha256 == hashlib.sha256(b"c").hexdigest()
    assert (found.files, found.bytes) == (4, 18)
    assert (found.changed, found.unreadable, found.is_broken_off) == (0, 0, False)


def test_links_and_pipes_are_neither_followed_nor_waited_for(folder: Path) -> None:
    (folder / "file-link").symlink_to(folder / "c")
    (folder / "folder-link").symlink_to(folder / "a")
    os.mkfifo(folder / "pipe")
    assert names(reader(), folder) == ["c", "a/three", "b/one", "b/two"]


def test_a_folder_can_be_passed_over(folder: Path) -> None:
    assert names(reader(leave_out=[str(folder / "b")]), folder) == ["c", "a/three"]


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_while_it_is_read_is_left_out_and_counted(folder: Path, change: str) -> None:
    big = folder / "a" / "three"
    big.write_bytes(b"x" * (3 << 20))

    def interfere() -> bool:
        """Change the file when its third piece was read."""
        asked.append(1)
        if len(asked) == 3:
            CHANGES[change](big)
        return False

    asked: list[int] = []
    found = reader(is_cancelled=interfere)
    read = names(found, folder)
    assert "a/three" not in read
    assert found.changed == 1
    assert found.files == len(read)


@pytest.mark.parametrize(
    ("change", "counts"), [("removed", (1, 0)), ("piped", (1, 0)), ("linked", (0, 1))]
)
def test_what_changes_before_it_is_read_is_left_out_too(
    folder: Path, change: str, counts: tuple[int, int]
) -> None:
    (folder / "d").write_text("d", encoding="utf-8")
    found = reader()
    reading = found.read(folder)
    assert next(reading).path.endswith("/c")
    CHANGES[change](folder / "d")
    assert not [each for each in reading if each.path.endswith("/d")]
    assert (found.changed, found.unreadable) == counts


def test_what_cannot_be_read_is_counted() -> None:
    with open_folder() as folder:
        for name in ("a", "b/c"):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(name, encoding="utf-8")
        (folder / "a").chmod(0)
        (folder / "b").chmod(0)
        found = reader()
        with without_privileges(folder):
            assert names(found, folder) == []
        assert found.unreadable == 2
        (folder / "b").chmod(0o700)


def test_it_can_be_broken_off(folder: Path) -> None:
    found = reader(is_cancelled=lambda: True)
    assert names(found, folder) == []
    assert found.is_broken_off


def test_how_far_it_is_is_told_now_and_then(tmp_path: Path) -> None:
    for number in range(250):
        (tmp_path / str(number)).touch()
    told: list[int | None] = []
    found = Reader(
        leave_out=frozenset(),
        progress=lambda _stage, done, _total: told.append(done),
        is_cancelled=lambda: False,
    )
    assert len([*found.read(tmp_path)]) == 250
    assert told == [None, 100, 200]
