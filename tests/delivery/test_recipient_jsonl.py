from __future__ import annotations

from io import BytesIO

import pytest

from ccir.delivery.recipient_jsonl import JsonRows

COLUMNS = "a column that no template can name, or one that stands twice"


def rows(content: bytes) -> list[tuple[int, dict[str, str] | str]]:
    return [*JsonRows(BytesIO(content))]


def test_each_line_is_a_row_and_what_it_lacks_is_empty() -> None:
    found = rows(
        b'{"Email": "a@x.example", "name": " A ", "language": "en", "visits": 3, "minor": true}\n\n'
        b'{"email": "b@x.example", "note": null, "score": 1.5}\n'
    )
    assert found == [
        (
            1,
            {
                "email": "a@x.example",
                "name": "A",
                "language": "en",
                "visits": "3",
                "minor": "true",
            },
        ),
        (3, {"email": "b@x.example", "name": "", "language": "", "note": "", "score": "1.5"}),
    ]
    assert JsonRows(BytesIO(b"")).expected is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"[1]", "the line is no JSON object"),
        (b'{"email": ', "the line is no JSON object"),
        (b'{"email": "caf\xe9"}', "the line is no JSON object"),
        (b"[" * 5_000, "the line is no JSON object"),
        (b'{"email": ["a@x.example"]}', "a value that is no text, number, date, or yes or no"),
        (b'{"First Name": "A"}', COLUMNS),
        (b'{"email": "a", "EMAIL": "b"}', COLUMNS),
        (b"{" + b",".join(b'"c%d": 1' % n for n in range(65)) + b"}", "more than 64 columns"),
        (b'"' + b"x" * 40_000 + b'"', "the line has more than 32768 bytes"),
    ],
)
def test_a_line_that_names_nobody_says_why(line: bytes, reason: str) -> None:
    assert rows(line) == [(1, reason)]
