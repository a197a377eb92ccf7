from __future__ import annotations

from itertools import product
from typing import get_args

import pytest
from hypothesis import given as hypothetical
from hypothesis import strategies as st

from ccir.domain.conditions import (
    Answer,
    Both,
    Compare,
    Comparison,
    Condition,
    Either,
    Length,
    Literally,
    Name,
    Not,
    Value,
    compared,
    evaluate,
    names_of,
)

A, B = Name(path="a"), Name(path="b")
UNKNOWN = None
ANSWERS = (True, False, UNKNOWN)
COMPARISONS: tuple[Comparison, ...] = get_args(Comparison)


def holds(condition: Condition, **known: Value) -> bool | None:
    return evaluate(condition, known).holds


def comparing(left: Value, comparison: Comparison, right: Value) -> bool | None:
    return holds(
        Compare(comparison=comparison, left=Literally(value=left), right=Literally(value=right))
    )


@pytest.mark.parametrize(("left", "right"), [*product(ANSWERS, ANSWERS)])
def test_and_or_and_not_have_three_answers(*, left: bool | None, right: bool | None) -> None:
    # Kleene: unknown only where the missing side could still change the answer.
    def settled(word: str) -> bool | None:
        lefts = (True, False) if left is None else (left,)
        rights = (True, False) if right is None else (right,)
        found = {
            (one and other) if word == "and" else (one or other)
            for one, other in product(lefts, rights)
        }
        return found.pop() if len(found) == 1 else None

    known: dict[str, Value] = {"a": left, "b": right}
    assert evaluate(Both(left=A, right=B), known).holds is settled("and")
    assert evaluate(Either(left=A, right=B), known).holds is settled("or")
    assert holds(Not(operand=A), a=left) is (None if left is None else not left)


def test_an_unknown_answer_names_what_is_missing_sorted() -> None:
    condition = Both(left=Name(path="z"), right=Both(left=B, right=Name(path="c")))
    assert evaluate(condition, {"c": True}) == Answer(holds=None, missing=("b", "z"))


def test_an_answer_that_is_known_misses_nothing() -> None:
    assert evaluate(Either(left=A, right=B), {"a": True}) == Answer(holds=True)


@pytest.mark.parametrize(
    ("value", "truth"),
    [(1, True), (0, False), ("x", True), ("", False), ([], False), (["x"], True)],
)
def test_a_value_alone_is_true_unless_it_is_empty_or_zero(value: Value, *, truth: bool) -> None:
    assert holds(A, a=value) is truth


@pytest.mark.parametrize(
    ("left", "comparison", "right", "expected"),
    [
        ("eu", "eq", "eu", True),
        ("eu", "ne", "eu", False),
        (1, "eq", "1", False),
        (4, "lt", 5, True),
        (5, "lt", 5, False),
        (5, "le", 5, True),
        (6, "le", 5, False),
        (6, "gt", 5.5, True),
        (5, "gt", 5, False),
        (5, "ge", 5, True),
        (4, "ge", 5, False),
        ("sev1", "lt", "sev2", True),
        ("card", "in", ["card", "contact"], True),
        ("passport", "in", ["card"], False),
        ("passport", "not-in", ["card"], True),
        ("ar", "in", "card", True),
        ("x", "not-in", "card", True),
    ],
)
def test_values_are_compared(
    left: Value, comparison: Comparison, right: Value, *, expected: bool
) -> None:
    assert comparing(left, comparison, right) is expected


@pytest.mark.parametrize(
    ("left", "comparison", "right"),
    [
        ("4", "lt", 5),
        (["a"], "gt", ["b"]),
        (4, "in", "four"),
        (4, "in", 44),
        (4, "not-in", 44),
    ],
)
def test_values_that_cannot_be_compared_are_no_answer(
    left: Value, comparison: Comparison, right: Value
) -> None:
    assert comparing(left, comparison, right) is None


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_a_comparison_with_something_unknown_is_unknown(comparison: Comparison) -> None:
    assert comparing(None, comparison, 1) is None
    assert comparing(1, comparison, None) is None


@pytest.mark.parametrize(
    ("value", "length"), [(["a", "b"], 2), ("abc", 3), ([], 0), (7, None), (None, None)]
)
def test_a_length_is_of_items_or_characters(value: Value, length: int | None) -> None:
    exactly = Compare(comparison="eq", left=Length(operand=A), right=Literally(value=length or 0))
    assert holds(exactly, a=value) is (None if length is None else True)


WHOLE = Either(
    left=Both(
        left=Compare(comparison="eq", left=A, right=Literally(value="x")),
        right=Not(operand=Compare(comparison="in", left=B, right=Literally(value=["y", "z"]))),
    ),
    right=Compare(comparison="gt", left=Length(operand=Name(path="c")), right=Literally(value=1)),
)


def test_every_path_that_is_read_is_named() -> None:
    assert names_of(WHOLE) == {"a", "b", "c"}


def test_every_word_that_a_path_is_compared_with_is_found() -> None:
    turned = Compare(comparison="ne", left=Literally(value="z"), right=Name(path="d"))
    assert compared(Both(left=WHOLE, right=turned)) == {
        ("a", "x"),
        ("b", "y"),
        ("b", "z"),
        ("d", "z"),
    }
    number = Compare(comparison="eq", left=A, right=Literally(value=2))
    assert compared(number) == frozenset()
    assert compared(Length(operand=A)) == compared(Literally(value="x")) == frozenset()


leaves = st.sampled_from([A, B, Name(path="c")]) | st.builds(
    Literally, value=st.booleans() | st.integers(-2, 2) | st.sampled_from(["x", "y"])
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, operand=inner),
        st.builds(Length, operand=inner),
        st.builds(Both, left=inner, right=inner),
        st.builds(Either, left=inner, right=inner),
        st.builds(Compare, comparison=st.sampled_from(COMPARISONS), left=inner, right=inner),
    ),
    max_leaves=8,
)
values: st.SearchStrategy[Value] = st.one_of(
    st.booleans(), st.integers(-2, 2), st.sampled_from(["x", ""]), st.just(["x"])
)


@hypothetical(conditions, st.dictionaries(st.sampled_from("abc"), values), values)
def test_knowing_more_never_changes_an_answer(
    condition: Condition, known: dict[str, Value], more: Value
) -> None:
    answer = evaluate(condition, known)
    for path in answer.missing or names_of(condition) - known.keys():
        after = evaluate(condition, known | {path: more})
        assert answer.holds is None or after.holds is answer.holds


@hypothetical(conditions, st.dictionaries(st.sampled_from("abc"), values))
def test_what_is_missing_is_named_and_not_known(
    condition: Condition, known: dict[str, Value]
) -> None:
    answer = evaluate(condition, known)
    assert set(answer.missing) <= names_of(condition) - known.keys()
    assert not (answer.missing and answer.holds is not None)
