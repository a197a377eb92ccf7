"""Says how hard a plain text is to read, by the length of its sentences and of its words.

1. English is measured by the ARI = 4.71 letters/word + 0.5 words/sentence - 21.43 (Senter and
   Smith, Automated Readability Index, AMRL-TR-66-220, 1967): about the American school grade
   that it takes. Digits count as letters.
2. Other languages are measured by the LIX = words/sentence + 100 long words/word (Björnsson,
   Läsbarhet, 1968). A word of more than six letters is long; digits are no letters.
3. A text is plain up to `BOUNDS`: grade 10 is about 15 to 16 years of age; on Björnsson's scale
   the easy texts (fiction) end at 40, newspapers follow up to 50, authorities' texts up to 60.
4. What is no prose has no part in the value: headings, links and addresses, and lines that no
   stop ends (salutations, items of a list), unless they are as long as a sentence. A full stop
   after an abbreviation, or before a small letter, ends nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, Literal

import msgspec

Index = Literal["ari", "lix"]

BOUNDS: Final[dict[Index, int]] = {"ari": 10, "lix": 40}
"""Up to which value a text counts as plain."""

WORDS_NEEDED: Final = 30
"""Sentences of fewer words have no value: one long name would decide it."""

LINE_WORDS: Final = 15
"""How many words a line without a stop may have and still be no sentence."""

UNSPACED: Final = frozenset({"ja", "km", "lo", "my", "th", "zh"})
"""Languages that write no space between words, so that words cannot be counted like this."""

_LONG_WORD_LETTERS: Final = 6
# It begins at a word's beginning only: a long word must not be searched from each letter on.
_ADDRESS: Final = re.compile(
    r"(?<![^\s()<>\[\]])(?:(?:https?://|mailto:|tel:|www\.)\S+|[^\s@()<>]+@[^\s@()<>]+"
    r"|(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:/\S*)?)(?<![.,;:!?)\]>])"
)
_ITEM: Final = re.compile(r"\s*(?:[-*•]|\d{1,3}[.)])\s+")
_UNDERLINE: Final = re.compile(r"-+")
_BETWEEN_WORDS: Final = re.compile(r"[\s/\N{EN DASH}\N{EM DASH}]+")
_STOPS: Final = (".", "!", "?", "…", "؟", "।")
_MARKS: Final = (*_STOPS, ":")
_BRACKETS: Final = "\"'()[]«»“”„\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.)+")
_ORDINAL: Final = re.compile(r"\d{1,2}\.")
_BEFORE_NAMES: Final = re.compile(r"(bzw|ca|dr|evtl|ggf|inkl|mr|mrs|ms|prof|sog|st|vgl|vs|zzgl)\.")
_BEFORE_NUMBERS: Final = re.compile(r"(abs|art|fig|no|nos|nr|nrn|p|par|s|sec|tel)\.")


class Readability(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted of a text, and its value on one index.

    `words` are all of the text's, `sentences` those that were measured. `is_plain` compares
    the value with the index's `bound`; both are None for a text that is too short, or whose
    language cannot be measured like this.
    """

    words: int
    sentences: int
    index: Index
    bound: int
    value: float | None
    is_plain: bool | None


def readability(text: str, language: str) -> Readability:
    """Return how hard the plain text is to read; `language` is a tag like `en` or `de-AT`."""
    main = language.partition("-")[0].lower()
    index: Index = "ari" if main == "en" else "lix"
    spans = [*_spans(text, is_english=main == "en")]
    sentences = [span for span in spans if span.is_ended or len(span.words) > LINE_WORDS]
    words = [word for sentence in sentences for word in sentence.words]
    is_measured = len(words) >= WORDS_NEEDED and main not in UNSPACED
    value = round(_VALUES[index](words, len(sentences)), 1) if is_measured else None
    return Readability(
        words=sum(len(span.words) for span in spans),
        sentences=len(sentences),
        index=index,
        bound=BOUNDS[index],
        value=value,
        is_plain=None if value is None else value <= BOUNDS[index],
    )


class _Span(msgspec.Struct, frozen=True):
    """Words that belong together, and whether a stop ends them."""

    words: list[str]
    is_ended: bool


def _ari(words: Sequence[str], sentences: int) -> float:
    letters = sum(character.isalnum() for word in words for character in word)
    return 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43


def _lix(words: Sequence[str], sentences: int) -> float:
    long = sum(sum(map(str.isalpha, word)) > _LONG_WORD_LETTERS for word in words)
    return len(words) / sentences + 100 * long / len(words)


_VALUES: Final = {"ari": _ari, "lix": _lix}


def _spans(text: str, *, is_english: bool) -> Iterator[_Span]:
    """Yield the text's sentences and lines, as far as they have words."""
    for block in _blocks(unicodedata.normalize("NFC", text)):
        words: list[str] = []
        tokens = _BETWEEN_WORDS.split(_ADDRESS.sub(" ", block).strip())
        for token, following in pairwise((*tokens, "")):
            if any(map(str.isalnum, token)):
                words.append(token)
            if words and _ends(token, following, is_english=is_english):
                yield _Span(words, is_ended=True)
                words = []
        if words:
            yield _Span(words, is_ended=False)


def _blocks(text: str) -> Iterator[str]:
    """Yield headings without a stop, paragraphs, and list items without their markers."""
    block: list[str] = []
    for line, following in pairwise((*text.split("\n"), "")):
        item = _ITEM.match(line)
        if item or not line.strip() or _UNDERLINE.fullmatch(line):
            yield " ".join(block)
            block = []
        elif _UNDERLINE.fullmatch(following):
            line = line.rstrip("".join(_MARKS))  # noqa: PLW2901 - the heading's words are its line
        block.append(line[item.end() :] if item else line)
    yield " ".join(block)


def _ends(token: str, following: str, *, is_english: bool) -> bool:
    bare = token.strip(_BRACKETS)
    if not following:
        return bare.endswith(_MARKS)
    if not bare.endswith(_STOPS) or following.lstrip(_BRACKETS)[:1].islower():
        return False
    return not _is_shortened(bare.lower(), following, is_english=is_english)


def _is_shortened(token: str, following: str, *, is_english: bool) -> bool:
    """Return whether the full stop belongs to an abbreviation, or to a number like '3.'."""
    if _INITIALS.fullmatch(token) or _BEFORE_NAMES.fullmatch(token):
        return True
    if following[0].isdigit():
        return _BEFORE_NUMBERS.fullmatch(token) is not None
    return not is_english and _ORDINAL.fullmatch(token) is not None
