"""The parts of a mail, taken apart within bounds: whoever wrote it may mean harm.

The standard library's parser is not used: it has no bounds, and calls itself for each level.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator

import msgspec

LIMIT_HEADER_BYTES = 64 * 1024
LIMIT_FIELDS = 500
LIMIT_PARTS = 50
LIMIT_DEPTH = 5
_LIMIT_BOUNDARY = 200  # RFC 2046 §5.1.1 allows 70
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
_NAME = re.compile(r"[!-9;-~]{1,100}")
_PARAMETER = re.compile(
    r';\s*([a-z-]{1,40})\s*=\s*(?:"([^"]{0,200})"|([^\s;"]{1,200}))', re.IGNORECASE
)


class Fields:
    """The fields of a header in order, by their names in small letters."""

    def __init__(self, octets: bytes) -> None:
        self._fields: list[tuple[str, str]] = []
        for line in _unfolded(octets[:LIMIT_HEADER_BYTES].decode("utf-8", "replace")):
            name, colon, value = line.partition(":")
            if colon and _NAME.fullmatch(name.rstrip()) and len(self._fields) < LIMIT_FIELDS:
                self._fields.append((name.rstrip().lower(), value.strip()))

    def all(self, *names: str) -> list[str]:
        """Return the values of all fields with one of these names, the names in this order."""
        return [value for name in names for known, value in self._fields if known == name]

    def first(self, name: str) -> str:
        """Return the value of the first field of that name; empty without one."""
        return next(iter(self.all(name)), "")

    def __bool__(self) -> bool:
        return bool(self._fields)


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A mail or a part of one: its header, and what follows it, as it was encoded."""

    fields: Fields
    octets: bytes
    kind: str
    parameters: dict[str, str]

    @property
    def body(self) -> bytes:
        """Return the content without its transfer encoding; as it stands where that is broken."""
        encoding = self.fields.first("content-transfer-encoding").lower()
        if encoding == "base64":
            try:
                return binascii.a2b_base64(self.octets)
            except binascii.Error:
                return self.octets
        return quopri.decodestring(self.octets) if encoding == "quoted-printable" else self.octets

    @property
    def blocks(self) -> list[Fields]:
        """Return the content as groups of fields with empty lines between (RFC 3464 §2.1)."""
        found = re.split(rb"(?:\r?\n[ \t]*){2,}", self.body.strip(), maxsplit=LIMIT_PARTS)
        return [fields for each in found[:LIMIT_PARTS] if (fields := Fields(each))]


def part_of(octets: bytes, *, usual: str = "text/plain") -> Part:
    """Return a mail or a part with its header read; `usual` is its kind where it says none."""
    header, body = _divided(octets)
    fields = Fields(header)
    stated = fields.first("content-type")
    kind = stated.partition(";")[0].strip().lower() or usual
    parameters = {
        found[1].lower(): found[2] if found[2] is not None else found[3]
        for found in _PARAMETER.finditer(stated)
    }
    return Part(fields=fields, octets=body, kind=kind, parameters=parameters)


def _divided(octets: bytes) -> tuple[bytes, bytes]:
    if octets.startswith((b"\n", b"\r\n")):  # a part without a header
        return b"", octets.lstrip(b"\r\n")
    end = _END_OF_HEADER.search(octets)
    return (octets, b"") if end is None else (octets[: end.start()], octets[end.end() :])


def leaves(mail: Part) -> list[Part]:
    """Return the parts that hold no parts, in order; of more than `LIMIT_PARTS` the first."""
    found: list[Part] = []
    _gather(mail, found, depth=0)
    return found


def _gather(part: Part, found: list[Part], *, depth: int) -> None:
    boundary = part.parameters.get("boundary", "")
    if not part.kind.startswith("multipart/") or not boundary or depth >= LIMIT_DEPTH:
        found.append(part)
        return
    usual = "message/rfc822" if part.kind == "multipart/digest" else "text/plain"
    for octets in _between(part.octets, boundary.encode("utf-8", "replace")[:_LIMIT_BOUNDARY]):
        if len(found) >= LIMIT_PARTS:
            return
        _gather(part_of(octets, usual=usual), found, depth=depth + 1)


def _between(octets: bytes, boundary: bytes) -> Iterator[bytes]:
    """Yield what stands between the boundary's lines; the last part may lack its end."""
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    begin: int | None = None
    for found in line.finditer(octets):
        if begin is not None:
            yield octets[begin : found.start()]
        if found[1]:
            return
        begin = _after_line(octets, found.end())
    if begin is not None:
        yield octets[begin:]


def _after_line(octets: bytes, position: int) -> int:
    if octets.startswith(b"\r\n", position):
        return position + 2
    return position + 1 if octets.startswith(b"\n", position) else position


def _unfolded(text: str) -> Iterator[str]:
    line = ""
    for each in text.replace("\r\n", "\n").split("\n"):
        if each[:1] in {" ", "\t"} and each.strip():
            line += " " + each.strip()
            continue
        if line:
            yield line
        line = each
    if line:
        yield line
