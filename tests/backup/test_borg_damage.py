"""What the real borg says of broken repositories, and what is made of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from ccir.backup.interface import BackupTool, Outcome, RestoreRequest, Snapshot
from support.borg_repository import NAME, BorgRepository, borg, borg_environment
from support.damage import cut, flip_bit
from support.restic_repository import RECORDINGS
from support.restic_targets import said

# One call is one or two starts of borg: half a second each, and more on a busy machine.
BOUND_SECONDS = 10
IN_RECORD, IN_LIST = -50, -1_000  # at the data's end stand the files' list and the archive's record

Break = Callable[[BorgRepository], object]


def change_config(repository: BorgRepository, pattern: str, into: str) -> None:
    config = repository.folder / "config"
    text, count = re.subn(pattern, into, config.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert count == 1
    config.write_text(text, encoding="utf-8")


def change_key(repository: BorgRepository, *, at: int) -> None:
    """Change one letter of the sealed key; what it is made of is still base64."""
    change_config(
        repository,
        rf"(key = (?:\s*\S){{{at}}}\s*)(\S)",
        lambda found: found[1] + ("B" if found[2] == "A" else "A"),  # type: ignore[arg-type] # re takes both
    )


def lose_indexes(repository: BorgRepository) -> None:
    for path in repository.folder.glob("*.5"):
        path.unlink()


def lose_index_and_bit(repository: BorgRepository) -> None:
    repository.index.unlink()
    flip_bit(repository.data, at=5_000)


def lose_all_but_config(repository: BorgRepository) -> None:
    lose_indexes(repository)
    for path in repository.segments:
        path.unlink()


def drain(stream: IO[bytes]) -> None:
    stream.read()


def outcomes(
    tool: BackupTool, repository: BorgRepository, snapshot: Snapshot, *, into: Path
) -> Iterator[Outcome]:
    """What the four calls come to: snapshots, check, content, restore."""
    target = repository.target
    yield tool.snapshots(target).outcome
    yield tool.check(target)
    yield tool.content(target, snapshot).outcome
    yield tool.restore(target, snapshot, into=into, request=RestoreRequest())


def state(folder: Path) -> dict[Path, tuple[int, bytes]]:
    return {
        path: (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


PACK, SNAPSHOT, KEY = "fail pack-damaged", "fail snapshot-damaged", "fail key-damaged"
CONFIG, WHOLE = "fail config-damaged", "fail repository-damaged"
GONE, NONE, WRONG = "fail repository-missing", "fail no-snapshots", "error wrong-password"
BROKEN: dict[str, tuple[Break, list[str]]] = {
    "nothing": (lambda _: None, ["pass"] * 4),
    "a bit of the data": (lambda it: flip_bit(it.data, at=5_000), ["pass", PACK, "pass", PACK]),
    "a bit of the list of files": (
        lambda it: flip_bit(it.data, at=IN_LIST),
        ["pass", PACK, PACK, PACK],
    ),
    "a bit of the archive's record": (
        lambda it: flip_bit(it.data, at=IN_RECORD),
        [SNAPSHOT, PACK, PACK, PACK],
    ),
    "half of the data": (lambda it: cut(it.data, to=0.5), [SNAPSHOT, PACK, PACK, PACK]),
    "all of the data's bytes": (lambda it: cut(it.data, to=0), [SNAPSHOT, PACK, PACK, PACK]),
    "the data": (lambda it: it.data.unlink(), [SNAPSHOT, PACK, PACK, PACK]),
    "a bit of the manifest": (lambda it: flip_bit(it.segments[-2], at=200), [PACK] * 4),
    "the manifest": (lambda it: it.segments[-2].unlink(), [PACK] * 4),
    # borg itself passes on these three: it goes back to the transaction before.
    "a bit of the last transaction's end": (
        lambda it: flip_bit(it.segments[-1], at=12),
        [PACK] * 4,
    ),
    "all bytes of the last transaction's end": (lambda it: cut(it.segments[-1], to=0), [PACK] * 4),
    "the last transaction's end": (lambda it: it.segments[-1].unlink(), [PACK] * 4),
    "all segments": (lambda it: shutil.rmtree(it.folder / "data"), [PACK] * 4),
    # An index is made of the data again.
    "a bit of the index": (lambda it: flip_bit(it.index, at=40), ["pass"] * 4),
    "the index": (lambda it: it.index.unlink(), ["pass"] * 4),
    "all but the data": (lose_indexes, ["pass"] * 4),
    "the index and a bit of the data": (lose_index_and_bit, [PACK] * 4),
    "all but the config": (lose_all_but_config, [WHOLE] * 4),
    # The key is sealed with the passphrase: borg cannot tell one from the other.
    "a letter of the key": (lambda it: change_key(it, at=200), [WRONG] * 4),
    "the key's first letter": (lambda it: change_key(it, at=0), [KEY] * 4),
    "half of the key": (lambda it: cut(it.folder / "config", to=0.6), [KEY] * 4),
    "the key": (lambda it: change_config(it, r"key = .*", ""), [KEY] * 4),
    "half of a line of the config": (lambda it: cut(it.folder / "config", to=0.1), [CONFIG] * 4),
    "all of the config's bytes": (lambda it: cut(it.folder / "config", to=0), [CONFIG] * 4),
    "the config's id": (lambda it: change_config(it, r"\nid = ..", "\nid = zz"), [CONFIG] * 4),
    "the config": (lambda it: (it.folder / "config").unlink(), [GONE] * 4),
    "the repository": (lambda it: shutil.rmtree(it.folder), [GONE] * 4),
    "the archive": (lambda it: borg(it, "delete", f"::{NAME}"), ["pass", "pass", NONE, NONE]),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_broken_is_what_the_calls_say(
    borg_tool: BackupTool,
    borg_copy: BorgRepository,
    archive: Snapshot,
    *,
    tmp_path: Path,
    broken: str,
) -> None:
    break_it, expected = BROKEN[broken]
    break_it(borg_copy)
    before = state(borg_copy.folder)
    found = [*outcomes(borg_tool, borg_copy, archive, into=tmp_path / "into")]
    assert [said(each) for each in found] == expected
    assert max(each.seconds for each in found) < BOUND_SECONDS
    assert all(each.detail and each.hint for each in found if each.verdict != "pass")
    assert state(borg_copy.folder) == before  # nor did borg mend anything in it


def test_whatever_is_healthy_behind_a_damaged_file_can_be_had(
    borg_tool: BackupTool, borg_copy: BorgRepository, archive: Snapshot, *, tmp_path: Path
) -> None:
    for at in (5_000, 30_000):
        flip_bit(borg_copy.data, at=at)
    into = tmp_path / "into"
    request = RestoreRequest(keeps_going=True)
    outcome = borg_tool.restore(borg_copy.target, archive, into=into, request=request)
    assert said(outcome) == PACK
    source = borg_copy.source
    restored = {path: into / path.relative_to("/") for path in source.rglob("*") if path.is_file()}
    whole = [path for path, there in restored.items() if there.read_bytes() == path.read_bytes()]
    assert len(whole) == RECORDINGS + 1 - 2
    assert (into / source.relative_to("/")).stat().st_mode == source.stat().st_mode


def test_a_stream_of_damaged_data_is_never_a_pass(
    borg_tool: BackupTool, borg_copy: BorgRepository, archive: Snapshot
) -> None:
    flip_bit(borg_copy.data, at=5_000)
    outcome = borg_tool.dump(borg_copy.target, archive, read=drain)
    assert said(outcome) == PACK


def test_what_data_must_be_cannot_be_learnt_where_they_are_damaged(
    borg_tool: BackupTool, borg_copy: BorgRepository, archive: Snapshot
) -> None:
    flip_bit(borg_copy.data, at=5_000)
    outcome = borg_tool.contents(borg_copy.target, archive, take=lambda _content: None)
    assert said(outcome) == PACK


def test_data_that_a_repair_has_replaced_with_zeros_are_a_fail(
    borg_tool: BackupTool, borg_copy: BorgRepository, tmp_path: Path
) -> None:
    """Then borg's own check passes, and so does a list of the files."""
    flip_bit(borg_copy.data, at=5_000)
    repair(borg_copy)
    assert said(borg_tool.check(borg_copy.target)) == "pass"
    (snapshot,) = borg_tool.snapshots(borg_copy.target).snapshots
    assert said(borg_tool.content(borg_copy.target, snapshot).outcome) == PACK
    request = RestoreRequest()
    restored = borg_tool.restore(
        borg_copy.target, snapshot, into=tmp_path / "into", request=request
    )
    assert said(restored) == PACK


def repair(repository: BorgRepository) -> None:
    subprocess.run(
        ["borg", "check", "--repair"],
        env={**borg_environment(repository), "BORG_CHECK_I_KNOW_WHAT_I_AM_DOING": "YES"},
        check=False,
        capture_output=True,
        timeout=60,
    )
