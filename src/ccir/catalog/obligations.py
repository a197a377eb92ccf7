"""Reads the rules of duties to tell somebody, and checks that what they name is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ccir.catalog.findings import suggestion
from ccir.catalog.reading import Reading
from ccir.catalog.sources import Source
from ccir.catalog.yaml import parse_yaml
from ccir.domain.obligations import Obligations, Rule

_SUBMISSION = "submission:"


def load_obligations(source: Source) -> Obligations:
    """Return the rules of one file.

    Raises:
        DocumentError: it does not fit the schema; the error holds every finding.
    """
    return read_obligations(source).whole()


def read_obligations(source: Source) -> Reading[Obligations]:
    """Return the rules of one file as far as they can be read, with what is wrong with them."""
    reading = Reading.of(source, Obligations, parse_yaml)
    book = reading.document
    if book is not None and book.id and book.id != source.id:
        message = f"the id is '{book.id}', the file is called '{source.id}'"
        reading.complain("id", message, hint="rename one of them")
    if book is not None:
        _check_sources(reading, book)
    return reading


def check_together(readings: Sequence[Reading[Obligations]]) -> None:
    """Complain about ids that stand twice, and reports that follow on no rule."""
    books = [(reading, reading.document) for reading in readings]
    rules = [rule.id for _, book in books if book is not None for rule in book.rules]
    counts = Counter(rules)
    for reading, book in books:
        for number, rule in enumerate(() if book is None else book.rules):
            if counts[rule.id] > 1:
                reading.complain(f"rules[{number}].id", f"'{rule.id}' stands in two places")
            for path, named in _submissions(rule):
                if named not in counts:
                    message = f"there is no rule '{named}'"
                    reading.complain(
                        f"rules[{number}].{path}", message, hint=suggestion(named, rules)
                    )


def _check_sources(reading: Reading[Obligations], book: Obligations) -> None:
    for number, rule in enumerate(book.rules):
        for place, name in enumerate(rule.verified.sources):
            if name not in book.sources:
                reading.complain(
                    f"rules[{number}].verified.sources[{place}]",
                    f"there is no source '{name}'",
                    hint=suggestion(name, book.sources),
                )


def _submissions(rule: Rule) -> Iterator[tuple[str, str]]:
    events = [("trigger.event", rule.trigger.event)]
    events += [(f"caps[{place}].start", cap.start) for place, cap in enumerate(rule.caps)]
    for path, event in events:
        if event.startswith(_SUBMISSION):
            yield path, event.removeprefix(_SUBMISSION).removesuffix(":latest")
