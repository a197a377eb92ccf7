"""Values of other types than text, as the columns of a list hold them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from ccir.delivery.recipient_columns import LIMIT_COLUMNS, is_column
from ccir.delivery.recipient_lines import LIMIT_LINE_BYTES, UnreadableLineError


def in_words(value: object) -> str:
    """Return a value as text: nothing for null, `true` or `false`, numbers and times as written.

    Raises:
        UnreadableLineError: it is none of these, or longer than any line of a file may be.
    """
    text = value.strip(" ") if isinstance(value, str) else _written(value)
    if len(text) > LIMIT_LINE_BYTES:
        raise UnreadableLineError(f"a value of more than {LIMIT_LINE_BYTES} characters")
    return text


def values_of(named: Mapping[str, object]) -> dict[str, str]:
    """Return an object's values as text, by column.

    Raises:
        UnreadableLineError: a name is none that a template can use, or stands there twice; a value
            is no plain one.
    """
    values = {name.lower(): in_words(value) for name, value in named.items()}
    if len(values) < len(named) or not all(map(is_column, values)):
        raise UnreadableLineError("a column that no template can name, or one that stands twice")
    if len(values) > LIMIT_COLUMNS:
        raise UnreadableLineError(f"more than {LIMIT_COLUMNS} columns")
    return values


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dt.date() | dt.time():
            return value.isoformat()
        case int() | float() | Decimal() | UUID():
            return str(value)
        case _:
            raise UnreadableLineError("a value that is no text, number, date, or yes or no")
