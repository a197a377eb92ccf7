"""What the screen says of a text's measures: how it reads, and how long it is as SMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccir.cli.session import Session

if TYPE_CHECKING:
    from ccir.catalog.readability import Readability
    from ccir.catalog.sms import SmsLength
    from ccir.engine.notice_measures import NoticeMeasures

_CHARACTERS_SHOWN = 5


def show_measures(session: Session, measures: NoticeMeasures) -> None:
    """Print each language's length and readability; what is hard to read is a warning only."""
    for language, found in measures.readability.items():
        session.speech.say(f"text, {language}: {found.words} words, {_readable(found)}")
        if found.is_plain is False:
            session.speech.say(
                f"  warning, {language}: this is hard to read; shorten its sentences and its words"
            )
        if language in measures.sms:
            label = "SMS" if measures.has_sms else "as SMS"
            session.speech.say(f"  {label}, {language}: {_segments(measures.sms[language])}")
    if measures.segments is not None:
        session.speech.say(
            f"SMS in all: about {measures.segments} segments, estimated from one message in each "
            "language"
        )


def _readable(found: Readability) -> str:
    if found.value is None:
        return "no readability value"
    return f"{found.index.upper()} {found.value} (plain up to {found.bound})"


def _segments(length: SmsLength) -> str:
    many = "segment" if length.segments == 1 else "segments"
    named = [_character(each) for each in length.forced_by[:_CHARACTERS_SHOWN]]
    more = ["…"] if len(length.forced_by) > _CHARACTERS_SHOWN else []
    because = f" because of {', '.join(named + more)}" if named else ""
    return f"{length.segments} {many} ({length.encoding}{because})"


def _character(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return f"{character} {code}" if character.isprintable() else code
