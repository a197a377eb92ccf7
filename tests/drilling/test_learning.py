from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from ccir.backup.interface import BackupTool
from ccir.backup.restic import MEMBER
from ccir.checks.interface import Tree
from ccir.domain.drills import Bucket, Drill, Verification
from ccir.drilling.interface import Memory
from ccir.drilling.learning import Learnt, learn
from support.damage import flip_bit
from support.drills import drill_with, target_of
from support.restic_answers import answering_restic, calls_of
from support.restic_repository import FILES, Repository
from support.restic_targets import kit, only_file, the_snapshot

KEY = b"k" * 32
NO_CONTENT = drill_with(verify=Verification(content=False))
FULL = drill_with()
STREAM = drill_with(mode="stream")
SAMPLE = drill_with(mode="sample")
FIRST = Bucket(number=0, of=10)


class Asked:
    """Learns of a repository with a real restic whose calls are written down."""

    def __init__(self, folder: Path, **answers: str) -> None:
        self.folder = folder
        self.memory = Memory(folder=folder / "memory", key=KEY)
        environment = answering_restic(folder / "bin", answers)
        self.tool: BackupTool = MEMBER(msgspec.structs.replace(kit(), environment=environment))

    def __call__(
        self,
        repository: Repository,
        drill: Drill = FULL,
        *,
        bucket: Bucket | None = None,
        remembers: bool = True,
    ) -> Learnt:
        return learn(
            self.tool,
            target_of(repository),
            the_snapshot(repository),
            drill=drill,
            bucket=bucket,
            memory=self.memory if remembers else None,
        )

    @property
    def calls(self) -> int:
        return len(calls_of(self.folder / "bin"))


@pytest.fixture
def ask(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


def told(learnt: Learnt) -> list[tuple[str, str]]:
    return [(each.name, each.reason or each.verdict) for each in learnt.results]


def size_of(repository: Repository) -> int:
    return sum(
        (Path(root) / name).stat().st_size
        for root, _folders, names in os.walk(repository.source)
        for name in names
    )


def test_without_a_proof_of_content_files_are_only_counted(healthy: Repository, ask: Asked) -> None:
    learnt = ask(healthy, NO_CONTENT)
    assert told(learnt) == [("snapshot-content", "pass")]
    assert learnt.tree == Tree(files=FILES, bytes=size_of(healthy))
    assert (learnt.whole, learnt.expected, learnt.paths, learnt.is_usable) == (None, None, (), True)
    assert ask.calls == 1


@pytest.mark.parametrize("drill", [FULL, STREAM])
@pytest.mark.parametrize("remembers", [True, False])
def test_what_every_file_must_be_is_learnt(
    healthy: Repository, ask: Asked, *, drill: Drill, remembers: bool
) -> None:
    learnt = ask(healthy, drill, remembers=remembers)
    assert told(learnt) == [("snapshot-content", "pass")]
    assert learnt.whole is learnt.expected
    assert learnt.whole is not None
    assert (learnt.whole.files, learnt.whole.bytes) == (FILES, size_of(healthy))


def test_what_was_learnt_once_is_not_asked_again(healthy: Repository, ask: Asked) -> None:
    first = ask(healthy)
    calls = ask.calls
    again = ask(healthy)
    assert ask.calls == calls
    assert first.whole is not None
    assert again.whole is not None
    assert [*again.whole] == [*first.whole]
    assert (again.results, again.tree) == (first.results, first.tree)
    lists = ask.memory.folder / "lists"
    assert lists.stat().st_mode & 0o777 == 0o700
    assert only_file(lists).stat().st_mode & 0o777 == 0o600
    assert b"call-" not in only_file(lists).read_bytes()


@pytest.mark.parametrize("damage", ["cut", "bit", "key"])
def test_what_is_kept_and_damaged_is_learnt_again(
    healthy: Repository, ask: Asked, damage: str
) -> None:
    first, calls = ask(healthy), ask.calls
    kept = only_file(ask.memory.folder / "lists")
    if damage == "cut":
        os.truncate(kept, kept.stat().st_size - 1)
    elif damage == "bit":
        flip_bit(kept, at=kept.stat().st_size // 2)
    else:
        ask.memory = msgspec.structs.replace(ask.memory, key=b"another key")
    again = ask(healthy)
    assert ask.calls == 2 * calls
    assert (again.results, again.tree) == (first.results, first.tree)


def test_lists_that_cannot_be_kept_only_cost_time(healthy: Repository, ask: Asked) -> None:
    ask.folder.joinpath("file").touch()
    ask.memory = Memory(folder=ask.folder / "file", key=KEY)
    assert ask(healthy).is_usable
    assert ask(healthy).is_usable


def test_only_the_newest_lists_are_kept(healthy: Repository, ask: Asked) -> None:
    lists = ask.memory.folder / "lists"
    lists.mkdir(parents=True)
    for number in range(20):
        (lists / str(number)).touch()
        os.utime(lists / str(number), (number, number))
    ask(healthy)
    left = {each.name for each in lists.iterdir()}
    assert left == {the_snapshot(healthy).id, *(str(number) for number in range(5, 20))}


def test_of_a_sample_only_its_files_are_expected_and_nothing_is_kept(
    healthy: Repository, ask: Asked
) -> None:
    every: set[str] = set()
    for number in range(10):
        learnt = ask(healthy, SAMPLE, bucket=Bucket(number=number, of=10))
        assert learnt.whole is not None
        assert learnt.expected is not None
        assert learnt.tree == Tree(files=FILES, bytes=size_of(healthy))
        assert 0 < learnt.expected.files == len(learnt.paths) < FILES
        assert any(path.endswith("crm.sqlite") for path in learnt.paths)
        every |= {*learnt.paths}
    assert len(every) == FILES
    assert not ask.memory.folder.exists()


def test_where_content_cannot_be_learnt_a_full_drill_still_restores(
    healthy: Repository, tmp_path: Path
) -> None:
    ask = Asked(tmp_path, find="exit 0")
    learnt = ask(healthy)
    assert told(learnt) == [("snapshot-content", "pass"), ("content-proof", "content-unknown")]
    assert (learnt.is_usable, learnt.whole, learnt.tree.files) == (True, None, FILES)
    assert not ask.memory.folder.exists()


@pytest.mark.parametrize(("drill", "bucket"), [(STREAM, None), (SAMPLE, FIRST)])
def test_where_content_cannot_be_learnt_nothing_else_can_be_done(
    healthy: Repository, tmp_path: Path, *, drill: Drill, bucket: Bucket | None
) -> None:
    learnt = Asked(tmp_path, find="exit 0")(healthy, drill, bucket=bucket)
    assert (told(learnt), learnt.is_usable) == ([("snapshot-content", "content-unknown")], False)


@pytest.mark.parametrize(("drill", "bucket"), [(FULL, None), (NO_CONTENT, None), (SAMPLE, FIRST)])
def test_a_damaged_tree_is_a_fail_before_anything_is_restored(
    repository: Repository, ask: Asked, *, drill: Drill, bucket: Bucket | None
) -> None:
    flip_bit(repository.pack(of="tree"), at=40)
    learnt = ask(repository, drill, bucket=bucket)
    assert (told(learnt), learnt.is_usable) == ([("snapshot-content", "pack-damaged")], False)


def test_what_holds_nothing_is_a_fail(healthy: Repository, tmp_path: Path) -> None:
    ask = Asked(tmp_path, ls="echo; exit 0", find="echo '[]'; exit 0")
    learnt = ask(healthy)
    assert (told(learnt), learnt.is_usable) == ([("snapshot-content", "empty")], False)
