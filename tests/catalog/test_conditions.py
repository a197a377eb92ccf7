from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.catalog.conditions import (
    DEPTH_LIMIT,
    LENGTH_LIMIT,
    ConditionError,
    parse_condition,
    parse_when,
)
from ccir.domain.conditions import (
    Both,
    Compare,
    Condition,
    Either,
    Length,
    Literally,
    Name,
    Not,
    Value,
    evaluate,
)
from ccir.errors import InvalidDocumentError

A, B, C = Name(path="a"), Name(path="b"), Name(path="c")


def value(written: Value) -> Literally:
    return Literally(value=written)


UNDERSTOOD: dict[str, Condition] = {
    "a": A,
    "severity": Name(path="severity"),
    'decision["who-is-told"]': Name(path="decision.who-is-told"),
    "decision.isolate": Name(path="decision.isolate"),
    "a and b or not c": Either(left=Both(left=A, right=B), right=Not(operand=C)),
    "a == 'x'": Compare(comparison="eq", left=A, right=value("x")),
    "a != 1.5": Compare(comparison="ne", left=A, right=value(1.5)),
    "a < -1": Compare(comparison="lt", left=A, right=value(-1)),
    "a <= true": Compare(comparison="le", left=A, right=value(True)),  # noqa: FBT003 - a literal
    "a > b": Compare(comparison="gt", left=A, right=B),
    "a >= 2": Compare(comparison="ge", left=A, right=value(2)),
    "a in ['x', 'y']": Compare(comparison="in", left=A, right=value(["x", "y"])),
    "a not in ('x',)": Compare(comparison="not-in", left=A, right=value(["x"])),
    "a|length > 2": Compare(comparison="gt", left=Length(operand=A), right=value(2)),
    "1 < a < 9": Both(
        left=Compare(comparison="lt", left=value(1), right=A),
        right=Compare(comparison="lt", left=A, right=value(9)),
    ),
    "not (a or b)": Not(operand=Either(left=A, right=B)),
}


@pytest.mark.parametrize("source", UNDERSTOOD)
def test_a_condition_is_understood(source: str) -> None:
    assert parse_condition(source) == UNDERSTOOD[source]
    assert parse_when(source).source == source


REFUSED = {
    "": "not a condition",
    "a ==": "not a condition",
    "a b": "unexpected 'b'",
    "a }} b": "unexpected",
    "a()": "conditions cannot use calls",
    "a.__class__": "'a' has no parts",
    "a.b.c": 'only decision["step"] has parts',
    "a[0]": 'only decision["step"] has parts',
    "decision[0]": 'only decision["step"] has parts',
    "decision[a]": 'only decision["step"] has parts',
    "facts.records": "a fact is named directly, not as facts.records",
    "a is defined": "conditions cannot use 'is …' tests",
    "a if b else c": "conditions cannot use '… if … else …'",
    "a ~ b": "conditions cannot use '~'",
    "{'a': 1}": "conditions cannot use mappings",
    "a|upper": "conditions cannot use the filter 'upper'",
    "none": "conditions cannot use 'None'",
    "a in [1]": "a list in a condition holds texts only",
    "a in [b]": "a list in a condition holds texts only",
    "a + 1": "conditions cannot use this form",
    "-a": "conditions cannot use this form",
    "a[1:2]": 'only decision["step"] has parts',
    "x" * (LENGTH_LIMIT + 1): "the condition is longer than 500 characters",
    "not " * (DEPTH_LIMIT + 2) + "a": "nested deeper than 40 levels",
}


@pytest.mark.parametrize("source", REFUSED, ids=lambda source: source[:20])
def test_what_conditions_do_not_have_is_refused(source: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse_when(source)
    assert caught.value.message.startswith(REFUSED[source])
    assert caught.value.hint
    assert isinstance(caught.value, InvalidDocumentError)


def test_a_condition_at_the_limit_is_read() -> None:
    assert parse_condition("a" * LENGTH_LIMIT) == Name(path="a" * LENGTH_LIMIT)
    assert isinstance(parse_condition("not " * (DEPTH_LIMIT - 1) + "a"), Not)


def test_brackets_beyond_the_parsers_stack_are_refused() -> None:
    with pytest.raises(ConditionError):
        parse_condition("(" * 249 + "a" + ")" * 249)


@given(st.text(st.sampled_from("abc'\"[](){}.,|<>=!~ 01-notinand"), max_size=60))
def test_no_text_makes_the_parser_fail(source: str) -> None:
    with suppress(ConditionError):
        answer = evaluate(parse_condition(source), {"a": 1, "b": "x", "c": ["y"]})
        assert answer.holds in {True, False, None}
