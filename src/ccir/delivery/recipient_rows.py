"""One row of a recipients' file taken apart: who it names, or why it names nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from ccir.channels.mime import has_control_character, is_address
from ccir.delivery.recipient_lines import UnreadableLineError, split_fields
from ccir.domain.notices import Recipient
from ccir.errors import InvalidDocumentError

REQUIRED = ("email", "name", "language")
LIMIT_COLUMNS = 64
_DELIMITERS = (",", ";", "\t")  # spreadsheets write ; where the comma is the decimal mark
_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,63}")
_OTHER_HOST_IN_IDNA_2003 = re.compile("[ßς\u200c\u200d]")  # RFC 5894 §7.2


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of a file, and what stands between its fields."""

    delimiter: str
    columns: tuple[str, ...]


def read_header(lines: Iterator[tuple[int, bytes | None]]) -> Header:
    """Return the header that the first line holds.

    Raises:
        InvalidDocumentError: it is missing, lacks a column, or has one that no template can name.
    """
    for number, line in lines:
        if number == 1:
            return _header(line)
        break
    raise InvalidDocumentError(
        "the list has no header", hint=f"its first line must be {','.join(REQUIRED)}"
    )


def read_row(
    line: bytes | None, header: Header, *, row: int, languages: Mapping[str, str]
) -> Recipient:
    """Return whom a row names; her `language` is empty where hers is not among `languages`.

    `languages` maps the lower-case tag to the one the notice uses. `de-AT` finds `de`.

    Raises:
        UnreadableLineError: the row names nobody who can be told; no address is in the words.
    """
    values = _values(split_fields(line, delimiter=header.delimiter), header)
    wish = values.pop("language").lower().replace("_", "-")
    return Recipient(
        row=row,
        address=_address(values.pop("email")),
        name=values.pop("name"),
        language=languages.get(wish) or languages.get(wish.partition("-")[0], ""),
        columns=values,
    )


def _header(line: bytes | None) -> Header:
    delimiter = max(_DELIMITERS, key=lambda mark: (line or b"").count(mark.encode()))
    try:
        fields = split_fields(line, delimiter=delimiter)
    except UnreadableLineError as error:
        raise InvalidDocumentError(
            f"the list's header cannot be read: {error}", hint="save it as CSV in UTF-8"
        ) from error
    columns = tuple(field.lower() for field in fields)
    _refuse_unfit(columns)
    return Header(delimiter=delimiter, columns=columns)


def _refuse_unfit(columns: tuple[str, ...]) -> None:
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise InvalidDocumentError(
            f"the list's header lacks {', '.join(missing)}",
            hint=f"its first line must name {', '.join(REQUIRED)}, then free columns",
        )
    unfit = [name for name in columns if not _COLUMN.fullmatch(name) or columns.count(name) > 1]
    if unfit or len(columns) > LIMIT_COLUMNS:
        raise InvalidDocumentError(
            f"the list's header has columns that no template can name: {unfit or len(columns)}",
            hint=f"use letters, digits and _, each name once, at most {LIMIT_COLUMNS}",
        )


def _values(fields: list[str], header: Header) -> dict[str, str]:
    if len(fields) != len(header.columns):
        raise UnreadableLineError(
            f"the row has {len(fields)} fields, the header {len(header.columns)}"
        )
    values = dict(zip(header.columns, fields, strict=True))
    for column, value in values.items():
        if has_control_character(value):
            raise UnreadableLineError(f"a control character in '{column}'")
    return values


def _address(field: str) -> str:
    if not field:
        raise UnreadableLineError("no address")
    if field.count("@") > 1:
        raise UnreadableLineError("several addresses in one field")
    local, _, host = field.rpartition("@")
    address = f"{local}@{_ascii_host(host)}"
    if not is_address(address):
        raise UnreadableLineError("not a plain mail address")
    return address


def _ascii_host(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        is_clear = not _OTHER_HOST_IN_IDNA_2003.search(host)
        return host.encode("idna").decode() if is_clear else host
    except UnicodeError:
        return host
