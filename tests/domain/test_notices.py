from __future__ import annotations

import string

import pytest
from hypothesis import given as hypothetical
from hypothesis import strategies as st

from ccir.domain.notices import Counts, masked

LETTERS = string.ascii_lowercase + string.digits + "._-+@"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("jane.doe@example.org", "j***e@e***.org"),
        ("jo@mail.example.co.uk", "j***@m***.uk"),
        ("j@example.org", "j***@e***.org"),
        ("root@localhost", "r***t@***"),
        ('"a@b"@example.org', '"***"@e***.org'),
        ("+49301234567", "…67"),
        ("1234", "…"),
        ("@example.org", "…rg"),
        ("", "…"),
    ],
)
def test_an_address_is_shown_by_its_outer_letters(address: str, expected: str) -> None:
    assert masked(address) == expected


@hypothetical(
    st.text(alphabet=LETTERS, min_size=2, max_size=64),
    st.from_regex(r"[a-z0-9]{2,20}(\.[a-z]{2,8}){0,2}", fullmatch=True),
)
def test_neither_the_local_part_nor_the_host_is_ever_shown(local: str, host: str) -> None:
    shown_local, _, shown_host = masked(f"{local}@{host}").rpartition("@")
    assert local not in shown_local
    assert shown_local.strip("*") in {local[0], local[0] + "***" + local[-1]}
    assert host not in shown_host
    assert len(shown_host.partition("***")[0]) <= 1


@hypothetical(st.text(alphabet=string.digits, min_size=3, max_size=20))
def test_a_number_shows_its_last_two_digits_at_most(number: str) -> None:
    assert len(masked(number)) <= 3


def test_a_total_is_of_all_states() -> None:
    assert Counts(planned=1, claimed=2, accepted=4, refused=8, unknown=16).total == 31
