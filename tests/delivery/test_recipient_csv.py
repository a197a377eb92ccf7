from __future__ import annotations

from io import BytesIO

import pytest

from ccir.delivery.recipient_csv import CsvRows
from ccir.errors import InvalidDocumentError


def rows(content: bytes) -> list[tuple[int, dict[str, str] | str]]:
    return [*CsvRows(BytesIO(content))]


@pytest.mark.parametrize(
    "content",
    [
        b"email,name,language,account\na@x.example,A,en,1\n",
        b"Email; NAME ;Language;account\na@x.example;A;en;1",
        b"email\tname\tlanguage\taccount\r\na@x.example\tA\ten\t1",
        b'"email","name","language","account"\n"a@x.example","A","en","1"',
    ],
)
def test_a_file_is_read_whatever_stands_between(content: bytes) -> None:
    assert rows(content) == [
        (1, {"email": "a@x.example", "name": "A", "language": "en", "account": "1"})
    ]


def test_rows_count_from_one_without_the_header_and_a_bad_one_says_why() -> None:
    found = rows(b'email,name,language\n\na@x.example,A\n"open,B,en\na,b,c,d\n')
    assert found == [
        (2, "the row has 2 fields, the header 3"),
        (3, "a quotation mark is not closed, or stands alone"),
        (4, "the row has 4 fields, the header 3"),
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "has no header"),
        (b"\n\nemail,name,language", "has no header"),
        (b"email,name\n", "header lacks language"),
        (b'email,name,"language\n', "header cannot be read: a quotation mark"),
        (b"email,name,language,caf\xe9", "header cannot be read: the line is not UTF-8"),
        (b"x" * 40_000, "header cannot be read: the line has more than"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(content: bytes, complaint: str) -> None:
    with pytest.raises(InvalidDocumentError, match=complaint):
        CsvRows(BytesIO(content))


def test_a_source_in_memory_does_not_say_how_long_it_is() -> None:
    assert CsvRows(BytesIO(b"email,name,language\n")).expected is None
