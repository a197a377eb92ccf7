"""Reads `when:` with Jinja2's expression parser into the domain's conditions."""

from __future__ import annotations

from typing import Final

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.parser import Parser

from ccir.domain.conditions import (
    Both,
    Compare,
    Comparison,
    Condition,
    Either,
    Length,
    Literally,
    Name,
    Not,
)
from ccir.domain.playbook import When
from ccir.errors import InvalidDocumentError

LENGTH_LIMIT: Final = 500
DEPTH_LIMIT: Final = 40

_ALLOWED: Final = (
    'a condition holds fact names, severity, decision["step"], texts, numbers, lists of texts, '
    "== != < <= > >= in, not in, and, or, not, |length"
)
_COMPARISONS: Final[dict[str, Comparison]] = {
    "eq": "eq",
    "ne": "ne",
    "lt": "lt",
    "lteq": "le",
    "gt": "gt",
    "gteq": "ge",
    "in": "in",
    "notin": "not-in",
}


class ConditionError(InvalidDocumentError):
    """A condition is not written in the few forms that conditions have."""

    code = "invalid-condition"


def parse_when(source: str) -> When:
    """Return the condition as written and as understood.

    Raises:
        ConditionError: see `parse_condition`.
    """
    return When(source=source, test=parse_condition(source))


def parse_condition(source: str) -> Condition:
    """Return the condition that the expression means.

    Raises:
        ConditionError: it is longer than `LENGTH_LIMIT` characters, is no expression, or
            uses a form that conditions do not have.
    """
    if len(source) > LENGTH_LIMIT:
        raise ConditionError(
            f"the condition is longer than {LENGTH_LIMIT} characters",
            hint="put the question into a decision step and ask for its option",
        )
    return _condition(_expression(source), 0)


def _expression(source: str) -> nodes.Expr:
    # The same way Environment.compile_expression parses; nothing is compiled or run here.
    try:
        parser = Parser(Environment(autoescape=True), source, state="variable")
        expression = parser.parse_expression()
    except (TemplateSyntaxError, RecursionError) as error:
        raise ConditionError(f"not a condition: {error}", hint=_ALLOWED) from error
    if not parser.stream.eos:
        raise ConditionError(f"unexpected '{parser.stream.current.value}'", hint=_ALLOWED)
    return expression


def _condition(node: nodes.Node, depth: int) -> Condition:
    if depth > DEPTH_LIMIT:
        raise ConditionError(f"nested deeper than {DEPTH_LIMIT} levels", hint=_ALLOWED)
    match node:
        case nodes.And(left=left, right=right):
            return Both(left=_condition(left, depth + 1), right=_condition(right, depth + 1))
        case nodes.Or(left=left, right=right):
            return Either(left=_condition(left, depth + 1), right=_condition(right, depth + 1))
        case nodes.Not(node=operand):
            return Not(operand=_condition(operand, depth + 1))
        case nodes.Compare():
            return _comparison(node, depth + 1)
        case _:
            return _operand(node, depth + 1)


def _comparison(node: nodes.Compare, depth: int) -> Condition:
    # `a < b < c` means that both comparisons hold, as in Python.
    left = _condition(node.expr, depth)
    whole: Condition | None = None
    for operand in node.ops:
        right = _condition(operand.expr, depth)
        comparison = _COMPARISONS[operand.op]
        one = Compare(comparison=comparison, left=left, right=right)
        whole = one if whole is None else Both(left=whole, right=one)
        left = right
    return left if whole is None else whole


def _operand(node: nodes.Node, depth: int) -> Condition:
    match node:
        case nodes.Name(name=name):
            return Name(path=name)
        case nodes.Getattr() | nodes.Getitem():
            return Name(path=_path(node))
        case nodes.Filter(name="length", node=nodes.Expr() as operand):
            return Length(operand=_condition(operand, depth))
        case _:
            return Literally(value=_literal(node))


def _path(node: nodes.Getattr | nodes.Getitem) -> str:
    match node:
        case nodes.Getattr(node=nodes.Name(name=owner), attr=part):
            return _joined(owner, part)
        case nodes.Getitem(node=nodes.Name(name=owner), arg=nodes.Const(value=str() as part)):
            return _joined(owner, part)
        case _:
            raise ConditionError('only decision["step"] has parts', hint=_ALLOWED)


def _joined(owner: str, part: str) -> str:
    if owner == "facts":
        raise ConditionError(
            f"a fact is named directly, not as facts.{part}", hint=f"write '{part}'"
        )
    if owner != "decision":
        raise ConditionError(f"'{owner}' has no parts", hint=_ALLOWED)
    return f"decision.{part}"


def _literal(node: nodes.Node) -> bool | int | float | str | list[str]:
    match node:
        case nodes.Const(value=bool() | int() | float() | str() as value):
            return value
        case nodes.Neg(node=nodes.Const(value=int() | float() as value)):
            return -value
        case nodes.List(items=items) | nodes.Tuple(items=items):
            return [_text(item) for item in items]
        case _:
            raise ConditionError(f"conditions cannot use {_form(node)}", hint=_ALLOWED)


def _text(node: nodes.Node) -> str:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        return node.value
    raise ConditionError("a list in a condition holds texts only", hint="put each item in quotes")


def _form(node: nodes.Node) -> str:
    if isinstance(node, nodes.Const):
        return f"'{node.value}'"
    if isinstance(node, nodes.Filter):
        return f"the filter '{node.name}'"
    return _FORMS.get(type(node), "this form")


_FORMS: Final[dict[type[nodes.Node], str]] = {
    nodes.Call: "calls",
    nodes.Test: "'is …' tests",
    nodes.CondExpr: "'… if … else …'",
    nodes.Concat: "'~'",
    nodes.Dict: "mappings",
}
