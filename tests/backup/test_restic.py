from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from ccir.backup.interface import (
    BackupTool,
    Deadlines,
    Outcome,
    RestoreRequest,
    Snapshot,
    Target,
    ToolKit,
)
from ccir.backup.restic import MEMBER
from ccir.checks.interface import measure
from ccir.clock import SystemClock
from support.benches import ToolBench
from support.fake_restic import fake_restic
from support.restic_repository import (
    FILES,
    HOST,
    PASSWORD,
    TAG,
    Repository,
    back_up,
    flip_bit,
    restic_is_there,
    shared_repository,
)
from support.unprivileged import open_folder, without_privileges

AMPLE = Deadlines(open_seconds=30, check_seconds=30, list_seconds=30, restore_seconds=30)
# restic 0.14 tries again for minutes where a file is missing; its first complaint comes at once.
SHORT = Deadlines(open_seconds=1, check_seconds=30, list_seconds=1.5, restore_seconds=1.5)
REQUEST = RestoreRequest()
AT_PACK_HEADER = -10

Break = Callable[[Repository], object]


@pytest.fixture(scope="session")
def member(tmp_path_factory: pytest.TempPathFactory) -> ToolBench:
    if not restic_is_there():
        pytest.skip("restic is not installed: apt-get install restic")
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
        environment={"PATH": os.environ["PATH"], "HOME": str(base)},
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


@pytest.fixture
def tool() -> BackupTool:
    return MEMBER(kit())


@pytest.fixture
def hasty_tool() -> BackupTool:
    return MEMBER(kit(deadlines=SHORT))


def kit(*, deadlines: Deadlines = AMPLE) -> ToolKit:
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    return ToolKit(clock=SystemClock(), environment=environment, deadlines=deadlines)


def target_of(repository: Repository) -> Target:
    return Target(
        name="crm",
        repository=str(repository.folder),
        password_file=str(repository.password_file),
    )


def with_password(healthy: Repository, *command: str) -> Target:
    return Target(name="crm", repository=str(healthy.folder), password_command=command)


def the_snapshot(repository: Repository) -> Snapshot:
    at = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    return Snapshot(id=repository.snapshot_id, taken_at=at)


def only_file(folder: Path) -> Path:
    (found,) = (path for path in folder.iterdir() if path.is_file())
    return found


def cut(path: Path, *, to: float) -> None:
    path.chmod(0o600)
    os.truncate(path, int(path.stat().st_size * to))


def change_key(path: Path) -> None:
    """Change the sealed key so that it can still be parsed, but not be opened."""
    key = json.loads(path.read_text(encoding="utf-8"))
    first, rest = key["data"][0], key["data"][1:]
    key["data"] = ("B" if first == "A" else "A") + rest
    path.chmod(0o600)
    path.write_text(json.dumps(key), encoding="utf-8")


def said(outcome: Outcome) -> str:
    return f"{outcome.verdict} {outcome.reason}".strip()


def judged(
    tool: BackupTool, repository: Repository, snapshot: Snapshot, *, into: Path
) -> list[str]:
    """What the five calls say: snapshots, check, check with data, content, restore.

    Data is read only where the structure is whole: what failed once fails again.
    """
    target = target_of(repository)
    checked = said(tool.check(target))
    return [
        said(tool.snapshots(target).outcome),
        checked,
        said(tool.check(target, subset="1/1")) if checked == "pass" else checked,
        said(tool.content(target, snapshot).outcome),
        said(tool.restore(target, snapshot, into=into, request=REQUEST)),
    ]


# ------------------------------------------------------------------------------------- damage

PACK, INDEX = "fail pack-damaged", "fail index-damaged"
SNAPSHOT, KEY, CONFIG = "fail snapshot-damaged", "fail key-damaged", "fail config-damaged"
GONE, NONE = "fail repository-missing", "fail no-snapshots"
BROKEN: dict[str, tuple[Break, list[str]]] = {
    "nothing": (lambda _: None, ["pass"] * 5),
    # Only reading the data shows it; the structure is whole.
    "a bit of the data": (
        lambda it: flip_bit(it.pack(of="data"), at=100),
        ["pass", "pass", PACK, "pass", PACK],
    ),
    "a bit of the data's header": (
        lambda it: flip_bit(it.pack(of="data"), at=AT_PACK_HEADER),
        ["pass", "pass", PACK, "pass", "pass"],
    ),
    "a bit of the folders": (
        lambda it: flip_bit(it.pack(of="tree"), at=100),
        ["pass", PACK, PACK, PACK, PACK],
    ),
    "a bit of the index": (
        lambda it: flip_bit(only_file(it.folder / "index"), at=40),
        ["pass", INDEX, INDEX, INDEX, INDEX],
    ),
    "half of the index": (
        lambda it: cut(only_file(it.folder / "index"), to=0.5),
        ["pass", INDEX, INDEX, INDEX, INDEX],
    ),
    "the index": (
        lambda it: only_file(it.folder / "index").unlink(),
        ["pass", INDEX, INDEX, INDEX, INDEX],
    ),
    "a bit of the snapshot": (
        lambda it: flip_bit(only_file(it.folder / "snapshots"), at=40),
        [SNAPSHOT] * 5,
    ),
    "all of the snapshot's bytes": (
        lambda it: cut(only_file(it.folder / "snapshots"), to=0),
        [SNAPSHOT] * 5,
    ),
    "the snapshot": (
        lambda it: only_file(it.folder / "snapshots").unlink(),
        ["pass", "pass", "pass", NONE, NONE],
    ),
    # restic 0.14 says of it what it says of a wrong password.
    "a letter of the key": (lambda it: change_key(only_file(it.folder / "keys")), [KEY] * 5),
    "the key's first byte": (lambda it: flip_bit(only_file(it.folder / "keys"), at=0), [KEY] * 5),
    "the key": (lambda it: only_file(it.folder / "keys").unlink(), [KEY] * 5),
    "a bit of the config": (lambda it: flip_bit(it.folder / "config", at=40), [CONFIG] * 5),
    "half of the config": (lambda it: cut(it.folder / "config", to=0.5), [CONFIG] * 5),
    "all of the config's bytes": (lambda it: cut(it.folder / "config", to=0), [CONFIG] * 5),
    "the config": (lambda it: (it.folder / "config").unlink(), [GONE] * 5),
    "the repository": (lambda it: shutil.rmtree(it.folder), [GONE] * 5),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_broken_is_what_the_calls_say(
    tool: BackupTool, healthy: Repository, repository: Repository, *, tmp_path: Path, broken: str
) -> None:
    break_it, expected = BROKEN[broken]
    break_it(repository)
    snapshot = the_snapshot(healthy)
    assert judged(tool, repository, snapshot, into=tmp_path / "into") == expected


PACK_LOSSES: dict[str, Break] = {
    "cut in half": lambda it: cut(it.pack(of="data"), to=0.5),
    "emptied": lambda it: cut(it.pack(of="data"), to=0),
    "deleted": lambda it: it.pack(of="data").unlink(),
}


@pytest.mark.parametrize("loss", PACK_LOSSES)
def test_a_restore_that_only_tries_again_is_a_fail_where_a_local_file_is_short_or_gone(
    hasty_tool: BackupTool, repository: Repository, tmp_path: Path, *, loss: str
) -> None:
    snapshot = the_snapshot(repository)
    PACK_LOSSES[loss](repository)
    assert said(hasty_tool.check(target_of(repository))) == PACK
    outcome = hasty_tool.restore(
        target_of(repository), snapshot, into=tmp_path / "into", request=REQUEST
    )
    assert said(outcome) == PACK
    assert "returned error, retrying" in outcome.detail
    assert outcome.seconds < 4


def test_folders_that_are_cut_short_are_a_fail_although_listing_only_tries_again(
    hasty_tool: BackupTool, repository: Repository
) -> None:
    snapshot = the_snapshot(repository)
    cut(repository.pack(of="tree"), to=0.5)
    assert said(hasty_tool.content(target_of(repository), snapshot).outcome) == PACK


def test_a_proof_of_damage_ends_a_check_after_five_seconds_and_leaves_no_lock(
    tool: BackupTool, repository: Repository
) -> None:
    repository.pack(of="tree").unlink()
    outcome = tool.check(target_of(repository))
    assert said(outcome) == PACK
    assert outcome.stopped_early
    assert outcome.exit_code == 130
    assert 5 <= outcome.seconds < 8
    assert [*(repository.folder / "locks").iterdir()] == []


def test_some_unreadable_snapshots_do_not_hide_the_others(
    tool: BackupTool, repository: Repository
) -> None:
    extra = repository.folder / "snapshots" / ("0" * 64)
    extra.write_bytes(b"no snapshot")
    listing = tool.snapshots(target_of(repository))
    assert said(listing.outcome) == SNAPSHOT
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


# ---------------------------------------------------------------------------------- passwords


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("", encoding="utf-8")
    path.chmod(0o600)
    return path


def test_an_empty_password_file_is_no_verdict(
    tool: BackupTool, healthy: Repository, password_file: Path
) -> None:
    target = msgspec.structs.replace(target_of(healthy), password_file=str(password_file))
    assert said(tool.check(target)) == "error password-unavailable"


def test_a_missing_password_file_is_no_verdict(tool: BackupTool, healthy: Repository) -> None:
    target = msgspec.structs.replace(target_of(healthy), password_file="/nonexistent/password")
    assert said(tool.probe(target)) == "error password-unavailable"
    assert said(tool.check(target)) == "error password-unavailable"


def test_a_folder_is_no_password_file(
    tool: BackupTool, healthy: Repository, tmp_path: Path
) -> None:
    target = msgspec.structs.replace(target_of(healthy), password_file=str(tmp_path))
    assert said(tool.probe(target)) == "error password-unavailable"
    assert said(tool.check(target)) == "error password-unavailable"


def test_a_password_file_that_anybody_can_read_is_found_by_the_probe(
    tool: BackupTool, healthy: Repository, password_file: Path
) -> None:
    password_file.chmod(0o604)
    target = msgspec.structs.replace(target_of(healthy), password_file=str(password_file))
    outcome = tool.probe(target)
    assert said(outcome) == "error password-exposed"
    assert "chmod 600" in outcome.hint


def test_a_password_command_opens_the_repository(tool: BackupTool, healthy: Repository) -> None:
    target = with_password(healthy, "cat", str(healthy.password_file))
    assert said(tool.check(target)) == "pass"


@pytest.mark.parametrize("command", [("false",), ("no-such-program",), ("sh", "-c", "exit 7")])
def test_a_failing_password_command_is_no_verdict(
    tool: BackupTool, healthy: Repository, command: tuple[str, ...]
) -> None:
    assert said(tool.check(with_password(healthy, *command))) == "error password-unavailable"


def test_a_hung_password_command_is_told_from_a_hung_network(
    hasty_tool: BackupTool, healthy: Repository
) -> None:
    outcome = hasty_tool.snapshots(with_password(healthy, "sleep", "30")).outcome
    assert said(outcome) == "error password-timeout"
    assert outcome.seconds < 3


def test_without_any_password_source_nobody_is_asked(tool: BackupTool, healthy: Repository) -> None:
    target = Target(name="crm", repository=str(healthy.folder))
    assert said(tool.check(target)) == "error password-unavailable"


# -------------------------------------------------------------------- locks, and who may write


@pytest.fixture
def locked(healthy: Repository, repository: Repository, tmp_path: Path) -> Iterator[Repository]:
    """A repository that another restic, which still runs, has locked for itself alone."""
    hanging = healthy.copied(tmp_path / "hanging")
    hanging.pack(of="tree").unlink()  # so that its check goes on and on
    environment = {
        "PATH": os.environ["PATH"],
        "RESTIC_REPOSITORY": str(hanging.folder),
        "RESTIC_PASSWORD_FILE": str(hanging.password_file),
    }
    holder = subprocess.Popen(
        ["restic", "--no-cache", "check"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        shutil.copy(awaited_lock(hanging), repository.folder / "locks")
        yield repository
    finally:
        holder.kill()
        holder.wait(timeout=5)


def awaited_lock(repository: Repository) -> Path:
    """Return the lock once it has its name: before that, restic writes it under another."""
    for _ in range(500):
        for path in (repository.folder / "locks").iterdir():
            if path.name.isalnum():
                return path
        time.sleep(0.01)
    pytest.fail("restic took no lock within five seconds")


def test_a_locked_repository_is_no_verdict_but_can_be_listed_and_restored(
    tool: BackupTool, locked: Repository, tmp_path: Path
) -> None:
    target, snapshot = target_of(locked), the_snapshot(locked)
    outcome = tool.check(target)
    assert said(outcome) == "error locked"
    assert "restic unlock" in outcome.hint
    assert said(tool.snapshots(target).outcome) == "pass"
    assert tool.content(target, snapshot).files == FILES
    assert said(tool.restore(target, snapshot, into=tmp_path / "into", request=REQUEST)) == "pass"
    assert len([*(locked.folder / "locks").iterdir()]) == 1


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A function that mounts a file system of memory with these options."""
    folders: list[Path] = []

    def mount(options: str) -> Path:
        folder = tmp_path / f"mount-{len(folders)}"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        if subprocess.run(command, check=False, capture_output=True, timeout=5).returncode:
            pytest.skip("only root may mount, and not everywhere")
        folders.append(folder)
        return folder

    yield mount
    for folder in folders:
        subprocess.run(["umount", str(folder)], check=True, timeout=5)


def test_a_read_only_repository_is_judged_without_a_lock(
    tool: BackupTool, healthy: Repository, mounted: Callable[[str], Path], *, tmp_path: Path
) -> None:
    folder = mounted("size=4m")
    there = healthy.copied(folder / "repository")
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True, timeout=5)
    assert judged(tool, there, the_snapshot(there), into=tmp_path / "into") == ["pass"] * 5


@pytest.fixture
def reachable(tool: BackupTool, healthy: Repository) -> Iterator[Repository]:
    """A copy that a user without privileges can reach, with its password."""
    tool.version()  # imports what starting a program needs
    with open_folder() as folder:
        password_file = folder / "password"
        shutil.copy(healthy.password_file, password_file)
        copy = healthy.copied(folder / "repository")
        yield msgspec.structs.replace(copy, password_file=password_file)


def test_a_repository_that_this_user_cannot_write_is_judged_without_a_lock(
    tool: BackupTool, reachable: Repository
) -> None:
    (reachable.folder / "locks").chmod(0o500)
    base = reachable.folder.parent
    snapshot = the_snapshot(reachable)
    with without_privileges(base):
        outcomes = judged(tool, reachable, snapshot, into=base / "into")
    assert outcomes == ["pass"] * 5


def test_a_repository_that_this_user_cannot_read_is_no_verdict(
    tool: BackupTool, reachable: Repository
) -> None:
    reachable.folder.chmod(0)
    with without_privileges(reachable.folder.parent):
        outcomes = [tool.probe(target_of(reachable)), tool.check(target_of(reachable))]
        reachable.folder.chmod(0o700)
    assert {*map(said, outcomes)} == {"error permission-denied"}


def test_data_that_this_user_cannot_read_is_no_verdict(
    hasty_tool: BackupTool, reachable: Repository
) -> None:
    reachable.pack(of="data").chmod(0)
    base = reachable.folder.parent
    snapshot = the_snapshot(reachable)
    with without_privileges(base):
        outcome = hasty_tool.restore(
            target_of(reachable), snapshot, into=base / "into", request=REQUEST
        )
    assert said(outcome) == "error permission-denied"


def test_an_unreadable_password_file_is_no_verdict(tool: BackupTool, reachable: Repository) -> None:
    reachable.password_file.chmod(0)
    with without_privileges(reachable.folder.parent):
        outcomes = [tool.probe(target_of(reachable)), tool.check(target_of(reachable))]
    assert {*map(said, outcomes)} == {"error password-unavailable"}


def test_a_full_disk_is_no_verdict_on_the_backup(
    tool: BackupTool, healthy: Repository, mounted: Callable[[str], Path]
) -> None:
    into = mounted("size=32k")
    outcome = tool.restore(
        target_of(healthy), the_snapshot(healthy), into=into, request=RestoreRequest()
    )
    assert said(outcome) == "error no-space"
    assert "call-0" not in outcome.detail
    assert str(healthy.source) not in outcome.detail


def test_a_target_below_a_file_is_no_verdict_on_the_backup(
    tool: BackupTool, healthy: Repository, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    outcome = tool.restore(target_of(healthy), the_snapshot(healthy), into=file, request=REQUEST)
    assert said(outcome) == "error wrong-target"


# ------------------------------------------------------------------------------------- network


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port of this machine that nobody listens on and nobody else can take."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def test_a_refused_connection_is_no_verdict_and_shows_no_password(
    tool: BackupTool, healthy: Repository, closed_port: int
) -> None:
    target = msgspec.structs.replace(
        target_of(healthy), repository=f"rest:http://user:s3cret-word@127.0.0.1:{closed_port}/"
    )
    for outcome in (tool.snapshots(target).outcome, tool.check(target)):
        assert said(outcome) == "error unreachable"
        assert "connection refused" in outcome.detail
        assert "s3cret-word" not in repr(outcome)
    assert said(tool.probe(target)) == "pass"


def test_a_missing_helper_program_is_no_verdict(tool: BackupTool, healthy: Repository) -> None:
    target = msgspec.structs.replace(target_of(healthy), repository="rclone:nowhere:backup")
    assert said(tool.check(target)) == "error unreachable"


def test_an_address_of_no_known_kind_is_no_verdict(tool: BackupTool, healthy: Repository) -> None:
    target = msgspec.structs.replace(target_of(healthy), repository="nothing:like/this")
    assert said(tool.check(target)) == "error wrong-target"


# ---------------------------------------------------------------------------- what is answered


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
