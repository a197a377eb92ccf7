"""Words from outside made fit to keep: short, in one line, without anybody's address."""

from __future__ import annotations

import re

from ccir.domain.notices import masked

LIMIT_CHARACTERS = 300
_SHORTEST_NAME = 3  # a shorter local part would blank out parts of common words
_ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]]+@[^\s<>\"'(),;:\[\]]+")


def scrubbed(words: str | bytes, *, address: str) -> str:
    """Return what the other side said, with addresses masked and control characters gone.

    The name before the `@` of `address` goes too where it stands alone.
    """
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    line = text if text.isprintable() else _printable(text)
    hidden = _ADDRESS.sub(lambda found: masked(found[0]), _without_name(line, address))
    return " ".join(hidden.split())[:LIMIT_CHARACTERS]


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def _without_name(line: str, address: str) -> str:
    name = address.rpartition("@")[0]
    # Most answers name nobody; a pattern for each address costs more than the rest of a mail.
    if len(name) < _SHORTEST_NAME or name.casefold() not in line.casefold():
        return line
    return re.sub(rf"(?<!\w){re.escape(name)}(?![\w@])", "…", line, flags=re.IGNORECASE)
