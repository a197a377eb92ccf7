from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sqlite3
import tarfile
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.checks.content_types import HEAD_BYTES, entropy, looks_of
from ccir.entropy import SeededEntropy


def fits(name: str, head: bytes) -> bool:
    looks = looks_of(name)
    assert looks is not None
    return looks.fits(head[:HEAD_BYTES])


def archive(kind: str) -> bytes:
    target = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(target, "w") as zipped:
            zipped.writestr("a", b"text")
    else:
        with tarfile.open(fileobj=target, mode="w") as tarred:
            tarred.addfile(tarfile.TarInfo("a"))
    return target.getvalue()


GOOD = {
    "a.7z": b"7z\xbc\xaf\x27\x1c\0\4",
    "a.bz2": bz2.compress(b"x"),
    "a.csv": "id;näme\n1;x\n".encode("latin-1"),
    "A.DOCX": archive("zip"),
    "a.gif": b"GIF89a\1\0",
    "a.html": b"<!doctype html>",
    "a.jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "a.json": b'\xef\xbb\xbf {"a": 1}',
    "a.m4a": b"\0\0\0\x20ftypM4A ",
    "a.mp3": b"ID3\4\0",
    "b.mp3": b"\0\0\xff\xfb\x90\x64",
    "a.pdf": b"junk\n%PDF-1.7\n",
    "a.png": b"\x89PNG\r\n\x1a\n\0",
    "a.tar": archive("tar"),
    "a.tar.gz": gzip.compress(b"x"),
    "a.tif": b"II*\0",
    "a.txt": "Grüße an alle".encode("utf-16"),
    "a.wav": b"RIFF\x24\0\0\0WAVEfmt ",
    "a.xml": b'<?xml version="1.0"?>',
    "b.xml": "<?xml?>".encode("utf-16"),
    "a.xz": lzma.compress(b"x"),
    "a.zst": b"\x28\xb5\x2f\xfd\4",
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_as_it_should_be_fits_its_name(name: str) -> None:
    assert fits(name, GOOD[name])


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("size", [100, HEAD_BYTES])
def test_ciphertext_and_zeros_fit_no_name(name: str, size: int) -> None:
    assert not fits(name, SeededEntropy(3).octets(size))
    assert not fits(name, b"\0" * size)


def test_a_database_fits_unless_it_is_encrypted_behind_its_magic(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as database:
        database.execute("CREATE TABLE t (x)")
    whole = (tmp_path / "a.sqlite").read_bytes()
    assert fits("a.sqlite", whole)
    assert not fits("a.sqlite", whole[:16] + SeededEntropy(1).octets(HEAD_BYTES - 16))


def test_text_that_is_encrypted_without_control_characters_is_told_by_its_entropy() -> None:
    dense = bytes(octet for octet in SeededEntropy(2).octets(9_000) if octet >= 32 and octet != 127)
    assert not fits("a.txt", dense)


def test_json_and_xml_must_begin_as_such() -> None:
    assert not fits("a.json", b"id,name\n")
    assert not fits("a.xml", b"{}")


@pytest.mark.parametrize(
    "name", ["README", "a.xyz", ".wav", "a.wav.gpg", "a.json.md5", "a.csv.lz4"]
)
def test_a_name_that_promises_nothing_is_not_judged(name: str) -> None:
    assert looks_of(name) is None


@pytest.mark.parametrize(
    ("name", "type_"), [("a.wav.locked", "wav"), ("a.tar.gz", "gz"), ("x.pdf.txt", "txt")]
)
def test_the_last_known_ending_counts(name: str, type_: str) -> None:
    looks = looks_of(name)
    assert looks is not None
    assert looks.type == type_


@given(st.binary(min_size=1, max_size=5_000))
def test_entropy_lies_between_none_and_eight_bits(octets: bytes) -> None:
    assert -1e-9 <= entropy(octets) <= 8 + 1e-9
