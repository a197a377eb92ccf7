from __future__ import annotations

import pytest

from ccir.delivery.recipient_query import QueryRows
from ccir.errors import InvalidDocumentError

COLUMNS = ("Email", "name", "language", "minor")


def test_an_answer_is_read_row_by_row() -> None:
    source = QueryRows(COLUMNS, iter([("a@x.example", "A", None, True), (b"x", "B", "en", False)]))
    assert source.expected is None
    assert [*source] == [
        (1, {"email": "a@x.example", "name": "A", "language": "", "minor": "true"}),
        (2, "a value that is no text, number, date, or yes or no"),
    ]


def test_an_answer_without_the_columns_is_refused() -> None:
    with pytest.raises(InvalidDocumentError, match="lacks name, language"):
        QueryRows(("email",), iter([]))


def test_an_answer_longer_than_any_list_is_refused() -> None:
    source = QueryRows(COLUMNS, iter([("a", "A", "en", "")] * 4), limit_rows=3)
    with pytest.raises(InvalidDocumentError, match="more than 3 rows"):
        list(source)
