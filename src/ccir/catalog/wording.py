"""Checks what a template says: its forms, its links, and that it lists what it uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Final

from jinja2 import TemplateSyntaxError, nodes

from ccir.catalog.environment import letters_environment
from ccir.catalog.findings import Position, suggestion
from ccir.catalog.letters import LINK_SCHEMES, has_slots
from ccir.catalog.notice_text import TemplateText
from ccir.catalog.reading import Reading
from ccir.catalog.variables import PARTS, Foreign, Use, foreign, uses

_LINK: Final = re.compile(r"(?P<image>!?)\[[^\]\n]*\]\(\s*<?(?P<target>[^)\s>]*)")
_HTML: Final = re.compile(r"<[A-Za-z/!]")
_OPEN_LINK: Final = re.compile(r"\]\([^()\n]*$")


def check_wording(reading: Reading[TemplateText]) -> None:
    """Complain about forms, links and variables that the template may not hold, or hides."""
    template = reading.document
    if template is None:
        return
    used = [
        *_checked(reading, "subject", template.subject),
        *_checked(reading, "sms", template.sms or ""),
        *_checked(reading, "body", template.body),
    ]
    _compare_lists(reading, template, used)


def _checked(reading: Reading[TemplateText], part: str, source: str) -> list[Use]:
    offset = reading.position(part).line - 1
    try:
        tree = letters_environment().parse(source)
    except TemplateSyntaxError as error:
        problem = Foreign(line=error.lineno, message=f"not a template: {error}")
        _complain(reading, part, offset=offset, problem=problem)
        return []
    except RecursionError:
        too_deep = Foreign(line=1, message="nested too deeply")
        _complain(reading, part, offset=offset, problem=too_deep)
        return []
    found = uses(tree)
    for problem in (*foreign(tree), *_markup(tree, source), *_unknown(found)):
        _complain(reading, part, offset=offset, problem=problem)
    return [Use(path=use.path, line=use.line + offset, asks=use.asks) for use in found]


def _complain(reading: Reading[TemplateText], part: str, *, offset: int, problem: Foreign) -> None:
    at = Position(line=problem.line + offset)
    reading.complaints.add(problem.message, at=at, path=part, hint=problem.hint)


def _markup(tree: nodes.Template, source: str) -> Iterator[Foreign]:
    if has_slots(source):
        yield Foreign(line=1, message="private-use characters are reserved", hint="leave them out")
    for output in tree.find_all(nodes.Output):
        yield from _built_links(output.nodes)
    for number, line in enumerate(source.splitlines(), start=1):
        yield from _line_markup(number, line)


def _built_links(parts: Sequence[nodes.Node]) -> Iterator[Foreign]:
    for before, after in pairwise(parts):
        is_open = isinstance(before, nodes.TemplateData) and _OPEN_LINK.search(before.data)
        if is_open and not isinstance(after, nodes.TemplateData):
            yield Foreign(
                line=after.lineno,
                message="a variable may not be part of a link's target",
                hint="print the value instead",
            )


def _line_markup(number: int, line: str) -> Iterator[Foreign]:
    for found in _LINK.finditer(line):
        if found["image"]:
            yield Foreign(line=number, message="images are not allowed", hint="say it in words")
        elif found["target"].partition(":")[0].lower() not in LINK_SCHEMES:
            hint = f"begin it with {', '.join(f'{scheme}:' for scheme in LINK_SCHEMES)}"
            yield Foreign(line=number, message="this link leads nowhere", hint=hint)
    if _HTML.search(line):
        yield Foreign(line=number, message="HTML would be shown as it stands", hint="use Markdown")


def _unknown(found: Sequence[Use]) -> Iterator[Foreign]:
    for use in found:
        owner, _, part = use.path.partition(".")
        if owner not in PARTS:
            yield _unknown_name(use, owner, PARTS)
        elif not part or "." in part:
            yield Foreign(
                line=use.line,
                message=f"'{use.path}' is no value",
                hint=f"name one part, like {owner}.name",
            )
        elif (known := PARTS[owner]) is not None and part not in known:
            yield _unknown_name(use, part, known)


def _unknown_name(use: Use, word: str, known: Iterable[str]) -> Foreign:
    message = f"unknown variable '{use.path}'"
    return Foreign(line=use.line, message=message, hint=suggestion(word, known))


def _compare_lists(
    reading: Reading[TemplateText], template: TemplateText, used: Sequence[Use]
) -> None:
    lines = {use.path: use.line for use in reversed(used)}
    asked = {use.path for use in used if use.asks}
    for path in sorted(lines.keys() - {*template.requires, *template.optional}):
        target = "optional" if path in asked else "requires"
        message = f"'{path}' is used, but does not stand in '{target}'"
        reading.complaints.add(message, at=Position(line=lines[path]), path=target)
    _compare_list(reading, "requires", template.requires, used=lines.keys() - asked)
    _compare_list(reading, "optional", template.optional, used=asked)


def _compare_list(
    reading: Reading[TemplateText], key: str, listed: Sequence[str], *, used: AbstractSet[str]
) -> None:
    for index, path in enumerate(listed):
        if path in listed[:index]:
            reading.complain(f"{key}[{index}]", f"'{path}' stands twice")
        elif path not in used:
            hint = _MISLISTED[key]
            reading.complain(f"{key}[{index}]", f"'{path}' does not belong into '{key}'", hint=hint)


_MISLISTED: Final = {
    "requires": "list what the template uses without asking 'is defined'",
    "optional": "list what the template asks for with 'is defined'",
}
