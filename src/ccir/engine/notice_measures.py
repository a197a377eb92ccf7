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
    """What was measured of one message in each language; `sms` has the short ones only."""

    readability: dict[str, Readability]
    sms: dict[str, SmsLength]


def measured(samples: Mapping[str, RenderedText]) -> NoticeMeasures:
    """Return the measures of the messages' plain texts, without their subjects."""
    texts = {language: sample.text.strip() for language, sample in samples.items()}
    return NoticeMeasures(
        readability={language: readability(text, language) for language, text in texts.items()},
        sms={
            language: sms_length(text)
            for language, text in texts.items()
            if len(text) <= SMS_CHARACTERS
        },
    )
