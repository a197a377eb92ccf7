from __future__ import annotations

import os
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.backup.held_interface import FileContent
from ccir.backup.interface import BackupTool, Outcome, Snapshot, ToolKit
from ccir.backup.restic import MEMBER
from ccir.backup.restic_contents import _arguments, _batches, _cut
from ccir.clock import SystemClock
from support.damage import flip_bit
from support.fake_restic import fake_restic
from support.odd_names import BIG_BYTES, write_odd_files
from support.restic_answers import answering_restic, calls_of
from support.restic_repository import (
    FILES,
    TAKEN_AT,
    Repository,
    back_up,
    empty_repository,
)
from support.restic_targets import AMPLE, said, target_of, the_snapshot
from support.restic_versions import every_restic


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    repository = empty_repository(tmp_path_factory.mktemp("odd"))
    write_odd_files(repository.source)
    back_up(repository, at=TAKEN_AT)
    return repository


def asked(
    tool: BackupTool, repository: Repository, snapshot: Snapshot | None = None
) -> tuple[Outcome, list[FileContent]]:
    found: list[FileContent] = []
    chosen = snapshot or the_snapshot(repository)
    return tool.contents(target_of(repository), chosen, take=found.append), found


def shown(name: bytes) -> str:
    """Return a name as restic prints it: each byte that is no UTF-8 as a replacement character."""
    return "".join(
        "\ufffd" if "\ud800" <= each <= "\udfff" else each
        for each in name.decode("utf-8", errors="surrogateescape")
    )


def on_disk(folder: Path) -> list[tuple[str, int]]:
    paths = (Path(root) / name for root, _folders, names in os.walk(folder) for name in names)
    regular = (path for path in paths if not path.is_symlink())
    return sorted((shown(os.fsencode(path)).lstrip("/"), path.stat().st_size) for path in regular)


def is_right(content: FileContent, octets: bytes) -> bool:
    """Tell whether each chunk is the SHA-256 of its stretch, and together they are the file."""
    at = 0
    for chunk in content.chunks:
        if sha256(octets[at : at + chunk.length]).digest() != chunk.sha256:
            return False
        at += chunk.length
    return at == content.size == len(octets)


def by_shown_path(folder: Path) -> dict[str, bytes]:
    found = {}
    for root, _folders, names in os.walk(os.fsencode(folder)):
        for name in names:
            path = os.path.join(root, name)  # noqa: PTH118 - bytes are no Path
            if not os.path.islink(path):  # noqa: PTH114 - bytes are no Path
                with open(path, "rb") as file:  # noqa: PTH123 - bytes are no Path
                    found[shown(path).lstrip("/")] = file.read()
    return found


def test_every_file_of_a_snapshot_is_told_with_its_digest(
    tool: BackupTool, healthy: Repository
) -> None:
    outcome, found = asked(tool, healthy)
    source = by_shown_path(healthy.source)
    assert said(outcome) == "pass"
    assert len(found) == FILES
    assert {each.path for each in found} == {*source}
    assert all(is_right(each, source[each.path]) for each in found)


@every_restic
def test_odd_names_and_contents_are_told_as_they_are(tool: BackupTool, odd: Repository) -> None:
    outcome, found = asked(tool, odd)
    assert said(outcome) == "pass"
    assert sorted((each.path, each.size) for each in found) == on_disk(odd.source)
    source = by_shown_path(odd.source)
    assert [each.path for each in found if not is_right(each, source[each.path])] == []
    chunks = {Path(each.path).name: len(each.chunks) for each in found}
    assert chunks["big.wav"] > 1
    assert chunks["zeros.img"] > 1
    assert (chunks["empty file"], chunks["recording"]) == (0, 1)


@every_restic
def test_names_that_look_alike_are_told_apart_by_what_they_hold(
    tool: BackupTool, tmp_path: Path
) -> None:
    repository = empty_repository(tmp_path)
    repository.source.mkdir()
    held = {b"M\xf6ller.txt": b"one", b"M\xfcller.txt": b"the other"}
    held[b"M\xe4ller.txt"] = bytes(BIG_BYTES)
    for name, octets in held.items():
        with open(os.fsencode(repository.source) + b"/" + name, "wb") as file:  # noqa: PTH123 - bytes are no Path
            file.write(octets)
    back_up(repository, at=TAKEN_AT)
    outcome, found = asked(tool, repository)
    assert said(outcome) == "pass"
    assert {Path(each.path).name for each in found} == {"M\ufffdller.txt"}
    assert sorted(each.size for each in found) == [3, 9, BIG_BYTES]
    for octets in held.values():
        assert [is_right(each, octets) for each in found].count(True) == 1


def test_each_snapshot_of_a_repository_is_told_by_itself(
    tool: BackupTool, repository: Repository, tmp_path: Path
) -> None:
    first = the_snapshot(repository)
    other = tmp_path / "other"
    other.mkdir()
    (other / "newer.txt").write_bytes(b"newer")
    back_up(msgspec.structs.replace(repository, source=other), at="2026-01-03 03:04:05")
    listing = tool.snapshots(target_of(repository))
    _, older = asked(tool, repository, first)
    outcome, newer = asked(tool, repository, listing.snapshots[-1])
    assert said(outcome) == "pass"
    assert (len(older), [each.path.rpartition("/")[2] for each in newer]) == (FILES, ["newer.txt"])


def test_a_snapshot_of_nothing_holds_nothing(
    tool: BackupTool, repository: Repository, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    back_up(msgspec.structs.replace(repository, source=empty), at="2026-01-03 03:04:05")
    newest = tool.snapshots(target_of(repository)).snapshots[-1]
    outcome, found = asked(tool, repository, newest)
    assert (said(outcome), found) == ("pass", [])


@every_restic
def test_a_damaged_tree_is_a_fail(tool: BackupTool, repository: Repository) -> None:
    flip_bit(repository.pack(of="tree"), at=40)
    outcome, _found = asked(tool, repository)
    # 0.18.0 ends in a panic of Go's there: no verdict, and no pass.
    assert said(outcome) in {"fail pack-damaged", "error tool-crashed"}


@pytest.mark.parametrize("of", ["tree", "data"])
def test_with_a_pack_gone_it_is_never_a_pass_where_trees_are_gone(
    hasty_tool: BackupTool, repository: Repository, of: str
) -> None:
    repository.pack(of=of).unlink()
    outcome, found = asked(hasty_tool, repository)
    if of == "tree":
        assert outcome.verdict == "fail"
    else:  # what is gone is not listed as a pack, so what it held is not found
        assert said(outcome) == "error content-unknown"
    assert found == []


def test_a_snapshot_that_is_not_there_is_a_fail(tool: BackupTool, healthy: Repository) -> None:
    unknown = msgspec.structs.replace(the_snapshot(healthy), id="0" * 64)
    outcome, found = asked(tool, healthy, unknown)
    assert (said(outcome), found) == ("fail no-snapshots", [])


@pytest.mark.parametrize(
    ("words", "script"),
    [
        ("ls", "echo garbage; exit 0"),
        ("ls", "exit 0"),
        ("ls", '$restic "$@" | grep -v big.wav; exit 0'),
        ("ls", '$restic "$@" | grep -v \'"empty file"\' | grep -v zeros.img; exit 0'),
        ("list packs", "echo garbage; exit 0"),
        ("list packs", "echo --help; exit 0"),
        ("list packs", "exit 0"),
        ("find", "echo garbage; exit 0"),
        ("find", "exit 0"),
        ("find", "echo '[]'; exit 0"),
        ("find", "echo '[{}]'; exit 0"),
        ("find", '$restic "$@" | head -c 3000; exit 0'),
        ("find", "$restic \"$@\" | sed 's/big.wav/pig.wav/g'; exit 0"),
        ("find", '$restic "$@" | sed \'s/"id":"..../"id":"zz/g\'; exit 0'),
        ("list index", "echo garbage; exit 0"),
        ("list index", "echo ../../../outside; exit 0"),
        ("list index", "exit 0"),
        ("cat index", "echo garbage; exit 0"),
        ("cat index", "echo '{\"packs\": []}'; exit 0"),
        ("cat index", '$restic "$@" | sed \'s/uncompressed_length":/&1/g\'; exit 0'),
        ("cat index", '$restic "$@" | head -c 700; exit 0'),
    ],
)
def test_what_does_not_fit_together_is_no_verdict(
    odd: Repository, tmp_path: Path, *, words: str, script: str
) -> None:
    environment = answering_restic(tmp_path / "bin", {words: script})
    tool = MEMBER(ToolKit(clock=SystemClock(), environment=environment, deadlines=AMPLE))
    outcome, _found = asked(tool, odd)
    assert said(outcome) in {"error content-unknown", "error unrecognised-output"}


def test_a_restic_that_prints_garbage_to_everything_is_no_verdict(
    healthy: Repository, tmp_path: Path
) -> None:
    fake = fake_restic(tmp_path / "bin", stdout="garbage\n")
    tool = MEMBER(ToolKit(clock=SystemClock(), environment={"PATH": fake.path}))
    outcome, found = asked(tool, healthy)
    assert (said(outcome), found) == ("error content-unknown", [])


def test_more_packs_than_the_kernel_takes_arguments_is_no_verdict_before_anything_is_asked(
    healthy: Repository, tmp_path: Path
) -> None:
    many = "i=0; while [ $i -lt 170000 ]; do printf '%08x%056d\\n' $i 0; i=$((i+1)); done; exit 0"
    environment = answering_restic(tmp_path / "bin", {"list packs": many})
    tool = MEMBER(ToolKit(clock=SystemClock(), environment=environment, deadlines=AMPLE))
    outcome, found = asked(tool, healthy)
    assert (said(outcome), found) == ("error content-unknown", [])
    assert not [call for call in calls_of(tmp_path / "bin") if " find " in call]


@pytest.mark.parametrize("words", ["ls", "list packs", "find", "list index", "cat index"])
def test_whatever_call_has_no_verdict_there_is_none(
    odd: Repository, tmp_path: Path, words: str
) -> None:
    environment = answering_restic(tmp_path / "bin", {words: "echo; echo x >&2; exit 12"})
    tool = MEMBER(ToolKit(clock=SystemClock(), environment=environment, deadlines=AMPLE))
    outcome, _found = asked(tool, odd)
    assert said(outcome) == "error wrong-password"


def test_packs_whose_names_begin_alike_are_named_in_full() -> None:
    one, two, three = "ab" * 32, "ab" * 31 + "cd", "cd" * 32
    assert _arguments([one, two, three]) == [one, two, three[:8]]


def test_blobs_that_do_not_come_to_the_sizes_are_no_files() -> None:
    one, two = (3, b"1"), (4, b"2")
    assert _cut([one, two], [7]) == [[one, two]]
    assert _cut([one, two], [3, 4]) == [[one], [two]]
    assert [_cut([one, two], sizes) for sizes in ([3], [5], [8], [3, 5], [4, 3])] == [None] * 5


@given(st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=4), max_size=6))
def test_every_file_is_cut_out_of_the_blobs_of_all(files: list[list[int]]) -> None:
    chunks = [[(length, bytes([at])) for at, length in enumerate(file)] for file in files]
    joined = [chunk for file in chunks for chunk in file]
    assert _cut(joined, [sum(file) for file in files]) == chunks


def entry(path: str) -> bytes:
    blob = {"object_type": "blob", "id": "ab" * 32, "path": path, "parent_tree": "c", "time": "d"}
    return msgspec.json.encode(blob)


@given(
    st.lists(st.text() | st.sampled_from(['},{"', '"},{"', "[", "]}", '\\"},{"']), max_size=20),
    st.integers(1, 64),
)
def test_what_find_prints_is_read_alike_wherever_it_is_cut(names: list[str], block: int) -> None:
    printed = b"[" + b",".join(map(entry, names)) + b"]\n"

    class Slow(BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            return super().read(block)

    assert [blob.path for batch in _batches(Slow(printed)) for blob in batch] == names
