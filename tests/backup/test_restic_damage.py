"""What the real restic says of broken repositories, and what is made of it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ccir.backup.interface import BackupTool
from support.restic_repository import Repository, flip_bit
from support.restic_targets import REQUEST, judged, only_file, said, target_of, the_snapshot

AT_PACK_HEADER = -10

Break = Callable[[Repository], object]


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
