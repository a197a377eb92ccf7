from __future__ import annotations

import pytest
from hypothesis import given as hypothetical
from hypothesis import strategies as st

from ccir.domain.cards import has_card_number, without_card_numbers

# The issuers' own numbers for tests; no account has them.
CARDS = {
    "Visa": "4111111111111111",
    "Visa of 13": "4222222222222",
    "Visa of 19": "4000000000000000006",
    "Mastercard": "5555555555554444",
    "Mastercard of the 2 series": "2223003122003222",
    "American Express": "378282246310005",
    "Diners Club": "30569309025904",
    "Discover": "6011111111111117",
    "JCB": "3530111333300000",
    "UnionPay": "6200000000000005",
}
cards = st.sampled_from(sorted(CARDS.values()))


@pytest.mark.parametrize("number", CARDS.values(), ids=CARDS.keys())
def test_a_card_number_is_found_within_words(number: str) -> None:
    text = f"She read {number}, twice"
    assert has_card_number(text)
    assert without_card_numbers(text) == "She read [card number], twice"


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "41111 11111 11111 1",
        "3782 822463 10005",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    ],
)
def test_spaces_and_hyphens_between_the_digits_hide_nothing(text: str) -> None:
    assert has_card_number(text)
    assert without_card_numbers(text) == "[card number]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4111 1111 1111 1111 12/28", "[card number] 12/28"),
        ("4111 1111 1111 1111 123", "[card number] 123"),
        ("12 4111 1111 1111 1111", "12 [card number]"),
        ("2026-11-24 4111111111111111", "2026-11-24 [card number]"),
        ("030 1234567 4111-1111-1111-1111 12 28", "030 1234567 [card number] 12 28"),
        ("5555555555554444 4111111111111111", "[card number] [card number]"),
        ("620 4111111111111111", "[card number]"),  # one of 19 digits that ends like another
    ],
)
def test_digits_before_or_after_hide_nothing(text: str, expected: str) -> None:
    assert has_card_number(text)
    assert without_card_numbers(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4111111111111112",  # a wrong check digit
        "1111111111111117",  # no issuer's range
        "41111111111111111",  # 17 digits are no Visa
        "94111111111111111",  # a longer number that only contains one
        "4111 1111 1111",
        "4111.1111.1111.1111",
        "call 030 1234567 or 030 7654321",
        "2026-11-24 14:05:59, case 20261124",
        "0000000000000000",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not has_card_number(text)
    assert without_card_numbers(text) == text


@hypothetical(cards, st.text(max_size=30), st.text(max_size=30))
def test_a_card_number_between_words_never_stays(card: str, before: str, after: str) -> None:
    text = f"{before} x{card}x {after}"
    assert has_card_number(text)
    blotted = without_card_numbers(text)
    assert card not in blotted
    assert "x[card number]x" in blotted
    assert not has_card_number(blotted)


@hypothetical(st.text(alphabet="0123456789 -x", max_size=80))
def test_what_was_blotted_holds_no_card_number_and_the_rest_stays(text: str) -> None:
    blotted = without_card_numbers(text)
    assert (blotted == text) is not has_card_number(text)


@hypothetical(cards, st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_no_card_number(card: str, place: int, by: int) -> None:
    at = place % len(card)
    wrong = card[:at] + str((int(card[at]) + by) % 10) + card[at + 1 :]
    assert not has_card_number(wrong)
