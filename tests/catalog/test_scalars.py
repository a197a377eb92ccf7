from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import msgspec
import msgspec.inspect as mi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.catalog.findings import Position
from ccir.catalog.nodes import ListNode, MappingNode, ScalarNode
from ccir.catalog.scalars import Misfit, blank, scalar, wanted
from ccir.domain.playbook import Due, FactName, Id, PeriodText, Text, Version

AT = Position()
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
Fraction = Annotated[float, msgspec.Meta(gt=0, lt=1)]
Short = Annotated[str, msgspec.Meta(max_length=3)]
Kind = Literal["manual", "wait"]


def read(text: str, kind: object, *, is_plain: bool = True) -> object:
    return scalar(ScalarNode(text=text, is_plain=is_plain, at=AT), mi.type_info(kind))


def complaint(text: str, kind: object, *, is_plain: bool = True) -> str:
    value = read(text, kind, is_plain=is_plain)
    assert isinstance(value, Misfit)
    return f"{value.message} ({value.hint})" if value.hint else value.message


FITTING: list[tuple[str, object, object]] = [
    ("NO", str, "NO"),
    ("3", int, 3),
    ("-3", int, -3),
    ("+3", int, 3),
    ("100", Percent, 100),
    ("1.5", float, 1.5),
    ("3", float, 3.0),
    ("1e3", float, 1000.0),
    ("0.5", Fraction, 0.5),
    ("true", bool, True),
    ("false", bool, False),
    ("null", None, None),
    ("wait", Kind, "wait"),
    ("2026-01-31", dt.date, dt.date(2026, 1, 31)),
    ("abc", Short, "abc"),
    ("call-partners", Id, "call-partners"),
    ("5bd", PeriodText, "5bd"),
    ("PT72H", PeriodText, "PT72H"),
    ("1.0.0-rc.1", Version, "1.0.0-rc.1"),
]


@pytest.mark.parametrize(("text", "kind", "value"), FITTING)
def test_a_text_is_read_as_its_field_asks(text: str, kind: object, value: object) -> None:
    found = read(text, kind)
    assert found == value
    assert type(found) is type(value)


MISFITS: list[tuple[str, object, str]] = [
    ("x", int, "expected a whole number, found 'x'"),
    ("1.5", int, "expected a whole number, found '1.5'"),
    ("0x10", int, "expected a whole number, found '0x10'"),
    ("1_000", int, "expected a whole number, found '1_000'"),
    ("9" * 19, int, f"expected a whole number, found '{'9' * 19}'"),
    ("", int, "expected a whole number, found nothing"),
    ("101", Percent, "expected a whole number at least 0 and at most 100, found '101'"),
    ("-1", Percent, "expected a whole number at least 0 and at most 100, found '-1'"),
    ("0", Fraction, "expected a number above 0 and below 1, found '0'"),
    ("1", Fraction, "expected a number above 0 and below 1, found '1'"),
    ("nan", float, "expected a number, found 'nan'"),
    ("1e999", float, "expected a number, found '1e999'"),
    ("yes", bool, "expected true or false, found 'yes'"),
    ("True", bool, "expected true or false, found 'True'"),
    ("x", None, "expected nothing, found 'x'"),
    ("manul", Kind, "expected one of manual, wait, found 'manul' (did you mean 'manual'?)"),
    ("31.01.2026", dt.date, "expected a day like 2026-01-31, found '31.01.2026'"),
    ("2026-02-30", dt.date, "expected a day like 2026-01-31, found '2026-02-30'"),
    ("", Text, "expected a text, found nothing"),
    ("abcd", Short, "expected at most 3 characters"),
    (
        "Call Partners",
        Id,
        "expected an id (small letters, digits and hyphens, at most 64), found 'Call Partners'",
    ),
    ("a\n", Id, "expected an id (small letters, digits and hyphens, at most 64), found 'a'"),
    (
        "Records",
        FactName,
        "expected a name (small letters, digits and underscores, at most 64), found 'Records'",
    ),
    ("1.0", Version, "expected a version like 1.0.0, found '1.0'"),
    (
        "soon",
        PeriodText,
        "expected a period like 90m, 72h, 30d, 5bd, 2w, 1mo or PT72H, found 'soon'",
    ),
    (
        "P1M1D",
        PeriodText,
        "expected a period like 90m, 72h, 30d, 5bd, 2w, 1mo or PT72H, found 'P1M1D'",
    ),
    ("x", Due.__annotations__ and dict[str, int], "expected a mapping, found 'x'"),
]


@pytest.mark.parametrize(("text", "kind", "message"), MISFITS)
def test_what_does_not_fit_says_what_was_expected(text: str, kind: object, message: str) -> None:
    assert complaint(text, kind) == message


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("3", int, "expected a whole number, found the text '3' (take the quotes away)"),
        ("true", bool, "expected true or false, found the text 'true' (take the quotes away)"),
        ("~", None, "expected nothing, found '~'"),
    ],
)
def test_a_quoted_value_is_a_text(text: str, kind: object, message: str) -> None:
    assert complaint(text, kind, is_plain=False) == message


@pytest.mark.parametrize("node", [ListNode(items=(), at=AT), MappingNode(entries=(), at=AT)])
def test_a_list_or_mapping_is_no_scalar(node: ListNode | MappingNode) -> None:
    found = scalar(node, mi.type_info(str))
    words = "a list" if isinstance(node, ListNode) else "a mapping"
    assert found == Misfit(message=f"expected a text, found {words}")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind, "manual"),
        (int, 0),
        (float, 0),
        (bool, False),
        (str, ""),
        (dt.date, dt.date.min),
        (dict[str, int], None),
    ],
)
def test_a_blank_is_a_harmless_value_of_the_type(kind: object, value: object) -> None:
    assert blank(mi.type_info(kind)) == value


def test_what_a_pattern_asks_for_is_said_in_words() -> None:
    after = next(field for field in msgspec.structs.fields(Due) if field.name == "after")
    assert wanted(mi.type_info(after.type)) == "'start', 'fact:NAME' or 'step:ID'"
    odd = Annotated[str, msgspec.Meta(pattern="^x+$")]
    assert wanted(mi.type_info(odd)) == "a text matching ^x+$"
    assert wanted(mi.type_info(bytes)) == "a value"


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_whole_numbers_are_read_as_written(number: int) -> None:
    assert read(str(number), int) == number


@given(st.text(), st.sampled_from([int, float, bool, str, dt.date, Id, PeriodText, Kind]))
def test_no_text_makes_the_reader_fail(text: str, kind: object) -> None:
    value = read(text, kind)
    if not isinstance(value, Misfit):
        assert msgspec.convert(value, kind) == value
