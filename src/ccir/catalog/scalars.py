"""Turns one written value into the type its field asks for, or says what was expected."""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable
from typing import Final

import msgspec
import msgspec.inspect as mi

from ccir.catalog.findings import suggestion
from ccir.catalog.nodes import Node, ScalarNode, described, is_nothing
from ccir.domain.periods import parse_period
from ccir.domain.playbook import Due, FactName, Id, PeriodText, Version

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?")
_BOOLEANS: Final = {"true": True, "false": False}


class Misfit(msgspec.Struct, frozen=True, kw_only=True):
    """Why a written value does not fit its field."""

    message: str
    hint: str = ""


def scalar(node: Node, kind: mi.Type) -> object:
    """Return the node's value as the scalar type asks, or a `Misfit`."""
    if not isinstance(node, ScalarNode):
        return _expected(kind, node)
    match kind:
        case mi.IntType() | mi.FloatType():
            return _number(node, kind)
        case mi.BoolType():
            return _boolean(node, kind)
        case mi.NoneType():
            return None if is_nothing(node) else _expected(kind, node)
        case _:
            return _worded(node, kind)


def blank(kind: mi.Type) -> object:
    """Return a harmless value of the type, to go on with after a complaint."""
    match kind:
        case mi.LiteralType(values=values):
            return values[0]
        case mi.IntType() | mi.FloatType():
            return 0
        case mi.BoolType():
            return False
        case mi.StrType():
            return ""
        case mi.DateType():
            return dt.date.min
        case _:
            return None


def wanted(kind: mi.Type) -> str:
    """Return in words what the type asks for."""
    match kind:
        case mi.StrType(pattern=str() as pattern):
            return _MEANING.get(pattern, f"a text matching {pattern}")
        case mi.IntType() | mi.FloatType():
            return _number_wanted(kind)
        case mi.LiteralType(values=values):
            return f"one of {', '.join(str(value) for value in values)}"
        case _:
            return _PLAIN_NAMES.get(type(kind), "a value")


def _worded(node: ScalarNode, kind: mi.Type) -> object:
    match kind:
        case mi.StrType():
            return _text(node, kind)
        case mi.LiteralType():
            return _literal(node, kind)
        case mi.DateType():
            return _day(node, kind)
        case _:
            return _expected(kind, node)


def _text(node: ScalarNode, kind: mi.StrType) -> object:
    if len(node.text) < (kind.min_length or 0):
        return Misfit(message="expected a text, found nothing")
    if kind.max_length is not None and len(node.text) > kind.max_length:
        return Misfit(message=f"expected at most {kind.max_length} characters")
    if kind.pattern is not None and not _matches(kind.pattern, node.text):
        return _expected(kind, node)
    return node.text


def _matches(pattern: str, text: str) -> bool:
    found = re.search(pattern, text)
    # Python's `$` also matches before a last newline, which no id may end in.
    if found is None or (pattern.endswith("$") and found.end() != len(text)):
        return False
    return pattern != _pattern_of(PeriodText) or parse_period(text) is not None


def _number(node: ScalarNode, kind: mi.IntType | mi.FloatType) -> object:
    form = _INTEGER if isinstance(kind, mi.IntType) else _DECIMAL
    if not form.fullmatch(node.text):
        return _expected(kind, node)
    if not node.is_plain:
        return _quoted(kind, node)
    value = int(node.text) if isinstance(kind, mi.IntType) else float(node.text)
    return value if _is_within(value, kind) else _expected(kind, node)


def _is_within(value: float, kind: mi.IntType | mi.FloatType) -> bool:
    bounds: tuple[tuple[Callable[[float, float], bool], float | None], ...] = (
        (operator.gt, kind.gt),
        (operator.ge, kind.ge),
        (operator.lt, kind.lt),
        (operator.le, kind.le),
    )
    return all(bound is None or holds(value, bound) for holds, bound in bounds)


def _boolean(node: ScalarNode, kind: mi.BoolType) -> object:
    if node.text not in _BOOLEANS:
        return _expected(kind, node)
    return _BOOLEANS[node.text] if node.is_plain else _quoted(kind, node)


def _literal(node: ScalarNode, kind: mi.LiteralType) -> object:
    known = {str(value): value for value in kind.values}
    if node.text in known:
        return known[node.text]
    misfit = _expected(kind, node)
    return msgspec.structs.replace(misfit, hint=suggestion(node.text, known))


def _day(node: ScalarNode, kind: mi.DateType) -> object:
    try:
        return dt.datetime.strptime(node.text, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        return _expected(kind, node)


def _expected(kind: mi.Type, node: Node) -> Misfit:
    return Misfit(message=f"expected {wanted(kind)}, found {described(node)}")


def _quoted(kind: mi.Type, node: Node) -> Misfit:
    message = f"expected {wanted(kind)}, found the text {described(node)}"
    return Misfit(message=message, hint="take the quotes away")


def _number_wanted(kind: mi.IntType | mi.FloatType) -> str:
    name = "a whole number" if isinstance(kind, mi.IntType) else "a number"
    bounds = {"above": kind.gt, "at least": kind.ge, "below": kind.lt, "at most": kind.le}
    given = [f"{word} {bound:g}" for word, bound in bounds.items() if bound is not None]
    return " ".join([name, *" and ".join(given).split()])


def _pattern_of(annotated: object, field: str = "") -> str:
    kind = mi.type_info(annotated)
    if isinstance(kind, mi.StructType):
        kind = next(known.type for known in kind.fields if known.name == field)
    return (kind.pattern or "") if isinstance(kind, mi.StrType) else ""


_PLAIN_NAMES: Final[dict[type[mi.Type], str]] = {
    mi.StrType: "a text",
    mi.BoolType: "true or false",
    mi.DateType: "a day like 2026-01-31",
    mi.NoneType: "nothing",
    mi.StructType: "a mapping",
    mi.DictType: "a mapping",
    mi.VarTupleType: "a list",
    mi.ListType: "a list",
}
_MEANING: Final = {
    _pattern_of(Id): "an id (small letters, digits and hyphens, at most 64)",
    _pattern_of(FactName): "a name (small letters, digits and underscores, at most 64)",
    _pattern_of(Version): "a version like 1.0.0",
    _pattern_of(PeriodText): "a period like 90m, 72h, 30d, 5bd, 2w, 1mo or PT72H",
    _pattern_of(Due, "after"): "'start', 'fact:NAME' or 'step:ID'",
}
