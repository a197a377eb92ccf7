from __future__ import annotations

import pytest
from hypothesis import given as hypothetical
from hypothesis import strategies as st

from ccir.domain.written_numbers import states

MARKS = (",", ".", "'", "\u2019", " ", "\u00a0", "\u202f", "")
counts = st.integers(0, 10**12)


@hypothetical(counts, st.sampled_from(MARKS))
def test_a_number_is_found_however_its_thousands_are_set_apart(count: int, mark: str) -> None:
    written = f"{count:,}".replace(",", mark)
    assert states(f"We wrote to {written} people.", count)
    assert states(f"{written}人", count)
    assert states(f"People: {written}.", count)


@hypothetical(counts, counts, st.sampled_from(MARKS))
def test_another_number_is_not_taken_for_it(count: int, other: int, mark: str) -> None:
    written = f"{other:,}".replace(",", mark)
    assert states(f"We wrote to {written} people.", count) is (count == other)


@pytest.mark.parametrize(
    "text",
    [
        "14100",
        "4100.50 euros",
        "4,100.50 euros",
        "14,100",
        "1,004,100",
        "1 004 100",
        "4,1000",
        "4,100,5",
        "INC-04100",
        "12-4100-7",
        "1-800-4100",
        "4100/01/02",
        "04:10:4100",
        "four thousand one hundred",
        "",
    ],
)
def test_a_part_of_a_longer_number_is_not_the_number(text: str) -> None:
    assert not states(text, 4100)


@pytest.mark.parametrize(
    "text", ["4,100, of whom 3 …", "4100-4200", "4,000-4,100", "4100; 4100", "in 2024 4100 people"]
)
def test_a_number_may_stand_beside_another(text: str) -> None:
    assert states(text, 4100)


def test_the_numbers_of_a_list_count_nobody() -> None:
    assert not states("1. Call us.\n2. Wait.\n   3. Wait longer.\n", 2)
    assert states("1. Call us.\n2. All 2 of you.\n", 2)


def test_days_are_no_counts() -> None:
    assert not states("On 10.04.2026 (2026-04-10, 10/4/2026)", 10)


def test_many_digits_take_no_time() -> None:
    assert not states("1" * 200_000 + "-", 1)
