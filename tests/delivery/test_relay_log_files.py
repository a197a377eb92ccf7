from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pytest

from ccir.clock import FixedClock
from ccir.delivery import relay_log_files
from ccir.delivery.relay_log import RelayLog
from ccir.delivery.relay_log_files import Covered, read_files
from ccir.delivery.relay_log_times import LogClock, Span
from ccir.errors import InvalidDocumentError, NotFoundError
from support.relay_logs import STARTED_AT, line, named, tried

HERS = "ann@example.net"
ID = "ccir.0123456789abcdef@example.org"
CLOCK = LogClock(FixedClock(STARTED_AT + dt.timedelta(days=1)), zone=dt.UTC)
LATER = STARTED_AT + dt.timedelta(minutes=10)


def log() -> RelayLog:
    return RelayLog({ID: HERS}, key_of=lambda address: address)


def test_files_are_read_in_the_order_of_their_times_packed_or_not(tmp_path: Path) -> None:
    (tmp_path / "mail.log").write_bytes(tried(HERS) + line("x: removed", at=LATER))
    before = named(ID, at=STARTED_AT - dt.timedelta(minutes=1))
    (tmp_path / "mail.log.1.gz").write_bytes(gzip.compress(b"\n" + before))
    (tmp_path / "empty.log").write_bytes(b"")
    followed = log()
    paths = [tmp_path / name for name in ("mail.log", "empty.log", "mail.log.1.gz")]
    found = read_files(paths, followed, CLOCK)
    fate = followed.fate(ID)
    assert fate is not None
    assert fate.state == "accepted"
    first_at = STARTED_AT - dt.timedelta(minutes=1)
    assert found == Covered(spans=(Span(first_at=first_at, last_at=LATER),), lines=4)


def test_a_file_without_times_covers_nothing(tmp_path: Path) -> None:
    (tmp_path / "words").write_bytes(b"words\nand more\n")
    assert read_files([tmp_path / "words"], log(), CLOCK) == Covered(spans=(), lines=2)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="gone"):
        read_files([tmp_path / "gone"], log(), CLOCK)
    packed = gzip.compress(named(ID) * 1_000)
    (tmp_path / "cut.gz").write_bytes(packed[:-20])
    with pytest.raises(InvalidDocumentError, match="damaged"):
        read_files([tmp_path / "cut.gz"], log(), CLOCK)
    (tmp_path / "bad.gz").write_bytes(packed[:2] + b"\xff" + packed[3:])
    with pytest.raises(InvalidDocumentError, match="damaged"):
        read_files([tmp_path / "bad.gz"], log(), CLOCK)


def test_a_file_has_a_bound_and_so_has_their_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(b"x\n" * 2_000))
    monkeypatch.setattr(relay_log_files, "LIMIT_BYTES", 1_000)
    with pytest.raises(InvalidDocumentError, match="longer than"):
        read_files([bomb], log(), CLOCK)
    monkeypatch.setattr(relay_log_files, "LIMIT_BYTES", 1 << 20)
    monkeypatch.setattr(relay_log_files, "LIMIT_FILES", 1)
    with pytest.raises(InvalidDocumentError, match="more than 1 files"):
        read_files([bomb, bomb], log(), CLOCK)
