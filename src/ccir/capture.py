"""Keeps what a program prints: cut into lines, without secrets, and never more than is wanted."""

from __future__ import annotations

import base64
import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, quote_plus

SHORTEST_SECRET = 4  # blotting out shorter ones would blot out words


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """Return a function that blots the secrets out of a line.

    Each is also found URL-encoded, in base64 and escaped for JSON; of a secret of several
    lines, each line by itself. Secrets below `SHORTEST_SECRET` characters are left alone.
    """
    lines = {line.strip() for secret in secrets for line in secret.splitlines()}
    forms = {form for line in lines if len(line) >= SHORTEST_SECRET for form in _forms(line)}
    if not forms:
        return str
    pattern = re.compile("|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)))
    return lambda text: pattern.sub("***", text)


def _forms(secret: str) -> set[str]:
    octets = secret.encode("utf-8")
    encoded = {base64.b64encode(octets), base64.urlsafe_b64encode(octets)}
    return {
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        *(form.decode("ascii").rstrip("=") for form in encoded),
    }


class Capture:
    """What one stream printed: every line to be looked at, an excerpt to be kept.

    A line longer than `line_bytes` comes in pieces. The excerpt is the beginning and the end,
    `limit` characters at most, with the secrets blotted out by `redact`.
    """

    def __init__(self, *, limit: int, line_bytes: int, redact: Callable[[str], str]) -> None:
        self._excerpt = _Excerpt(limit)
        self._line_bytes = line_bytes
        self._redact = redact
        self._pending = bytearray()

    def feed(self, chunk: bytes) -> Iterator[str]:
        """Yield the lines that the chunk completes, as they were printed, without their ends."""
        self._pending += chunk
        if b"\n" in chunk:
            *complete, self._pending = self._pending.split(b"\n")
            yield from map(self._kept, complete)
        if len(self._pending) > self._line_bytes:
            yield from self.rest()

    def rest(self) -> Iterator[str]:
        """Yield what stands after the last line's end, if anything."""
        if self._pending:
            line, self._pending = self._pending, bytearray()
            yield self._kept(line)

    def text(self) -> str:
        """Return the excerpt, with a mark where something was left out."""
        return self._excerpt.text()

    @property
    def is_truncated(self) -> bool:
        """Whether the excerpt is less than what was printed."""
        return self._excerpt.is_truncated

    def _kept(self, octets: bytearray) -> str:
        line = octets.decode("utf-8", errors="replace").rstrip("\r")
        self._excerpt.add(self._redact(line) + "\n")
        return line


class _Excerpt:
    def __init__(self, limit: int) -> None:
        self._head_room = limit - limit // 2
        self._tail_limit = limit // 2
        self._tail_length = 0
        self._head: list[str] = []
        self._tail: deque[str] = deque()
        self.is_truncated = False

    def add(self, text: str) -> None:
        if self._head_room:
            self._head.append(text[: self._head_room])
        rest = text[self._head_room :]
        self._head_room = max(0, self._head_room - len(text))
        if rest:
            self._add_to_tail(rest)

    def text(self) -> str:
        tail = "".join(self._tail)
        if not self.is_truncated:
            return "".join(self._head) + tail
        return "".join(self._head) + "\n[…]\n" + tail[-self._tail_limit :]

    def _add_to_tail(self, text: str) -> None:
        self._tail.append(text)
        self._tail_length += len(text)
        self.is_truncated = self.is_truncated or self._tail_length > self._tail_limit
        while self._tail_length - len(self._tail[0]) >= self._tail_limit:
            self._tail_length -= len(self._tail.popleft())
