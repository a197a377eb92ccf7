from __future__ import annotations

import os
import tarfile
import time
from pathlib import Path
from threading import Event
from typing import IO

import pytest

from ccir.backup.archive import MEMBER
from ccir.backup.interface import Deadlines, Outcome
from ccir.entropy import SeededEntropy
from support.damage import flip_bit
from support.restic_targets import kit, said
from support.sums_folder import EXPORTS, NEWEST, list_all, target_at, write_night

LARGE_BYTES = 5 << 20  # more than a pipe holds


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_night(tmp_path / "backups" / NEWEST)
    return tmp_path / "backups"


class Untarred:
    """A reader that keeps what it read."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.has_ended = False

    def __call__(self, stream: IO[bytes]) -> None:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                content = archive.extractfile(member)
                assert content is not None
                self.files[member.name] = content.read()
        self.has_ended = True


def dumped(root: Path, read: object, *, deadlines: Deadlines | None = None) -> Outcome:
    tool = MEMBER(kit() if deadlines is None else kit(deadlines=deadlines))
    (snapshot,) = tool.snapshots(target_at(root)).snapshots
    return tool.dump(target_at(root), snapshot, read=read)  # type: ignore[arg-type] # some readers misbehave


def test_the_stream_holds_every_listed_file_and_nothing_is_written(
    root: Path, tmp_path: Path
) -> None:
    (root / NEWEST / "large.tar").write_bytes(SeededEntropy(7).octets(LARGE_BYTES))
    (root / NEWEST / os.fsdecode(b"no utf-8 \xff")).write_bytes(b"x")
    list_all(root / NEWEST)
    before = sorted(tmp_path.rglob("*"))
    reader = Untarred()
    assert said(dumped(root, reader)) == "pass"
    assert {path: reader.files[path] for path in EXPORTS} == EXPORTS
    assert len(reader.files["large.tar"]) == LARGE_BYTES
    assert len(reader.files) == len(EXPORTS) + 2
    assert sorted(tmp_path.rglob("*")) == before


def test_damage_ends_the_stream_before_its_end_mark_and_is_a_fail(root: Path) -> None:
    flip_bit(root / NEWEST / "crm.dump", at=9)
    read: list[bytes] = []
    outcome = dumped(root, lambda stream: read.append(stream.read()))
    assert said(outcome) == "fail pack-damaged"
    assert not read[0].endswith(bytes(1_024))


def test_a_file_that_is_gone_is_a_fail_whatever_the_reader_says(root: Path) -> None:
    (root / NEWEST / "export/calls.tar").unlink()

    def refuse(stream: IO[bytes]) -> None:
        stream.read()
        raise ValueError("too short")

    assert said(dumped(root, refuse)) == "fail pack-damaged"


def test_what_the_reader_raises_comes_out(root: Path) -> None:
    def refuse(_stream: IO[bytes]) -> None:
        raise ValueError("I cannot read this")

    with pytest.raises(ValueError, match="cannot read this"):
        dumped(root, refuse)


def test_a_reader_that_stops_early_is_never_a_pass(root: Path) -> None:
    (root / NEWEST / "large.tar").write_bytes(SeededEntropy(7).octets(LARGE_BYTES))
    list_all(root / NEWEST)
    outcome = dumped(root, lambda stream: stream.read(10))
    assert said(outcome) == "error cancelled"
    assert "not read to its end" in outcome.detail


@pytest.mark.parametrize("reads", [False, True])
def test_a_reader_that_hangs_is_given_up_in_time(root: Path, *, reads: bool) -> None:
    (root / NEWEST / "large.tar").write_bytes(SeededEntropy(7).octets(LARGE_BYTES))
    list_all(root / NEWEST)
    is_over = Event()

    def hang(stream: IO[bytes]) -> None:
        if reads:
            stream.read()
        is_over.wait(20)

    began = time.monotonic()
    outcome = dumped(root, hang, deadlines=Deadlines(restore_seconds=0.5))
    is_over.set()
    assert said(outcome) == "error timed-out"
    assert time.monotonic() - began < 8


def test_a_file_that_becomes_shorter_while_it_is_read_is_a_fail(root: Path) -> None:
    large = root / NEWEST / "large.tar"
    large.write_bytes(SeededEntropy(7).octets(LARGE_BYTES))
    list_all(root / NEWEST)

    def cut(stream: IO[bytes]) -> None:
        stream.read(30_000)
        os.truncate(large, 100)
        stream.read()

    assert said(dumped(root, cut)) == "fail pack-damaged"
