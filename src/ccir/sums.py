"""Reads and writes lists of SHA-256 digests as `sha256sum` does."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from ccir.errors import InvalidDocumentError

# As sha256sum writes it: the star says that the file was read as binary, the backslash that
# the name's backslashes and line ends are escaped. Then as `sha256sum --tag` and BSD write it.
_LINES = (
    re.compile(r"(?P<escaped>\\?)(?P<digest>[0-9a-fA-F]{64}) [ *](?P<name>.+)", re.DOTALL),
    re.compile(r"(?P<escaped>\\?)SHA256 \((?P<name>.+)\) = (?P<digest>[0-9a-fA-F]{64})", re.DOTALL),
)
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}
_MEANINGS = {escape: character for character, escape in _ESCAPES.items()}
_ESCAPED = re.compile(r"\\.|\\$")


def read_sums(listing: bytes) -> dict[str, str]:
    """Return the digest of each listed path, in lower-case hexadecimal, in the list's order.

    Paths are as `PurePosixPath` writes them and may lead anywhere. Names that are no UTF-8
    are kept as `os.fsdecode` reads them. Empty lines and those that begin with '#' say nothing.

    Raises:
        InvalidDocumentError: a line is no digest of a file, or two contradict each other.
    """
    sums: dict[str, str] = {}
    lines = listing.decode("utf-8", "surrogateescape").split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.rstrip("\r") or line.startswith("#"):
            continue
        name, digest = _read(line.removesuffix("\r"), number)
        if sums.setdefault(name, digest) != digest:
            raise _bad(number, "contradicts an earlier one")
    return sums


def write_line(path: str, *, sha256: str) -> bytes:
    """Return the line of one file, with its end, as `sha256sum` writes and checks it."""
    escaped = "".join(_ESCAPES.get(character, character) for character in path)
    mark = "" if escaped == path else "\\"
    return f"{mark}{sha256}  {escaped}\n".encode("utf-8", "surrogateescape")


def _read(line: str, number: int) -> tuple[str, str]:
    found = next(filter(None, (pattern.fullmatch(line) for pattern in _LINES)), None)
    name = None if found is None else _name(found)
    if found is None or name is None:
        raise _bad(number, "is no digest of a file")
    return str(PurePosixPath(name)), found["digest"].lower()


def _name(found: re.Match[str]) -> str | None:
    """Return the file's name, or None where it is escaped as nobody escapes."""
    if not found["escaped"]:
        return found["name"]
    if any(escape not in _MEANINGS for escape in _ESCAPED.findall(found["name"])):
        return None
    return _ESCAPED.sub(lambda escape: _MEANINGS[escape[0]], found["name"])


def _bad(number: int, what: str) -> InvalidDocumentError:
    return InvalidDocumentError(
        f"line {number} of the list of digests {what}",
        hint="make the list again with 'sha256sum' from the files that were backed up",
    )
