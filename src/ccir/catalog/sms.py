"""Counts the short messages (SMS) that a text takes, by 3GPP TS 23.038 and TS 23.040.

1. A text of the GSM alphabet's characters only (TS 23.038, 6.2.1) takes one septet for each, two
   for those of the extension table (an escape and the character). One message holds 160.
2. Any other character makes the whole text UCS-2: 16-bit units, two for a character beyond the
   basic plane. One message holds 70.
3. A longer text is sent in segments, whose header (TS 23.040, 9.2.3.24.1) leaves 153 septets or
   67 units in each. Neither an escape and its character nor a surrogate pair is torn apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

import msgspec

Encoding = Literal["GSM", "UCS-2"]

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION: Final = frozenset("\f^{}\\[~]|€")

SINGLE_UNITS: Final[dict[Encoding, int]] = {"GSM": 160, "UCS-2": 70}
"""How many units a text may have to go in one message."""

SEGMENT_UNITS: Final[dict[Encoding, int]] = {"GSM": 153, "UCS-2": 67}
"""How many units each segment of a longer text holds."""

_BASIC_PLANE_END: Final = 0xFFFF


class SmsLength(msgspec.Struct, frozen=True, kw_only=True):
    """How long a text is as SMS: `units` are septets (GSM) or 16-bit units (UCS-2).

    `forced_by` are the characters outside the GSM alphabet, each once, in the text's order.
    """

    encoding: Encoding
    units: int
    segments: int
    forced_by: tuple[str, ...]


def sms_length(text: str) -> SmsLength:
    """Return how many segments the text takes; none if it is empty."""
    forced_by = tuple(dict.fromkeys(each for each in text if each not in BASIC | EXTENSION))
    encoding: Encoding = "UCS-2" if forced_by else "GSM"
    widths = [_width(each, encoding) for each in text]
    units = sum(widths)
    fits = units <= SINGLE_UNITS[encoding]
    segments = min(units, 1) if fits else _segments(widths, SEGMENT_UNITS[encoding])
    return SmsLength(encoding=encoding, units=units, segments=segments, forced_by=forced_by)


def _width(character: str, encoding: Encoding) -> int:
    if encoding == "GSM":
        return 2 if character in EXTENSION else 1
    return 2 if ord(character) > _BASIC_PLANE_END else 1


def _segments(widths: Iterable[int], room: int) -> int:
    segments, used = 1, 0
    for width in widths:
        if used + width > room:
            segments, used = segments + 1, 0
        used += width
    return segments
