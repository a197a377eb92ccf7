from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.errors import InvalidDocumentError
from ccir.sums import read_sums, write_line

A, B = "a" * 64, "b" * 64
NAMES = (
    "plain.dump",
    "two words",
    "back\\slash",
    "line\nend",
    "return\rin",
    "tab\vand\u2028line",
    " * ",
    "\\n",
)
# What a file may be called: anything but '/' and NUL, also bytes that are no UTF-8.
NAMED = st.binary(min_size=1, max_size=30).map(os.fsdecode)
NAMED = NAMED.filter(lambda name: not {"/", "\0"} & set(name) and name != ".")


@given(NAMED)
def test_what_is_written_is_what_is_read(name: str) -> None:
    assert read_sums(write_line(name, sha256=A)) == {name: A}


@pytest.mark.parametrize("mode", [(), ("--tag",), ("--binary",)])
def test_sha256sum_and_ccir_read_each_others_lists(tmp_path: Path, mode: tuple[str, ...]) -> None:
    program = shutil.which("sha256sum")
    if program is None:
        pytest.skip("sha256sum is not installed: apt-get install coreutils")
    for name in NAMES:
        (tmp_path / name).write_text(name, encoding="utf-8")
    listing = _run(tmp_path, program, *mode, "--", *NAMES)
    sums = read_sums(listing)
    assert tuple(sums) == NAMES
    written = b"".join(write_line(name, sha256=digest) for name, digest in sums.items())
    (tmp_path / "SUMS").write_bytes(written)
    assert _run(tmp_path, program, "--check", "--strict", "--quiet", "SUMS") == b""


def _run(folder: Path, *argv: str) -> bytes:
    done = subprocess.run(argv, cwd=folder, capture_output=True, check=True, timeout=30)
    return done.stdout


@pytest.mark.parametrize(
    ("listing", "sums"),
    [
        (b"", {}),
        (b"\n\r\n# a comment\n", {}),
        (f"{A}  ./x//y\n".encode(), {"x/y": A}),
        (f"{A.upper()} *x".encode(), {"x": A}),
        (f"{A}  x\r\n{B}  y\r\n".encode(), {"x": A, "y": B}),
        (f"{A}  x\n{A}  ./x\n".encode(), {"x": A}),
        (f"{A}  ../x\n".encode(), {"../x": A}),
        (f"SHA256 (x (1)) = {A}\n".encode(), {"x (1)": A}),
    ],
)
def test_lists_of_other_hands_are_understood(listing: bytes, sums: dict[str, str]) -> None:
    assert read_sums(listing) == sums


@pytest.mark.parametrize(
    ("listing", "what"),
    [
        (b"no digest", "line 1 .* is no digest"),
        (f"{A}\n".encode(), "line 1 .* is no digest"),
        (f"{A}  x\n{A[1:]}  y\n".encode(), "line 2 .* is no digest"),
        (f"\\{A}  x\\y\n".encode(), "line 1 .* is no digest"),
        (f"\\{A}  x\\\n".encode(), "line 1 .* is no digest"),
        (f"{A}  x\n{B}  ./x\n".encode(), "line 2 .* contradicts"),
    ],
)
def test_a_line_that_is_no_digest_is_refused_by_its_number(listing: bytes, what: str) -> None:
    with pytest.raises(InvalidDocumentError, match=what):
        read_sums(listing)
