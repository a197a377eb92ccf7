from __future__ import annotations

import lzma
import struct
from pathlib import Path

import pytest

from ccir.checks.archive_streams import (
    complaints_of_reading,
    is_zip,
    refuse_huge_directory,
    unpacked,
)
from ccir.checks.reading import BadDataError, NoVerdictError
from support.archives import zipped

HUGE = 1 << 30


def ending(octets: bytes, *, size: int) -> bytes:
    """Return the zip with another size of its directory, as 32 bits or as 64."""
    at = octets.rindex(b"PK\x05\x06")
    if size < 1 << 32:
        return octets[: at + 12] + struct.pack("<I", size) + octets[at + 16 :]
    zip64 = b"PK\x06\x06" + b"\0" * 36 + struct.pack("<QQ", size, 0)
    return octets[:at] + zip64 + ending(octets[at:], size=(1 << 32) - 1)


@pytest.mark.parametrize("size", [HUGE, HUGE << 8])
def test_a_directory_that_does_not_fit_into_memory_is_refused(tmp_path: Path, size: int) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(ending(zipped({"a": b"x"}), size=size))
    with pytest.raises(NoVerdictError, match="table of contents"):
        refuse_huge_directory(file)


@pytest.mark.parametrize("octets", [b"", b"PK\x05\x06", b"PK\x03\x04" + b"x" * 100])
def test_a_zip_without_a_directory_is_left_to_the_library(tmp_path: Path, octets: bytes) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(octets)
    refuse_huge_directory(file)


def test_a_zip_is_known_by_its_beginning(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(zipped({}))
    assert is_zip(file)
    file.write_bytes(b"text")
    assert not is_zip(file)


def test_padding_between_and_behind_streams_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "a.xz"
    file.write_bytes(lzma.compress(b"one") + b"\0" * 8 + lzma.compress(b"two") + b"\0" * 4)
    with unpacked(file) as stream:
        assert stream.read(100) + stream.read(100) + stream.read(100) == b"onetwo"


def test_xz_that_needs_too_much_memory_is_no_verdict() -> None:
    with pytest.raises(NoVerdictError), complaints_of_reading():
        raise lzma.LZMAError("Memory usage limit exceeded")


def test_the_systems_own_complaints_are_passed_on_and_a_librarys_are_a_verdict() -> None:
    with pytest.raises(PermissionError), complaints_of_reading():
        raise PermissionError(13, "Permission denied")
    with pytest.raises(BadDataError), complaints_of_reading():
        raise OSError("Invalid data stream")
