"""Characters that no text for people may hold, and texts without them."""

from __future__ import annotations

import re
from typing import Final

# Control characters move the cursor of a terminal, bidirectional overrides show a text in
# another order than it has, and half of a surrogate pair cannot be stored.
UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_LINE_BREAK: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def printable(text: str) -> str:
    """Return the text without unprintable characters, with one kind of line break."""
    if text.isprintable():
        return text
    return UNPRINTABLE.sub("", _LINE_BREAK.sub("\n", text))


def is_one_line(text: str) -> bool:
    """Return whether the text holds neither line breaks nor unprintable characters."""
    if text.isprintable():
        return True
    return "\n" not in text and not _LINE_BREAK.search(text) and not UNPRINTABLE.search(text)
