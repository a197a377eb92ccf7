from __future__ import annotations

import datetime as dt
import inspect
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from ccir.checks.interface import Tree, measure
from ccir.drilling.scratch import (
    empty_tree,
    judge_space,
    keep_scratch,
    make_enterable,
    make_scratch,
    reap_orphans,
    remove_scratch,
    remove_tree,
    restored_in,
)
from ccir.errors import RefusedError, UnavailableError
from support.drills import NOW, ordinary_user

FRAMES = 200


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "workspace" / ".ccir" / "scratch"


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that an ordinary user can reach: pytest's own are private to this one."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture
def shallow_stack() -> Iterator[int]:
    """Leave room for so many frames only, as a deep tree would."""
    before, now = sys.getrecursionlimit(), len(inspect.stack())
    sys.setrecursionlimit(now + FRAMES)
    yield now + FRAMES
    sys.setrecursionlimit(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def mark_of(scratch: Path) -> Path:
    return scratch.with_name(f"{scratch.name}.pid")


def leave_behind(root: Path, *, mark: str) -> Path:
    """Make what a drill leaves that died with this mark."""
    scratch = make_scratch(root, now=NOW)
    (restored_in(scratch) / "jane-doe.pdf").write_text("private", encoding="utf-8")
    mark_of(scratch).write_text(mark, encoding="ascii")
    return scratch


def dead_pid() -> int:
    """Return the number of a process that is over."""
    with subprocess.Popen(["true"]) as child:
        child.wait()
    return child.pid


def test_every_drill_gets_an_empty_folder_of_its_own_that_nobody_else_can_enter(
    root: Path,
) -> None:
    first, second = make_scratch(root, now=NOW), make_scratch(root, now=NOW)
    assert first != second
    for path in (root, first, restored_in(first)):
        assert mode_of(path) == 0o700
    assert list(restored_in(first).iterdir()) == []


def test_what_a_drill_made_is_removed_with_its_mark(root: Path) -> None:
    scratch = make_scratch(root, now=NOW)
    (restored_in(scratch) / "recording.wav").write_bytes(b"RIFF")
    assert remove_scratch(scratch)
    assert list(root.iterdir()) == []


def test_what_is_gone_already_counts_as_removed(root: Path) -> None:
    scratch = make_scratch(root, now=NOW)
    assert remove_scratch(scratch)
    assert remove_scratch(scratch)


def test_a_relative_root_is_refused() -> None:
    with pytest.raises(RefusedError, match="is not absolute"):
        make_scratch(Path("scratch"), now=NOW)


def test_a_root_that_is_a_link_is_refused_even_into_nowhere(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(RefusedError, match="is a link"):
        make_scratch(link, now=NOW)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("mode", [0o701, 0o710, 0o777, 0o755])
def test_a_root_that_others_may_use_is_refused_with_the_command_that_closes_it(
    tmp_path: Path, mode: int
) -> None:
    root = tmp_path / "open"
    root.mkdir()
    root.chmod(mode)
    with pytest.raises(RefusedError, match=rf"mode 0{mode:o}") as caught:
        make_scratch(root, now=NOW)
    assert caught.value.hint == f"run: chmod 700 {root}"
    assert list(root.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_root_of_another_user_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "theirs"
    root.mkdir(mode=0o700)
    os.chown(root, 65_534, 65_534)
    with pytest.raises(RefusedError, match="belongs to another user"):
        make_scratch(root, now=NOW)


def test_a_root_that_is_a_file_cannot_be_used(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch(0o600)
    with pytest.raises(UnavailableError, match="File exists") as caught:
        make_scratch(file, now=NOW)
    assert "[restore] in ccir.toml" in caught.value.hint


@pytest.mark.parametrize("protected", [".", ".ccir"])
def test_the_workspace_s_own_scratch_is_allowed_within_what_is_protected(
    root: Path, protected: str
) -> None:
    folder = root.parent.parent / protected
    assert make_scratch(root, now=NOW, protected=(folder,)).is_dir()


@pytest.mark.parametrize("below", [".", "deeper", ".ccir/scratch/deeper", ".ccir"])
def test_any_other_root_within_what_is_protected_is_refused(tmp_path: Path, below: str) -> None:
    protected = tmp_path / "workspace"
    with pytest.raises(RefusedError, match="lies in"):
        make_scratch(protected / below, now=NOW, protected=(tmp_path / "other", protected))
    assert not protected.exists()


def test_a_root_is_not_hidden_from_its_protection_by_a_link_on_the_way(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    (tmp_path / "way").symlink_to(repository)
    with pytest.raises(RefusedError, match="lies in"):
        make_scratch(tmp_path / "way" / "scratch", now=NOW, protected=(repository,))


def test_what_a_dead_drill_left_is_removed_before_the_next(root: Path) -> None:
    orphan = leave_behind(root, mark=f"{dead_pid()} 4711\n")
    scratch = make_scratch(root, now=NOW)
    assert sorted(root.iterdir()) == sorted([scratch, mark_of(scratch)])
    assert not orphan.exists()


def test_a_number_that_another_process_got_meanwhile_does_not_save_what_was_left(
    root: Path,
) -> None:
    leave_behind(root, mark=f"{os.getpid()} 1\n")
    assert reap_orphans(root, now=NOW) == 1
    assert list(root.iterdir()) == []


def test_a_drill_that_died_before_it_had_a_folder_leaves_no_mark(root: Path) -> None:
    remove_tree(leave_behind(root, mark=f"{dead_pid()} 4711\n"))
    assert reap_orphans(root, now=NOW) == 1
    assert list(root.iterdir()) == []


@pytest.mark.parametrize("mark", ["", "not a number 3\n", "\N{SNOWMAN}"])
def test_what_cannot_be_told_dead_is_left_alone(root: Path, mark: str) -> None:
    scratch = make_scratch(root, now=NOW)
    mark_of(scratch).write_text(mark, encoding="utf-8")
    assert reap_orphans(root, now=NOW) == 0
    assert restored_in(scratch).is_dir()


def test_a_living_drill_s_folder_is_left_alone(root: Path) -> None:
    scratch = make_scratch(root, now=NOW)
    assert reap_orphans(root, now=NOW) == 0
    assert restored_in(scratch).is_dir()


def test_no_folder_without_a_mark_is_reaped_however_it_is_called(root: Path) -> None:
    make_scratch(root, now=NOW)
    (root / "drill-mine").mkdir()
    reap_orphans(root, now=NOW)
    assert (root / "drill-mine").is_dir()


def test_a_tree_of_any_modes_is_removed_by_the_user_whom_they_bind(reachable: Path) -> None:
    tree = reachable / "tree"
    (tree / "locked" / "inner").mkdir(parents=True)
    (tree / "locked" / "inner" / "file").touch(0o000)
    (tree / "blind").mkdir()
    with ordinary_user(reachable):
        (tree / "locked" / "inner").chmod(0o000)
        (tree / "locked").chmod(0o500)
        (tree / "blind").chmod(0o300)
        assert remove_tree(tree)
    assert list(reachable.iterdir()) == []


def test_a_tree_that_cannot_be_removed_is_told_so(reachable: Path) -> None:
    tree = reachable / "outer" / "tree"
    tree.mkdir(parents=True)
    with ordinary_user(reachable):
        tree.parent.chmod(0o500)
        assert not remove_tree(tree)
        tree.parent.chmod(0o700)
        assert remove_tree(tree)


def test_the_mark_of_what_could_not_be_removed_stays_for_the_next_drill(
    root: Path, tmp_path: Path
) -> None:
    scratch = make_scratch(root, now=NOW)
    scratch.rename(tmp_path / "elsewhere")
    scratch.symlink_to(tmp_path / "elsewhere")
    assert not remove_scratch(scratch)
    assert mark_of(scratch).is_file()


def test_no_link_is_followed_out_of_a_tree(tmp_path: Path) -> None:
    outside, tree = tmp_path / "outside", tmp_path / "tree"
    outside.mkdir(mode=0o750)
    outside.chmod(0o750)
    (outside / "file").touch()
    tree.mkdir()
    (tree / "folder").symlink_to(outside)
    (tree / "file").symlink_to(outside / "file")
    assert remove_tree(tree)
    assert (outside / "file").is_file()
    assert mode_of(outside) == 0o750


def test_a_link_in_the_place_of_the_tree_is_not_followed_and_not_called_removed(
    tmp_path: Path,
) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").touch()
    link = tmp_path / "tree"
    link.symlink_to(tmp_path / "outside")
    assert not remove_tree(link)
    assert (tmp_path / "outside" / "file").is_file()


def test_a_tree_deeper_than_the_program_s_stack_is_removed(
    tmp_path: Path, shallow_stack: int
) -> None:
    deep = tmp_path / "deep"
    for depth in range(shallow_stack + 50):
        deep.joinpath(*"d" * depth).mkdir()
    assert remove_tree(deep)


def test_a_folder_can_be_emptied_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "file").touch()
    empty_tree(folder)
    assert list(folder.iterdir()) == []


def test_folders_that_lock_their_user_out_are_opened_so_that_they_can_be_counted(
    reachable: Path,
) -> None:
    tree = reachable / "tree"
    (tree / "locked" / "inner").mkdir(parents=True)
    (tree / "locked" / "inner" / "file").write_bytes(b"12345")
    (tree / "link").symlink_to("/")
    with ordinary_user(reachable):
        (tree / "locked" / "inner").chmod(0o000)
        (tree / "locked").chmod(0o000)
        make_enterable(tree)
        assert measure(tree) == Tree(files=1, bytes=5)


def statvfs(**changes: int) -> SimpleNamespace:
    return SimpleNamespace(
        **{"f_bavail": 100, "f_frsize": 10, "f_files": 50, "f_favail": 20, **changes}
    )


@pytest.mark.parametrize(
    ("size", "files", "detail"),
    [
        (1_000.0, 20.0, ""),
        (1_000.5, 1.0, "1000 bytes are needed in /srv, 1000 are free"),
        (1.0, 21.0, "21 files are needed in /srv, 20 fit"),
    ],
)
def test_bytes_and_files_must_both_fit(
    monkeypatch: pytest.MonkeyPatch, *, size: float, files: float, detail: str
) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _folder: statvfs())
    found = judge_space(Path("/srv"), needed_bytes=size, needed_files=files)
    seen = found and (found.verdict, found.reason, found.detail)
    assert seen == (("error", "no-space", detail) if detail else None)


def test_a_file_system_that_counts_no_files_holds_any_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _folder: statvfs(f_files=0, f_favail=0))
    assert judge_space(Path("/srv"), needed_bytes=1.0, needed_files=1e9) is None


def test_what_is_kept_stands_until_its_time_is_over(tmp_path: Path) -> None:
    root = tmp_path / "scratch"
    scratch = make_scratch(root, now=NOW)
    keep_scratch(scratch, until=NOW + dt.timedelta(hours=24))
    assert reap_orphans(root, now=NOW + dt.timedelta(hours=23)) == 0
    assert restored_in(scratch).is_dir()
    assert reap_orphans(root, now=NOW + dt.timedelta(hours=24)) == 1
    assert [*root.iterdir()] == []


def test_what_cannot_be_written_down_is_not_kept_and_stays_this_drill_s(tmp_path: Path) -> None:
    root = tmp_path / "scratch"
    scratch = make_scratch(root, now=NOW)
    before = mark_of(scratch).read_text("ascii")
    assert keep_scratch(scratch, until=NOW)
    assert mark_of(scratch).read_text("ascii") != before
    mark_of(scratch).unlink()
    mark_of(scratch).mkdir()
    assert not keep_scratch(scratch, until=NOW)
    assert sorted(root.iterdir()) == sorted([scratch, mark_of(scratch)])
