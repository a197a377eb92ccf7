from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.backup.archive_faults import ArchiveError
from ccir.backup.archive_parts import Sized, choice

FILES = [Sized(key=f"2026-01-0{day}/{name}", size=100) for day in range(1, 6) for name in "abcd"]
KEYS = st.lists(st.text(min_size=1, max_size=8), unique=True, min_size=1, max_size=40)


@given(KEYS, st.integers(1, 9))
def test_rounds_of_parts_read_every_file(keys: list[str], of: int) -> None:
    files = [Sized(key=key, size=1) for key in keys]
    read = [file.key for number in range(1, of + 1) for file in choice(f"{number}/{of}")(files)]
    assert {*read} == {*keys}


@given(KEYS, st.integers(1, 9))
def test_a_file_keeps_its_part_whatever_is_added(keys: list[str], of: int) -> None:
    files = [Sized(key=key, size=1) for key in keys]
    for number in range(1, of + 1):
        part = choice(f"{number}/{of}")(files)
        if len(part) > 1:
            more = choice(f"{number}/{of}")([*files, Sized(key="\0new", size=1)])
            assert {file.key for file in part} <= {file.key for file in more}


@pytest.mark.parametrize("subset", ["7/900000", "0.000001%", "1"])
def test_no_part_of_some_files_is_nothing(subset: str) -> None:
    assert len(choice(subset)(FILES)) == 1
    assert choice(subset)([]) == []


@pytest.mark.parametrize(
    ("subset", "files"),
    [("100%", 20), ("50%", 10), ("1%", 1), ("7.5%", 2), ("250", 3), ("1K", 11), ("2g", 20)],
)
def test_a_share_or_a_size_is_reached_and_not_much_exceeded(subset: str, files: int) -> None:
    assert len(choice(subset)(FILES)) == files
    assert choice(subset)(FILES) == choice(subset)(FILES[::-1])


@pytest.mark.parametrize(
    "subset", ["", "all", "0/5", "6/5", "1/0", "0%", "101%", "0", "-5%", "5 %", "1/2/3", "1X"]
)
def test_what_names_no_part_is_refused(subset: str) -> None:
    with pytest.raises(ArchiveError, match="no part of the data") as raised:
        choice(subset)
    assert raised.value.outcome.verdict == "error"
