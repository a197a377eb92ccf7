from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from ccir.drilling.recovery import restore
from support.damage import flip_bit
from support.drills import Course, back_up_nothing, kit_for, meddling_restic, target_of, verdicts
from support.restic_repository import FILES, PASSWORD, Repository, back_up

DAMAGE = "echo 'pack 0123456789abcdef contains 1 errors' >&2; exit 1"


def restored(folder: Path, name: str) -> Path:
    return next(iter(folder.rglob(name)))


def test_a_backup_is_restored_into_a_new_private_folder_counted_and_kept(
    healthy: Repository, tmp_path: Path
) -> None:
    course = Course()
    into = tmp_path / "deep" / "restored"
    result = restore(target_of(healthy), kit_for(tmp_path, progress=course), into=into)
    assert (result.verdict, result.reason) == ("pass", "")
    assert (result.destination, result.files) == (into, FILES)
    assert result.snapshot == healthy.snapshot_id
    assert result.seconds > 0
    assert result.detail.endswith(f"; {FILES} files, {result.bytes} bytes, as in the snapshot")
    assert into.stat().st_mode & 0o777 == 0o700
    original = healthy.source / "recordings" / "call-007.wav"
    assert restored(into, "call-007.wav").read_bytes() == original.read_bytes()
    assert verdicts(result.checks) == dict.fromkeys(
        ("repository", "snapshot-age", "snapshot-content", "restore", "file-count"),
        "pass",
    )
    assert course.names == [
        "look for snapshots",
        "count snapshot",
        "restore",
        "check file-count",
    ]
    assert not (tmp_path / "scratch").exists()


def test_what_was_restored_is_read_again(healthy: Repository, tmp_path: Path) -> None:
    deed = f'echo "$@" > {tmp_path}/asked; $restic "$@"'
    kit = kit_for(tmp_path, environment=meddling_restic(tmp_path / "bin", on_restore=deed))
    assert restore(target_of(healthy), kit, into=tmp_path / "into").verdict == "pass"
    assert "--verify" in (tmp_path / "asked").read_text(encoding="utf-8").split()


def test_an_empty_folder_is_restored_into_and_closed_to_others(
    healthy: Repository, tmp_path: Path
) -> None:
    into = tmp_path / "into"
    into.mkdir()
    into.chmod(0o755)
    assert restore(target_of(healthy), kit_for(tmp_path), into=into).verdict == "pass"
    assert into.stat().st_mode & 0o777 == 0o700


def test_a_relative_folder_is_told_with_its_whole_path(
    healthy: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = restore(target_of(healthy), kit_for(tmp_path), into=Path("into"))
    assert (result.verdict, result.destination) == ("pass", tmp_path / "into")


def test_a_folder_that_holds_anything_is_refused_and_not_touched(
    healthy: Repository, tmp_path: Path
) -> None:
    into = tmp_path / "into"
    into.mkdir()
    into.chmod(0o755)
    (into / "mine").touch()
    result = restore(target_of(healthy), kit_for(tmp_path), into=into)
    assert (result.verdict, result.reason) == ("error", "refused")
    assert "holds files already" in result.detail
    assert [path.name for path in into.iterdir()] == ["mine"]
    assert into.stat().st_mode & 0o777 == 0o755


def test_a_file_a_link_and_the_root_are_refused(healthy: Repository, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for into in (*(tmp_path / name for name in ("file", "link", "dangling")), Path("/")):
        result = restore(target_of(healthy), kit_for(tmp_path), into=into)
        assert (result.verdict, result.reason, result.files) == ("error", "refused", 0)
    assert list((tmp_path / "empty").iterdir()) == []
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("below", [".", "deeper/still"])
def test_a_folder_within_what_is_protected_is_refused_even_through_a_link(
    healthy: Repository, tmp_path: Path, below: str
) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "way").symlink_to(tmp_path / "state")
    kit = kit_for(tmp_path, protected=(tmp_path / "state",))
    for into in (tmp_path / "state" / below, tmp_path / "way" / "x" / below):
        result = restore(target_of(healthy), kit, into=into)
        assert (result.verdict, result.reason) == ("error", "refused")
    assert list((tmp_path / "state").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_an_error(healthy: Repository, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = restore(target_of(healthy), kit_for(tmp_path), into=tmp_path / "file" / "into")
    assert (result.verdict, result.reason) == ("error", "unwritable")
    assert result.detail == f"{tmp_path}/file/into: Not a directory"


def test_of_a_damaged_backup_what_came_back_stays_and_is_called_untrustworthy(
    repository: Repository, tmp_path: Path
) -> None:
    flip_bit(repository.pack(of="data"), at=200)
    into = tmp_path / "into"
    deed = f'mkdir -p "$into/srv"; echo saved > "$into/srv/file"; {DAMAGE}'
    kit = kit_for(tmp_path, environment=meddling_restic(tmp_path / "bin", on_restore=deed))
    result = restore(target_of(repository), kit, into=into)
    assert (result.verdict, result.reason, result.files) == ("fail", "pack-damaged", 1)
    assert result.detail.endswith(f"; {into} is not to be trusted")
    assert (into / "srv" / "file").is_file()
    assert "file-count" not in verdicts(result.checks)


def test_a_really_damaged_backup_is_a_fail(repository: Repository, tmp_path: Path) -> None:
    flip_bit(repository.pack(of="data"), at=200)
    into = tmp_path / "into"
    result = restore(target_of(repository), kit_for(tmp_path), into=into)
    assert (result.verdict, result.reason) == ("fail", "pack-damaged")
    assert into.exists() == bool(result.files)
    assert PASSWORD not in repr(result)


def test_if_nothing_came_back_the_folder_that_was_made_is_removed_again(
    healthy: Repository, tmp_path: Path
) -> None:
    deed = f'mkdir -p "$into/srv/empty"; {DAMAGE}'
    kit = kit_for(tmp_path, environment=meddling_restic(tmp_path / "bin", on_restore=deed))
    into = tmp_path / "into"
    result = restore(target_of(healthy), kit, into=into)
    assert (result.verdict, result.reason) == ("fail", "pack-damaged")
    assert "not to be trusted" not in result.detail
    assert not into.exists()


def test_if_nothing_came_back_a_folder_that_was_there_is_empty_again(
    healthy: Repository, tmp_path: Path
) -> None:
    deed = 'mkdir -p "$into/srv/empty"; exit 1'
    kit = kit_for(tmp_path, environment=meddling_restic(tmp_path / "bin", on_restore=deed))
    into = tmp_path / "into"
    into.mkdir()
    result = restore(target_of(healthy), kit, into=into)
    assert (result.verdict, result.reason) == ("error", "unrecognised-output")
    assert list(into.iterdir()) == []


def test_nothing_restored_is_never_a_pass_whatever_the_tool_says(
    healthy: Repository, tmp_path: Path
) -> None:
    kit = kit_for(tmp_path, environment=meddling_restic(tmp_path / "bin", on_restore="exit 0"))
    result = restore(target_of(healthy), kit, into=tmp_path / "into")
    assert (result.verdict, result.reason) == ("fail", "below-floor")
    assert not (tmp_path / "into").exists()


def test_less_than_the_snapshot_holds_is_a_fail(healthy: Repository, tmp_path: Path) -> None:
    deed = '$restic "$@" && find "$into" -name call-007.wav -delete'
    kit = kit_for(tmp_path, environment=meddling_restic(tmp_path / "bin", on_restore=deed))
    result = restore(target_of(healthy), kit, into=tmp_path / "into")
    assert (result.verdict, result.reason, result.files) == ("fail", "incomplete", FILES - 1)
    assert "not to be trusted" in result.detail


def test_without_room_nothing_is_written(
    healthy: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = SimpleNamespace(f_bavail=1, f_frsize=4_096, f_files=0, f_favail=0)
    monkeypatch.setattr(os, "statvfs", lambda _folder: full)
    result = restore(target_of(healthy), kit_for(tmp_path), into=tmp_path / "into")
    assert (result.verdict, result.reason) == ("error", "no-space")
    assert not (tmp_path / "into").exists()


def test_an_interrupted_restore_that_wrote_nothing_leaves_no_folder(
    healthy: Repository, tmp_path: Path
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    kit = kit_for(tmp_path, progress=Course(restore=interrupt))
    with pytest.raises(KeyboardInterrupt):
        restore(target_of(healthy), kit, into=tmp_path / "into")
    assert not (tmp_path / "into").exists()


def test_a_newest_from_the_future_is_not_restored_unless_somebody_names_it(
    repository: Repository, tmp_path: Path
) -> None:
    old = repository.snapshot_id
    back_up(repository, at="2026-01-03 03:00:00")
    [planted] = {path.name for path in (repository.folder / "snapshots").iterdir()} - {old}
    kit, target = kit_for(tmp_path), target_of(repository)
    unnamed = restore(target, kit, into=tmp_path / "into")
    assert (unnamed.verdict, unnamed.reason) == ("fail", "future")
    assert "name the one to restore" in unnamed.hint
    assert not (tmp_path / "into").exists()
    for number, snapshot in enumerate((old, planted)):
        named = restore(target, kit, into=tmp_path / str(number), snapshot=snapshot)
        assert (named.verdict, named.snapshot) == ("pass", snapshot)


def test_beside_an_unreadable_snapshot_only_a_named_one_is_restored(
    repository: Repository, tmp_path: Path
) -> None:
    first = repository.snapshot_id
    back_up(repository, at="2026-01-02 03:20:00")
    [second] = {path.name for path in (repository.folder / "snapshots").iterdir()} - {first}
    flip_bit(repository.folder / "snapshots" / first, at=40)
    kit, target = kit_for(tmp_path), target_of(repository)
    unnamed = restore(target, kit, into=tmp_path / "into")
    assert (unnamed.verdict, unnamed.reason) == ("fail", "snapshot-damaged")
    assert "name the one to restore" in unnamed.hint
    named = restore(target, kit, into=tmp_path / "into", snapshot=second[:12])
    assert (named.verdict, named.snapshot) == ("pass", second)


def test_an_empty_snapshot_is_not_restored(repository: Repository, tmp_path: Path) -> None:
    back_up_nothing(repository, tmp_path / "nothing", at="2026-01-02 03:30:00")
    result = restore(target_of(repository), kit_for(tmp_path), into=tmp_path / "into")
    assert (result.verdict, result.reason) == ("fail", "empty")
    assert not (tmp_path / "into").exists()


def test_an_unknown_snapshot_is_an_error(healthy: Repository, tmp_path: Path) -> None:
    kit = kit_for(tmp_path)
    result = restore(target_of(healthy), kit, into=tmp_path / "into", snapshot="0123456789")
    assert (result.verdict, result.reason) == ("error", "snapshot-unknown")


@pytest.mark.parametrize(
    ("changes", "verdict", "reason"),
    [
        ({"tool": "tape"}, "error", "not-found"),
        ({"repository": "/nowhere/crm"}, "fail", "repository-missing"),
        ({"password_file": None, "password_command": ("false",)}, "error", "password-unavailable"),
    ],
)
def test_a_target_that_cannot_be_used_is_a_result_and_makes_no_folder(
    healthy: Repository, tmp_path: Path, *, changes: dict[str, object], verdict: str, reason: str
) -> None:
    into = tmp_path / "into"
    result = restore(target_of(healthy, **changes), kit_for(tmp_path), into=into)
    assert (result.verdict, result.reason) == (verdict, reason)
    assert result.destination == into
    assert not into.exists()
