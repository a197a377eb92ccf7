"""A folder of mail files and their index, each written whole or not at all."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path

INDEX = "index.csv"
COLUMNS = ("file", "to", "subject", "language", "date", "message_id")
_LIMIT_HEADER_BYTES = 16 * 1024  # our own headers are far shorter
_FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would compute instead of show


def write_once(path: Path, content: bytes) -> bool:
    """Write a private file durably; return False where other bytes stand there already."""
    try:
        return path.read_bytes() == content
    except FileNotFoundError:
        write_whole(path, content)
        return True


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file so that readers see the old or the new one, also after a power cut."""
    draft = path.with_name(f".{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - the descriptor carries the mode
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync_folder(path.parent)


def write_index(folder: Path) -> None:
    """List every mail of the folder in its index; what is listed already is not read again."""
    listed = {row["file"]: row for row in _read_index(folder)}
    for path in sorted(folder.glob("*.eml")):
        if path.name not in listed:
            listed[path.name] = _row(path)
    write_whole(folder / INDEX, _table(listed[name] for name in sorted(listed)))


def _read_index(folder: Path) -> Iterator[dict[str, str]]:
    try:
        with (folder / INDEX).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    except FileNotFoundError:
        return


def _row(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        headers = BytesHeaderParser(policy=default).parsebytes(file.read(_LIMIT_HEADER_BYTES))
    return {
        "file": path.name,
        "to": str(headers["To"]).strip("<>"),
        "subject": _harmless(str(headers["Subject"])),
        "language": str(headers["Content-Language"]),
        "date": str(headers["Date"]),
        "message_id": str(headers["Message-ID"]).strip("<>"),
    }


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _table(rows: Iterable[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
