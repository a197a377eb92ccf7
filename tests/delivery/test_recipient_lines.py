from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from ccir.delivery.recipient_lines import (
    LIMIT_LINE_BYTES,
    FileLines,
    UnreadableLineError,
    split_fields,
)
from ccir.errors import InvalidDocumentError


def lines(content: bytes) -> list[tuple[int, bytes | None]]:
    return [*FileLines(BytesIO(content))]


def test_lines_come_with_their_numbers_and_blank_ones_are_passed_over() -> None:
    assert lines(b"a\n\n \r\nb\r\nc") == [(1, b"a"), (4, b"b"), (5, b"c")]


def test_a_byte_order_mark_belongs_to_no_field() -> None:
    assert lines(b"\xef\xbb\xbfa\nb") == [(1, b"a"), (2, b"b")]


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_is_named(mark: bytes) -> None:
    with pytest.raises(InvalidDocumentError, match="written in UTF-16") as caught:
        lines(mark + b"a\0,\0")
    assert caught.value.hint == "save it again as 'CSV UTF-8'"


def test_a_line_too_long_spoils_no_other() -> None:
    fits = b"x" * LIMIT_LINE_BYTES
    assert lines(fits + b"\nb") == [(1, fits), (2, b"b")]
    assert lines(fits + b"y\nb") == [(1, None), (2, b"b")]
    assert lines(fits * 3 + b"\nb") == [(1, None), (2, b"b")]
    assert lines(b"a\n" + fits + b"y") == [(1, b"a"), (2, None)]


def test_a_line_without_an_end_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(InvalidDocumentError, match="a line without an end"):
        lines(b"x" * (LIMIT_LINE_BYTES * 1026))


def test_a_list_may_be_as_long_as_the_limit_and_no_longer() -> None:
    longest = BytesIO(b"header\n1\n2\n\n4")
    assert [number for number, _ in FileLines(longest, limit_rows=4)] == [1, 2, 3, 5]
    longer = BytesIO(b"header\n1\n2\n\n4\n5")
    with pytest.raises(InvalidDocumentError, match="more than 4 rows"):
        [*FileLines(longer, limit_rows=4)]


def test_how_many_lines_there_are_is_estimated_by_the_length_of_those_read(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"header\n" + b"123456\n" * 999)
    with path.open("rb") as file:
        opened = FileLines(file)
        rows = iter(opened)
        next(rows)
        early = opened.expected
        for _ in zip(rows, range(200), strict=False):
            pass
        assert (early, opened.expected) == (None, 1_000), "one line says nothing"
    assert FileLines(BytesIO(b"a")).expected is None


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (b"a, b ,c", ["a", "b", "c"]),
        (b'"a,b","say ""hi""",', ["a,b", 'say "hi"', ""]),
        ("Zoë,Łódź".encode(), ["Zoë", "Łódź"]),
        (b"", [""]),
        (b"a\tb", ["a\tb"]),
        (b'a," b"', ["a", "b"]),
    ],
)
def test_a_line_is_split_into_its_fields(line: bytes, fields: list[str]) -> None:
    assert split_fields(line, delimiter=",") == fields


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (None, f"the line has more than {LIMIT_LINE_BYTES} bytes"),
        (b"caf\xe9,b", "the line is not UTF-8"),
        (b'"a,b', "a quotation mark is not closed, or stands alone"),
        (b'"a"b,c', "a quotation mark is not closed, or stands alone"),
    ],
)
def test_a_line_that_cannot_be_taken_apart_says_why(line: bytes | None, reason: str) -> None:
    with pytest.raises(UnreadableLineError, match=reason):
        split_fields(line, delimiter=",")
