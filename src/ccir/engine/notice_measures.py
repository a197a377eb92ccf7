"""Measures a notice's text in each language: how hard it is to read, how long it is as SMS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from ccir.catalog.readability import Readability, readability
from ccir.catalog.rendering import RenderedText
from ccir.catalog.sms import SmsLength, sms_length

SMS_CHARACTERS: Final = 1_000
"""How long a text may be to be thought of as SMS."""


class NoticeMeasures(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured of one message in each language.

    `sms` is of the SMS form where the notice has one (`has_sms`), else of the texts that are
    short enough. `segments` estimates how many the whole list takes, from one message in each
    language; None without an SMS form, or where the list is not known.
    """

    readability: dict[str, Readability]
    sms: dict[str, SmsLength]
    has_sms: bool = False
    segments: int | None = None


def measured(
    samples: Mapping[str, RenderedText], counts: Mapping[str, int] | None = None
) -> NoticeMeasures:
    """Return the measures of the messages' texts, without their subjects.

    `counts` is how many recipients the list has in each language.
    """
    texts = {language: sample.text.strip() for language, sample in samples.items()}
    short = {language: sample.sms for language, sample in samples.items() if sample.sms}
    counted = short or {
        language: text for language, text in texts.items() if len(text) <= SMS_CHARACTERS
    }
    sms = {language: sms_length(text) for language, text in counted.items()}
    return NoticeMeasures(
        readability={language: readability(text, language) for language, text in texts.items()},
        sms=sms,
        has_sms=bool(short),
        segments=_segments(sms, counts) if short and counts is not None else None,
    )


def _segments(sms: Mapping[str, SmsLength], counts: Mapping[str, int]) -> int:
    return sum(
        sms[language].segments * count for language, count in counts.items() if language in sms
    )
