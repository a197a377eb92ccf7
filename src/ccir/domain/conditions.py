"""Conditions of steps: what `when:` means, with three answers: true, false or unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Value = bool | int | float | str | list[str] | None
Comparison = Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "not-in"]


class Name(msgspec.Struct, frozen=True, kw_only=True, tag="name"):
    """A fact, the severity, or a decision, by its dotted path (`decision.isolate`)."""

    path: str


class Literally(msgspec.Struct, frozen=True, kw_only=True, tag="literal"):
    """A value written in the condition itself."""

    value: Value


class Length(msgspec.Struct, frozen=True, kw_only=True, tag="length"):
    """How many items or characters the operand has."""

    operand: Condition


class Compare(msgspec.Struct, frozen=True, kw_only=True, tag="compare"):
    """A comparison of two operands."""

    comparison: Comparison
    left: Condition
    right: Condition


class Not(msgspec.Struct, frozen=True, kw_only=True, tag="not"):
    """The opposite of the operand."""

    operand: Condition


class Both(msgspec.Struct, frozen=True, kw_only=True, tag="and"):
    """True where both sides are."""

    left: Condition
    right: Condition


class Either(msgspec.Struct, frozen=True, kw_only=True, tag="or"):
    """True where one side is."""

    left: Condition
    right: Condition


Condition = Name | Literally | Length | Compare | Not | Both | Either


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a condition comes to: `holds` is None while a named fact is missing."""

    holds: bool | None
    missing: tuple[str, ...] = ()


def names_of(condition: Condition) -> frozenset[str]:
    """Return every path the condition reads."""
    match condition:
        case Name(path=path):
            return frozenset({path})
        case Literally():
            return frozenset()
        case Length(operand=operand) | Not(operand=operand):
            return names_of(operand)
        case Compare(left=left, right=right) | Both(left=left, right=right):
            return names_of(left) | names_of(right)
        case Either(left=left, right=right):
            return names_of(left) | names_of(right)


def compared(condition: Condition) -> frozenset[tuple[str, str]]:
    """Return every path that the condition compares with a word, together with that word."""
    match condition:
        case Compare(left=left, right=right):
            return _pairs(left, right) | _pairs(right, left)
        case Not(operand=operand) | Length(operand=operand):
            return compared(operand)
        case Both(left=left, right=right) | Either(left=left, right=right):
            return compared(left) | compared(right)
        case Name() | Literally():
            return frozenset()


def _pairs(side: Condition, other: Condition) -> frozenset[tuple[str, str]]:
    if not isinstance(side, Name) or not isinstance(other, Literally):
        return frozenset()
    words = other.value if isinstance(other.value, list) else [other.value]
    return frozenset((side.path, word) for word in words if isinstance(word, str))


def evaluate(condition: Condition, known: Mapping[str, Value]) -> Answer:
    """Return whether the condition holds, given what is known.

    A path that `known` lacks is unknown, and so is whatever depends on it: `false and
    unknown` is false, `true or unknown` is true (Kleene's three-valued logic).
    """
    holds = _truth(_value(condition, known))
    if holds is not None:
        return Answer(holds=holds)
    missing = tuple(sorted(path for path in names_of(condition) if known.get(path) is None))
    return Answer(holds=None, missing=missing)


def _value(condition: Condition, known: Mapping[str, Value]) -> Value:  # noqa: C901 - a case each
    match condition:
        case Name(path=path):
            return known.get(path)
        case Literally(value=value):
            return value
        case Length(operand=operand):
            return _length(_value(operand, known))
        case Compare(comparison=comparison, left=left, right=right):
            return _compare(comparison, _value(left, known), _value(right, known))
        case Not(operand=operand):
            return _opposite(_truth(_value(operand, known)))
        case Both(left=left, right=right):
            return _both(_truth(_value(left, known)), _truth(_value(right, known)))
        case Either(left=left, right=right):
            return _either(_truth(_value(left, known)), _truth(_value(right, known)))


def _truth(value: Value) -> bool | None:
    return None if value is None else bool(value)


def _opposite(value: bool | None) -> bool | None:  # noqa: FBT001 - the operand of a logic gate
    return None if value is None else not value


def _both(left: bool | None, right: bool | None) -> bool | None:  # noqa: FBT001 - a logic gate
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _either(left: bool | None, right: bool | None) -> bool | None:  # noqa: FBT001 - a logic gate
    return _opposite(_both(_opposite(left), _opposite(right)))


def _length(value: Value) -> int | None:
    return len(value) if isinstance(value, str | list) else None


def _compare(comparison: Comparison, left: Value, right: Value) -> bool | None:
    if left is None or right is None:
        return None
    match comparison:
        case "eq":
            return left == right
        case "ne":
            return left != right
        case "in":
            return _contains(right, left)
        case "not-in":
            return _opposite(_contains(right, left))
        case _:
            return _order(comparison, left, right)


def _contains(container: Value, item: Value) -> bool | None:
    if isinstance(container, list):
        return item in container
    if isinstance(container, str) and isinstance(item, str):
        return item in container
    return None


def _order(comparison: Comparison, left: Value, right: Value) -> bool | None:
    if isinstance(left, str) and isinstance(right, str):
        return _ordered(comparison, (left > right) - (left < right))
    if isinstance(left, int | float) and isinstance(right, int | float):
        return _ordered(comparison, (left > right) - (left < right))
    return None


def _ordered(comparison: Comparison, sign: int) -> bool:
    match comparison:
        case "lt":
            return sign < 0
        case "le":
            return sign <= 0
        case "gt":
            return sign > 0
        case _:
            return sign >= 0
