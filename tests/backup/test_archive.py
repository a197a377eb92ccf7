from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import msgspec
import pytest

from ccir.backup.archive import MEMBER
from ccir.backup.held_interface import FileContent
from ccir.backup.interface import BackupTool, Snapshot
from support.benches import ToolBench
from support.damage import flip_bit
from support.restic_targets import kit, said
from support.sums_folder import (
    EXPORTS,
    LIST,
    NEWEST,
    NIGHTS,
    SECRET,
    TAG,
    copied_source,
    list_all,
    target_at,
    write_night,
)


@pytest.fixture(scope="session")
def member(tmp_path_factory: pytest.TempPathFactory) -> ToolBench:
    base = tmp_path_factory.mktemp("archives")
    healthy = base / "healthy"
    copied_source(healthy / NEWEST, source=base / "source")
    damaged = base / "damaged"
    shutil.copytree(healthy, damaged)
    flip_bit(damaged / NEWEST / "recordings" / "call-007.wav", at=100)
    (base / "bare").mkdir()
    return ToolBench(
        factory=MEMBER,
        environment={},
        healthy=target_at(healthy),
        damaged=target_at(damaged),
        bare=target_at(base / "bare"),
        absent=target_at(base / "absent"),
        locked_out=None,
        source=base / "source",
        host="",
        tag=TAG,
        secret=SECRET,
        narrowings=("tags",),
        has_program=False,
        keeps_paths=False,
    )


@pytest.fixture
def tool() -> BackupTool:
    return MEMBER(kit())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two nights' dumps and archives."""
    root = tmp_path / "backups"
    for night in NIGHTS:
        write_night(root / night)
    return root


def test_each_night_is_a_snapshot_dated_by_its_folders_name(tool: BackupTool, folder: Path) -> None:
    listing = tool.snapshots(target_at(folder))
    assert said(listing.outcome) == "pass"
    assert [(each.taken_at, each.tags, each.file_count) for each in listing.snapshots] == [
        (dt.datetime(2026, 1, day, 2, tzinfo=dt.UTC), (TAG,), len(EXPORTS)) for day in (1, 2)
    ]


def test_a_folder_with_its_own_list_is_one_snapshot_with_all_below_it(
    tool: BackupTool, folder: Path
) -> None:
    listing = tool.snapshots(target_at(folder / NEWEST))
    (snapshot,) = listing.snapshots
    assert said(listing.outcome) == "pass"
    content = tool.content(target_at(folder / NEWEST), snapshot)
    held = (content.files, content.bytes)
    assert held == (len(EXPORTS), sum(map(len, EXPORTS.values())))


def test_a_folder_that_is_a_link_is_the_folder_that_it_leads_to(
    tool: BackupTool, folder: Path, tmp_path: Path
) -> None:
    link = tmp_path / "current"
    link.symlink_to(folder)
    assert tool.snapshots(target_at(link)).snapshots == tool.snapshots(target_at(folder)).snapshots


def test_links_hidden_folders_and_files_beside_the_snapshots_are_passed_over(
    tool: BackupTool, folder: Path
) -> None:
    (folder / "latest").symlink_to(NEWEST)
    (folder / ".being-written").mkdir()
    (folder / "lost+found").mkdir()
    (folder / "backup.log").write_text("done", encoding="utf-8")
    listing = tool.snapshots(target_at(folder))
    assert (said(listing.outcome), listing.in_repository) == ("pass", 2)
    assert said(tool.check(target_at(folder), subset="1/1")) == "pass"


def test_tags_are_the_words_of_the_folders_name_beside_its_date(
    tool: BackupTool, folder: Path
) -> None:
    write_night(folder / "billing-2026-01-03")
    (folder / "billing-2026-01-04").mkdir()
    mine = target_at(folder, tags=(TAG,))
    listing = tool.snapshots(mine)
    assert (said(listing.outcome), len(listing.snapshots), listing.in_repository) == ("pass", 2, 3)
    assert said(tool.check(mine)) == "pass"
    other = tool.snapshots(target_at(folder, tags=("billing",)))
    assert said(other.outcome) == "fail snapshot-damaged"
    assert len(other.snapshots) == 1


def test_without_a_date_in_the_name_the_newest_file_tells_the_time(
    tool: BackupTool, tmp_path: Path
) -> None:
    night = write_night(tmp_path / "backups" / "weekly")
    for number, path in enumerate(sorted(EXPORTS)):
        os.utime(night / path, (1_767_250_000 + number, 1_767_250_000 + number))
    (snapshot,) = tool.snapshots(target_at(night.parent)).snapshots
    assert snapshot.taken_at.timestamp() == 1_767_250_000 + len(EXPORTS) - 1
    assert snapshot.tags == ("weekly",)


def test_an_edited_list_is_another_snapshot(tool: BackupTool, folder: Path) -> None:
    before = tool.snapshots(target_at(folder)).snapshots
    with (folder / NEWEST / LIST).open("ab") as listing:
        listing.write(b"\n")
    after = tool.snapshots(target_at(folder)).snapshots
    assert [each.id for each in before][:1] == [each.id for each in after][:1]
    assert before[-1].id != after[-1].id
    assert said(tool.content(target_at(folder), before[-1]).outcome) == "fail no-snapshots"


def test_what_the_list_says_of_itself_and_lists_of_other_kinds_are_passed_over(
    tool: BackupTool, folder: Path
) -> None:
    night = folder / NEWEST
    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    with (night / LIST).open("a", encoding="ascii") as listing:
        listing.write(f"{nothing}  {LIST}\n")
    for name in (f"{LIST}.asc", "MD5SUMS", "sha512sum.txt"):
        (night / name).write_text("x", encoding="utf-8")
    assert said(tool.check(target_at(folder), subset="1/1")) == "pass"


def test_the_list_says_what_every_file_must_hash_to(tool: BackupTool, folder: Path) -> None:
    (folder / NEWEST / "empty").touch()
    list_all(folder / NEWEST)
    taken: list[FileContent] = []
    snapshot = tool.snapshots(target_at(folder)).snapshots[-1]
    assert said(tool.contents(target_at(folder), snapshot, take=taken.append)) == "pass"
    sizes = {**{path: len(octets) for path, octets in EXPORTS.items()}, "empty": 0}
    assert {each.path: each.size for each in taken} == sizes
    assert {each.path: len(each.chunks) for each in taken} == {
        path: int(size > 0) for path, size in sizes.items()
    }


def test_there_are_neither_keys_nor_locks_nor_an_answer_about_tampering(
    tool: BackupTool, folder: Path
) -> None:
    inventory = tool.inventory(target_at(folder))
    assert (said(inventory.outcome), inventory.keys, inventory.locks) == ("pass", (), ())
    assert tool.tamper(target_at(folder)) is None
    assert said(tool.inventory(target_at(folder / "nowhere")).outcome) == "fail repository-missing"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"hosts": ("crm1",)}, "hosts"),
        ({"paths": ("/srv",)}, "paths"),
        ({"password_file": "/etc/password"}, "password file"),
        ({"password_command": ("pass",)}, "password command"),
    ],
)
def test_a_setting_that_means_nothing_here_is_refused_by_its_name(
    tool: BackupTool, folder: Path, *, settings: dict[str, object], told: str
) -> None:
    outcome = tool.probe(target_at(folder, **settings))
    assert said(outcome) == "error wrong-target"
    assert told in outcome.detail


@pytest.mark.parametrize("address", ["s3:host/bucket", "backups", "sftp:host:/srv"])
def test_only_a_folder_of_this_machine_can_be_read(tool: BackupTool, address: str) -> None:
    target = msgspec.structs.replace(target_at(Path("/")), repository=address)
    assert said(tool.probe(target)) == "error wrong-target"


def test_a_snapshot_of_another_folder_is_not_there(tool: BackupTool, folder: Path) -> None:
    unknown = Snapshot(id="0" * 64, taken_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    outcome = tool.dump(target_at(folder), unknown, read=lambda _stream: None)
    assert said(outcome) == "fail no-snapshots"
