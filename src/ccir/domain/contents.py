"""What a notice must say by law, how a law counts, and what a written text lacks of it.

A text is compared with one list of required content, which names the law it comes from:

1. What is `always` required is carried by the template, and where variables carry it, one of
   them at least has a value; else that is an error.
2. What is required `if_known` or `if_applicable` has its place in the template; else that is a
   warning. It may stand without a value. What is `optional` is never missed.
3. The prescribed headings stand in the text in their order (Cal. Civ. Code 1798.82(d)).
   Letters may be small or capital.
4. The prescribed title stands in the subject or in the text's first heading (the same).
5. Nothing prohibited is said (Mass. Gen. Laws ch. 93H 3(b); 815 ILCS 530/10): the template
   carries none of the elements that say it, and the number that has to stay out stands nowhere,
   however its thousands are set apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from ccir.domain.obligations import Computation, RuleId, VerifiedBy, Word
from ccir.domain.playbook import FactName, Text, Version
from ccir.domain.written_numbers import states

Required = Literal["always", "if_known", "if_applicable", "optional"]
ContentVerifiedBy = Literal[VerifiedBy, "not_statutory"]
LackKind = Literal["element", "value", "heading", "subject", "prohibited"]
Severity = Literal["error", "warning"]

_UNDERLINE: Final = re.compile(r"-+")


class Element(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that a notice must state, or may."""

    key: Word
    required: Required
    text: Text


class Prohibited(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that a notice must not state.

    `elements` are those, of any list, that would state it; `fact` is the count whose number
    would. `jurisdiction` says whose law forbids it; None: the law of the whole list.
    """

    text: Text
    elements: tuple[Word, ...] = ()
    fact: FactName | None = None
    jurisdiction: RuleId | None = None


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one type of notice must say.

    `subject` is the title that the law prescribes, `headings` are its headings in their
    order; `format` is what it asks of the form otherwise. `applies_to` names rules that it
    is for; which content a rule asks for is said by the rule's `content_ref`.
    """

    id: Word
    version: Version
    title: Text
    citation: Text
    recipient: Word
    applies_to: tuple[RuleId, ...] = ()
    format: tuple[Text, ...] = ()
    subject: Text | None = None
    headings: tuple[Text, ...] = ()
    elements: Annotated[tuple[Element, ...], Meta(min_length=1)]
    prohibited: tuple[Prohibited, ...] = ()
    verified: ContentVerifiedBy
    notes: Text | None = None


class ComputationBasis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a law counts: its unit, the first one, and what a last day off does.

    `min_working_days` is a number, or what is contested about it. `confidence` says how far
    to trust all this.
    """

    id: Computation
    version: Version
    unit: Text | None = None
    method: Text
    first_unit: Text | None = None
    roll: Text | None = None
    min_working_days: Annotated[int, Meta(ge=1, le=30)] | Text | None = None
    calendar: Text | None = None
    confidence: Text


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as it was written from a template.

    `carries` holds the elements of the list in question that the template declares, with the
    variables that state them: none where its own words do. `carries_elsewhere` are the
    elements that it declares of other lists, `known` the variables that have a value. `text`
    is the plain text, in which a heading is a line underlined with dashes. `counts` are the
    numbers of people, by fact, also by one narrowed to a place (`residents:US-MA`).
    `jurisdictions` says where its readers live; while that is not known, or only their country
    is, every prohibition holds.
    """

    carries: Mapping[str, tuple[str, ...]]
    carries_elsewhere: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    subject: str
    text: str
    counts: Mapping[str, int] = {}
    jurisdictions: frozenset[str] = frozenset()


class Lack(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a text lacks, or says against a prohibition.

    `element` is the element's key, or the heading, the title or the prohibition in question.
    """

    content: str
    citation: str
    element: str
    kind: LackKind
    severity: Severity
    message: str


def lacks(content: Content, written: Written) -> tuple[Lack, ...]:
    """Return what the text lacks of the content, in the order of the procedure above."""
    return (
        *(lack for element in content.elements for lack in _missed(content, element, written)),
        *_misplaced_headings(content, written),
        *_missing_subject(content, written),
        *(lack for ban in content.prohibited for lack in _broken(content, ban, written)),
    )


def _missed(content: Content, element: Element, written: Written) -> Iterator[Lack]:
    match element.required:
        case "always":
            yield from _unsaid(content, element, written)
        case "if_known":
            yield from _without_place(content, element, written, condition="if it is known")
        case "if_applicable":
            yield from _without_place(content, element, written, condition="if it applies")
        case "optional":
            return


def _unsaid(content: Content, element: Element, written: Written) -> Iterator[Lack]:
    variables = written.carries.get(element.key)
    if variables is None:
        message = f"the text must state: {element.text}"
        yield _lack(content, element.key, "element", message=message)
    elif variables and written.known.isdisjoint(variables):
        message = f"the text must state: {element.text}; no value for {', '.join(variables)}"
        yield _lack(content, element.key, "value", message=message)


def _without_place(
    content: Content, element: Element, written: Written, *, condition: str
) -> Iterator[Lack]:
    if element.key not in written.carries:
        message = f"the template has no place for what must be stated {condition}: {element.text}"
        yield _lack(content, element.key, "element", message=message, severity="warning")


def _misplaced_headings(content: Content, written: Written) -> Iterator[Lack]:
    found = _headings(written.text)
    place = 0
    for heading in content.headings:
        wanted = _plain(heading)
        if wanted in found[place:]:
            place = found.index(wanted, place) + 1
        else:
            problem = "stands in the wrong place" if wanted in found else "is missing"
            message = f"the prescribed heading '{heading}' {problem}"
            yield _lack(content, heading, "heading", message=message)


def _missing_subject(content: Content, written: Written) -> Iterator[Lack]:
    if content.subject is None:
        return
    places = (_plain(written.subject), *_headings(written.text)[:1])
    if not any(_plain(content.subject) in place for place in places):
        message = f"the prescribed title '{content.subject}' is neither subject nor first heading"
        yield _lack(content, content.subject, "subject", message=message)


def _broken(content: Content, ban: Prohibited, written: Written) -> Iterator[Lack]:
    if not _holds(ban, written.jurisdictions):
        return
    where = f" in {ban.jurisdiction}" if ban.jurisdiction else ""
    message = f"the text must not state{where}: {ban.text}"
    stated = sorted({*written.carries, *written.carries_elsewhere}.intersection(ban.elements))
    if stated:
        because = f"the template carries {', '.join(stated)}"
        yield _lack(content, ban.text, "prohibited", message=f"{message}; {because}")
    count = _counted(ban, written.counts)
    if count is not None and any(states(text, count) for text in (written.subject, written.text)):
        because = f"it holds the number {count}"
        yield _lack(content, ban.text, "prohibited", message=f"{message}; {because}")


def _holds(ban: Prohibited, jurisdictions: AbstractSet[str]) -> bool:
    if not jurisdictions or ban.jurisdiction is None:
        return True
    return not jurisdictions.isdisjoint({ban.jurisdiction, ban.jurisdiction.partition("-")[0]})


def _counted(ban: Prohibited, counts: Mapping[str, int]) -> int | None:
    """Return the number that stays out: that of the law's own place, where it is counted."""
    if ban.fact is None:
        return None
    return counts.get(f"{ban.fact}:{ban.jurisdiction}", counts.get(ban.fact))


def _headings(text: str) -> list[str]:
    lines = pairwise(text.splitlines())
    return [_plain(line) for line, under in lines if line.strip() and _UNDERLINE.fullmatch(under)]


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()


def _lack(
    content: Content,
    element: str,
    kind: LackKind,
    *,
    message: str,
    severity: Severity = "error",
) -> Lack:
    return Lack(
        content=content.id,
        citation=content.citation,
        element=element,
        kind=kind,
        severity=severity,
        message=message,
    )
