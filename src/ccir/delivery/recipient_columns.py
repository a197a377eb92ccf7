"""The columns that a list of recipients must have, and the ones that mean something to ccir."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from ccir.errors import InvalidDocumentError

REQUIRED = ("email", "name", "language")
LIMIT_COLUMNS = 64
_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,63}")


class RowSource(Protocol):
    """Gives a list's rows, once: each with its number and its values, or why it has none.

    Rows count from 1 without a header. The reason holds nothing of the row. `expected` is how many
    rows there may be in all, or None while that cannot be told.
    """

    @property
    def expected(self) -> int | None:
        """Return about how many rows there are."""
        ...

    def __iter__(self) -> Iterator[tuple[int, dict[str, str] | str]]: ...


def checked_columns(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names in lower case.

    Raises:
        InvalidDocumentError: one is missing, or is none that a template can name.
    """
    columns = tuple(name.strip().lower() for name in names)
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise InvalidDocumentError(
            f"the list's header lacks {', '.join(missing)}",
            hint=f"it must name {', '.join(REQUIRED)}, then free columns",
        )
    unfit = [name for name in columns if not is_column(name) or columns.count(name) > 1]
    if unfit or len(columns) > LIMIT_COLUMNS:
        raise InvalidDocumentError(
            f"the list's header has columns that no template can name: {unfit or len(columns)}",
            hint=f"use letters, digits and _, each name once, at most {LIMIT_COLUMNS}",
        )
    return columns


def is_column(name: str) -> bool:
    """Return whether a template can name the column."""
    return _COLUMN.fullmatch(name) is not None
