"""Recipients from the answer to a query: its columns are named as those of a CSV file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ccir.delivery.recipient_columns import checked_columns
from ccir.delivery.recipient_lines import LIMIT_ROWS, UnreadableLineError, refuse_more_rows
from ccir.delivery.recipient_values import in_words


class QueryRows:
    """The rows of a query's answer, counted from 1.

    Raises:
        InvalidDocumentError: a column is missing, or is none that a template can name.
    """

    def __init__(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[object]],
        *,
        limit_rows: int = LIMIT_ROWS,
    ) -> None:
        self._columns = checked_columns(columns)
        self._rows = rows
        self._limit_rows = limit_rows

    @property
    def expected(self) -> int | None:
        """Return None: a database does not say beforehand; see `RowSource.expected`."""
        return None

    def __iter__(self) -> Iterator[tuple[int, dict[str, str] | str]]:
        for number, row in enumerate(self._rows, start=1):
            if number > self._limit_rows:
                refuse_more_rows(self._limit_rows)
            try:
                values = [in_words(value) for value in row]
            except UnreadableLineError as error:
                yield number, str(error)
                continue
            yield number, dict(zip(self._columns, values, strict=True))
