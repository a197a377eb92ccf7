from __future__ import annotations

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.catalog.sms import BASIC, EXTENSION, SEGMENT_UNITS, SINGLE_UNITS, SmsLength, sms_length

GSM_TEXTS = st.text(st.sampled_from(sorted(BASIC | EXTENSION)), max_size=400)
WIDE_TEXTS = st.text(st.sampled_from("aé—😀漢€"), max_size=250).map(lambda text: f"—{text}")
TEXTS = st.one_of(GSM_TEXTS, WIDE_TEXTS, st.text(max_size=200))


def counted(text: str) -> tuple[str, int, int]:
    found = sms_length(text)
    return found.encoding, found.units, found.segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("GSM", 0, 0)),
        ("a", ("GSM", 1, 1)),
        ("a" * 160, ("GSM", 160, 1)),
        ("a" * 161, ("GSM", 161, 2)),
        ("a" * 306, ("GSM", 306, 2)),
        ("a" * 307, ("GSM", 307, 3)),
        ("€" * 80, ("GSM", 160, 1)),
        ("€" * 81, ("GSM", 162, 2)),
        ("Größe: 10 £\r\n", ("GSM", 13, 1)),
        ("ж" * 70, ("UCS-2", 70, 1)),
        ("ж" * 71, ("UCS-2", 71, 2)),
        ("ж" * 134, ("UCS-2", 134, 2)),
        ("ж" * 135, ("UCS-2", 135, 3)),
        ("😀" * 35, ("UCS-2", 70, 1)),
        ("😀" * 36, ("UCS-2", 72, 2)),
    ],
)
def test_texts_take_as_many_segments_as_the_standard_says(
    text: str, expected: tuple[str, int, int]
) -> None:
    assert counted(text) == expected


def test_an_escape_is_not_torn_from_its_character() -> None:
    assert counted("a" * 152 + "€" + "a" * 152) == ("GSM", 306, 3)
    assert counted("a" * 151 + "€" + "a" * 153) == ("GSM", 306, 2)


def test_a_surrogate_pair_is_not_torn_apart() -> None:
    assert counted("ж" * 66 + "😀" + "ж" * 66) == ("UCS-2", 134, 3)
    assert counted("ж" * 65 + "😀" + "ж" * 67) == ("UCS-2", 134, 2)


def test_the_alphabet_has_all_places_of_the_standard() -> None:
    assert len(BASIC) == 128 - 1  # all but the escape
    assert len(EXTENSION) == 10
    assert not BASIC & EXTENSION
    assert {"Ç", "Å", "Δ", "¤", "§", "¿"} <= BASIC
    assert not {"ç", "`", "\t", "—", "á"} & (BASIC | EXTENSION)


def test_what_forces_ucs_2_is_named_once_in_order() -> None:
    assert sms_length("We† ‡ he† ‡ €5") == SmsLength(
        encoding="UCS-2", units=14, segments=1, forced_by=("†", "‡")
    )


@given(TEXTS)
def test_the_count_lies_between_what_must_be_and_what_pairs_may_waste(text: str) -> None:
    found = sms_length(text)
    if found.units <= SINGLE_UNITS[found.encoding]:
        assert found.segments == (1 if text else 0)
        return
    room = SEGMENT_UNITS[found.encoding]
    assert ceil(found.units / room) <= found.segments <= ceil(found.units / (room - 1))


@given(TEXTS, TEXTS)
def test_a_longer_text_never_takes_fewer_segments(text: str, more: str) -> None:
    assert sms_length(text + more).segments >= sms_length(text).segments
    assert sms_length(more + text).segments >= sms_length(text).segments


@given(st.one_of(st.tuples(GSM_TEXTS, GSM_TEXTS), st.tuples(WIDE_TEXTS, WIDE_TEXTS)))
def test_two_texts_in_one_take_at_most_one_segment_more(texts: tuple[str, str]) -> None:
    apart = sum(sms_length(text).segments for text in texts)
    assert sms_length("".join(texts)).segments <= apart + 1


@given(TEXTS)
def test_units_are_those_of_the_encoding(text: str) -> None:
    found = sms_length(text)
    if found.encoding == "UCS-2":
        assert found.units == len(text.encode("utf-16-le", "surrogatepass")) // 2
        assert set(found.forced_by) == set(text) - BASIC - EXTENSION
    else:
        assert found.units == len(text) + sum(map(text.count, EXTENSION))
        assert found.forced_by == ()
