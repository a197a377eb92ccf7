"""What the real restic says of broken repositories, and what is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccir.backup.interface import BackupTool
from support.damage import DAMAGES
from support.restic_repository import Repository
from support.restic_targets import REQUEST, judged, said, target_of, the_snapshot
from support.restic_versions import every_restic

# This one crashes where it lists folders that are damaged.
PANICS = "0.18.0"
PACK, INDEX = "fail pack-damaged", "fail index-damaged"
SNAPSHOT, KEY, CONFIG = "fail snapshot-damaged", "fail key-damaged", "fail config-damaged"
GONE, NONE = "fail repository-missing", "fail no-snapshots"
# By what is lost: what snapshots, check, check with data, content and restore say.
BROKEN: dict[str, list[str]] = {
    "nothing": ["pass"] * 5,
    # Only reading the data shows it; the structure is whole.
    "a bit of the data": ["pass", "pass", PACK, "pass", PACK],
    "a bit of the data's header": ["pass", "pass", PACK, "pass", "pass"],
    "a bit of the folders": ["pass", PACK, PACK, PACK, PACK],
    "a bit of the index": ["pass", INDEX, INDEX, INDEX, INDEX],
    "half of the index": ["pass", INDEX, INDEX, INDEX, INDEX],
    "the index": ["pass", INDEX, INDEX, INDEX, INDEX],
    "a bit of the snapshot": [SNAPSHOT] * 5,
    "all of the snapshot's bytes": [SNAPSHOT] * 5,
    "the snapshot": ["pass", "pass", "pass", NONE, NONE],
    # restic 0.14 says of it what it says of a wrong password.
    "a letter of the key": [KEY] * 5,
    "the key's first byte": [KEY] * 5,
    "the key": [KEY] * 5,
    "a bit of the config": [CONFIG] * 5,
    "half of the config": [CONFIG] * 5,
    "all of the config's bytes": [CONFIG] * 5,
    "the config": [GONE] * 5,
    "the repository": [GONE] * 5,
}


@every_restic
@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_broken_is_what_the_calls_say(
    tool: BackupTool, healthy: Repository, repository: Repository, *, tmp_path: Path, broken: str
) -> None:
    DAMAGES[broken](repository)
    snapshot = the_snapshot(healthy)
    found = judged(tool, repository, snapshot, into=tmp_path / "into")
    if tool.version() == PANICS and broken == "a bit of the folders":
        assert found[3] == "error tool-crashed"
        found[3] = PACK
    assert found == BROKEN[broken]


@every_restic
@pytest.mark.parametrize("loss", ["half of the data", "all of the data's bytes", "the data"])
def test_data_that_is_short_or_gone_is_a_fail_although_restic_0_14_only_tries_again(
    hasty_tool: BackupTool, repository: Repository, tmp_path: Path, *, loss: str
) -> None:
    snapshot = the_snapshot(repository)
    DAMAGES[loss](repository)
    assert said(hasty_tool.check(target_of(repository))) == PACK
    outcome = hasty_tool.restore(
        target_of(repository), snapshot, into=tmp_path / "into", request=REQUEST
    )
    assert said(outcome) == PACK
    assert outcome.seconds < 4


def test_folders_that_are_cut_short_are_a_fail_although_listing_only_tries_again(
    hasty_tool: BackupTool, repository: Repository
) -> None:
    snapshot = the_snapshot(repository)
    DAMAGES["half of the folders"](repository)
    assert said(hasty_tool.content(target_of(repository), snapshot).outcome) == PACK


def test_a_proof_of_damage_ends_a_check_after_five_seconds_and_leaves_no_lock(
    tool: BackupTool, repository: Repository
) -> None:
    DAMAGES["the folders"](repository)
    outcome = tool.check(target_of(repository))
    assert said(outcome) == PACK
    assert outcome.stopped_early
    assert outcome.exit_code == 130
    assert 5 <= outcome.seconds < 8
    assert [*(repository.folder / "locks").iterdir()] == []
