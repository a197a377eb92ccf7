from __future__ import annotations

import os
import socket
import tarfile
from pathlib import Path
from typing import IO

import msgspec
import pytest

from ccir.backup.borg import MEMBER
from ccir.backup.interface import BackupTool, Snapshot, Target, ToolKit
from ccir.clock import SystemClock
from support.benches import ToolBench
from support.borg_repository import (
    NAME,
    BorgRepository,
    back_up_with_borg,
    borg_is_there,
    empty_borg_repository,
    shared_borg_repository,
)
from support.damage import flip_bit
from support.fake_borg import fake_borg
from support.restic_repository import FILES, PASSWORD
from support.restic_targets import said


@pytest.fixture(scope="session")
def member(tmp_path_factory: pytest.TempPathFactory) -> ToolBench:
    if not borg_is_there():
        pytest.skip("borg is not installed: apt-get install borgbackup")
    base = tmp_path_factory.mktemp("borg-bench")
    healthy = shared_borg_repository(tmp_path_factory.getbasetemp())
    damaged = healthy.copied(base / "damaged")
    flip_bit(damaged.data, at=5_000)
    wrong = base / "wrong-password"
    wrong.write_text("not the one", encoding="utf-8")
    wrong.chmod(0o600)
    return ToolBench(
        factory=MEMBER,
        environment={"PATH": os.environ["PATH"], "HOME": str(base)},
        healthy=healthy.target,
        damaged=damaged.target,
        bare=empty_borg_repository(base / "bare").target,
        absent=msgspec.structs.replace(healthy.target, repository=str(base / "absent")),
        locked_out=msgspec.structs.replace(healthy.target, password_file=str(wrong)),
        source=healthy.source,
        host=socket.gethostname(),
        tag=NAME,
        secret=PASSWORD,
    )


def test_archives_are_told_by_the_beginning_of_their_names_and_oldest_first(
    borg_tool: BackupTool, borg_copy: BorgRepository
) -> None:
    back_up_with_borg(borg_copy, name="files-2026-01-01", taken_at="2026-01-01T03:04:05")
    back_up_with_borg(borg_copy, name="crm-2026-01-01", taken_at="2026-01-01T02:00:00")
    everything = borg_tool.snapshots(borg_copy.target).snapshots
    assert [each.tags for each in everything] == [
        ("crm-2026-01-01",),
        ("files-2026-01-01",),
        (NAME,),
    ]
    narrowed = msgspec.structs.replace(borg_copy.target, tags=("crm",))
    listing = borg_tool.snapshots(narrowed)
    assert [each.tags for each in listing.snapshots] == [("crm-2026-01-01",), (NAME,)]
    assert listing.in_repository == 3


def test_of_archives_with_a_damaged_record_the_names_are_still_listed(
    borg_tool: BackupTool, borg_copy: BorgRepository
) -> None:
    flip_bit(borg_copy.data, at=-50)
    listing = borg_tool.snapshots(borg_copy.target)
    assert said(listing.outcome) == "fail snapshot-damaged"
    assert [(each.tags, each.host) for each in listing.snapshots] == [((NAME,), "")]


def test_a_stream_holds_every_file(
    borg_tool: BackupTool, healthy_borg: BorgRepository, archive: Snapshot
) -> None:
    names: list[str] = []

    def read(stream: IO[bytes]) -> None:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            names.extend(member.name for member in tar if member.isreg())

    assert said(borg_tool.dump(healthy_borg.target, archive, read=read)) == "pass"
    assert len(names) == FILES


def test_a_snapshot_that_is_gone_can_be_neither_streamed_nor_told(
    borg_tool: BackupTool, healthy_borg: BorgRepository, archive: Snapshot
) -> None:
    gone = msgspec.structs.replace(archive, id="0" * 64)
    outcomes = (
        borg_tool.dump(healthy_borg.target, gone, read=lambda _stream: None),
        borg_tool.contents(healthy_borg.target, gone, take=lambda _content: None),
    )
    assert {*map(said, outcomes)} == {"fail no-snapshots"}


def test_whether_data_could_be_deleted_is_not_told(
    borg_tool: BackupTool, healthy_borg: BorgRepository
) -> None:
    assert borg_tool.tamper(healthy_borg.target) is None
    assert borg_tool.inventory(healthy_borg.target).keys == ()


def faked(folder: Path, *, stdout: str) -> tuple[BackupTool, Target]:
    fake = fake_borg(folder, stdout=stdout)
    tool = MEMBER(ToolKit(clock=SystemClock(), environment={"PATH": fake.path}))
    return tool, Target(name="crm", tool="borg", repository="ssh://backup.invalid/crm")


@pytest.mark.parametrize("printed", ["", "garbage", "[]", '{"archives": [{"id": "x"}]}'])
def test_a_list_that_cannot_be_read_is_no_verdict(tmp_path: Path, printed: str) -> None:
    tool, target = faked(tmp_path, stdout=printed)
    listing = tool.snapshots(target)
    assert said(listing.outcome) == "error unrecognised-output"
    assert listing.snapshots == ()
