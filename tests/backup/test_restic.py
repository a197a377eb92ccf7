from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from ccir.backup.interface import BackupTool, RestoreRequest, ToolKit
from ccir.backup.restic import MEMBER
from ccir.checks.interface import measure
from ccir.clock import SystemClock
from support.benches import NARROWINGS, ToolBench
from support.damage import flip_bit
from support.fake_restic import fake_restic
from support.restic_repository import (
    HOST,
    PASSWORD,
    TAG,
    Repository,
    back_up,
    restic_is_there,
    shared_repository,
)
from support.restic_targets import REQUEST, only_file, said, target_of, the_snapshot
from support.restic_versions import INSTALLED, NEWER, path_with


@pytest.fixture(scope="session")
def member(tmp_path_factory: pytest.TempPathFactory) -> ToolBench:
    return bench(tmp_path_factory, version=INSTALLED)


@pytest.fixture(scope="session")
def member_newer(tmp_path_factory: pytest.TempPathFactory) -> ToolBench:
    return bench(tmp_path_factory, version=NEWER)


def bench(tmp_path_factory: pytest.TempPathFactory, *, version: str) -> ToolBench:
    if not restic_is_there():
        pytest.skip("restic is not installed: apt-get install restic")
    path = path_with(version)
    base = tmp_path_factory.mktemp("bench")
    healthy = shared_repository(tmp_path_factory.getbasetemp())
    damaged = healthy.copied(base / "damaged")
    flip_bit(damaged.pack(of="data"), at=100)
    bare = healthy.copied(base / "bare")
    only_file(bare.folder / "snapshots").unlink()
    wrong = base / "wrong-password"
    wrong.write_text("not the one", encoding="utf-8")
    wrong.chmod(0o600)
    return ToolBench(
        factory=MEMBER,
        environment={"PATH": path, "HOME": str(base)},
        healthy=target_of(healthy),
        damaged=target_of(damaged),
        bare=target_of(bare),
        absent=msgspec.structs.replace(target_of(healthy), repository=str(base / "absent")),
        locked_out=msgspec.structs.replace(target_of(healthy), password_file=str(wrong)),
        source=healthy.source,
        host=HOST,
        tag=TAG,
        secret=PASSWORD,
    )


def test_restic_is_held_to_all_of_the_contract(member: ToolBench) -> None:
    assert member.locked_out is not None
    assert (member.narrowings, member.has_program, member.keeps_paths) == (NARROWINGS, True, True)


def test_some_unreadable_snapshots_do_not_hide_the_others(
    tool: BackupTool, repository: Repository
) -> None:
    extra = repository.folder / "snapshots" / ("0" * 64)
    extra.write_bytes(b"no snapshot")
    listing = tool.snapshots(target_of(repository))
    assert said(listing.outcome) == "fail snapshot-damaged"
    assert [each.id for each in listing.snapshots] == [
        path.name for path in (repository.folder / "snapshots").iterdir() if path != extra
    ]


def test_a_snapshot_of_nothing_is_listed_last_and_holds_nothing(
    tool: BackupTool, repository: Repository, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    back_up(msgspec.structs.replace(repository, source=empty), at="2026-01-03 03:04:05", host="b")
    listing = tool.snapshots(target_of(repository))
    assert [each.host for each in listing.snapshots] == [HOST, "b"]
    content = tool.content(target_of(repository), listing.snapshots[-1])
    assert (said(content.outcome), content.files, content.bytes) == ("pass", 0, 0)
    into = tmp_path / "into"
    restored = tool.restore(
        target_of(repository), listing.snapshots[-1], into=into, request=REQUEST
    )
    assert said(restored) == "pass"
    assert measure(into).files == 0


def faked(folder: Path, *, stdout: str) -> BackupTool:
    fake = fake_restic(folder, stdout=stdout)
    return MEMBER(ToolKit(clock=SystemClock(), environment={"PATH": fake.path}))


@pytest.mark.parametrize("printed", ["", "garbage", '{"not": "a list"}', '[{"id": "x"}]'])
def test_a_list_that_cannot_be_read_is_no_verdict(
    healthy: Repository, tmp_path: Path, printed: str
) -> None:
    listing = faked(tmp_path, stdout=printed).snapshots(target_of(healthy))
    assert said(listing.outcome) == "error unrecognised-output"
    assert listing.snapshots == ()


def test_contents_that_cannot_be_read_are_no_verdict(healthy: Repository, tmp_path: Path) -> None:
    printed = '{"struct_type": "snapshot"}\n{"type": "file", "size": 3}\nsomething else\n'
    content = faked(tmp_path, stdout=printed).content(target_of(healthy), the_snapshot(healthy))
    assert said(content.outcome) == "error unrecognised-output"


def test_a_newer_restic_tells_how_far_a_restore_is(healthy: Repository, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    printed = (
        '{"message_type":"status","percent_done":0,"total_files":1,"total_bytes":300}\n'
        '{"message_type":"status","percent_done":0.5,"bytes_restored":150,"total_bytes":300}\n'
        '{"message_type":"summary","total_files":1,"total_bytes":300,"bytes_restored":300}\n'
    )
    request = RestoreRequest(progress=lambda done, total: seen.append((done, total)))
    outcome = faked(tmp_path, stdout=printed).restore(
        target_of(healthy), the_snapshot(healthy), into=tmp_path / "into", request=request
    )
    assert said(outcome) == "pass"
    assert seen == [(0, 300), (150, 300)]
