from __future__ import annotations

import datetime as dt
from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as hypothetical
from hypothesis import strategies as st

from ccir.domain.events import FactValue
from ccir.domain.facts import (
    TEXT_LIMIT,
    Surroundings,
    fact_of,
    moment_of,
    parse_assignment,
    parse_value,
    written,
)
from ccir.errors import NotFoundError, RefusedError, UsageError
from support.runs import PLAYBOOK

SURROUNDINGS = Surroundings(
    now=dt.datetime(2026, 3, 2, 23, 30, tzinfo=dt.UTC), zone=ZoneInfo("Europe/Berlin")
)
FACTS = [fact.id for fact in PLAYBOOK.facts]


def value(name: str, text: str) -> FactValue:
    return parse_value(fact_of(PLAYBOOK, name), text, SURROUNDINGS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("records=4100", ("records", "4100")),
        (" records = 4100 ", ("records", "4100")),
        ("story=a=b", ("story", "a=b")),
        ("story=", ("story", "")),
    ],
)
def test_an_assignment_is_a_name_and_a_value(text: str, expected: tuple[str, str]) -> None:
    assert parse_assignment(text) == expected


@pytest.mark.parametrize("text", ["", "records", "=4100", " =4100"])
def test_without_a_name_or_a_sign_it_is_no_assignment(text: str) -> None:
    with pytest.raises(UsageError, match="is not NAME=VALUE"):
        parse_assignment(text)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("awarness", "did you mean 'awareness'?"), ("zzz", f"its facts: {', '.join(FACTS)}")],
)
def test_an_unknown_fact_is_refused_with_what_there_is(name: str, hint: str) -> None:
    with pytest.raises(NotFoundError, match=f"has no fact '{name}'") as refused:
        fact_of(PLAYBOOK, name)
    assert refused.value.hint == hint


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("records", "4100", 4100),
        ("records", "4_100", 4100),
        ("records", "-3", -3),
        ("records", "0.5", 0.5),
        ("records", "1e3", 1000.0),
        ("ransom", "yes", True),
        ("ransom", "True", True),
        ("ransom", "no", False),
        ("ransom", "FALSE", False),
        ("region", "europe", "europe"),
        ("data_types", "card, contact", ["card", "contact"]),
        ("data_types", "card,,", ["card"]),
        ("systems", "crm, phones ,mail", ["crm", "phones", "mail"]),
        ("story", "a laptop, lost", "a laptop, lost"),
        ("story", "x" * TEXT_LIMIT, "x" * TEXT_LIMIT),
        ("awareness", "now", "2026-03-02T23:30:00+00:00"),
        ("awareness", "2026-03-02T09:00", "2026-03-02T08:00:00+00:00"),
    ],
)
def test_a_value_is_read_as_its_facts_kind(name: str, text: str, expected: FactValue) -> None:
    found = value(name, text)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("records", "many", "a number"),
        ("records", "", "a number"),
        ("records", "nan", "a number"),
        ("records", "-inf", "a number"),
        ("records", "1e999", "a number"),
        ("records", "9" * 5000, "a number"),
        ("ransom", "maybe", "yes or no"),
        ("ransom", "1", "yes or no"),
        ("region", "Europe", "one of europe, america (did you mean 'europe'?)"),
        ("region", "zzz", "one of europe, america"),
        ("data_types", "card, passport", "words with commas between them out of card, contact"),
        ("data_types", "", "words with commas between them"),
        ("systems", " , ", "words with commas between them"),
        ("story", "", f"a text of 1 to {TEXT_LIMIT} characters"),
        ("story", "x" * (TEXT_LIMIT + 1), f"a text of 1 to {TEXT_LIMIT} characters"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_what_would(
    name: str, text: str, hint: str
) -> None:
    with pytest.raises(UsageError, match=f"does not fit the fact '{name}'") as refused:
        value(name, text)
    assert hint in refused.value.hint


def test_a_moment_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="'yesterday' is not a moment"):
        value("awareness", "yesterday")


@pytest.mark.parametrize("name", FACTS)
def test_a_card_number_is_kept_in_no_fact(name: str) -> None:
    with pytest.raises(RefusedError, match=f"'{name}' looks like a payment card number"):
        value(name, "4111 1111 1111 1111")


@hypothetical(st.sampled_from(FACTS), st.text(max_size=60))
def test_whatever_is_written_is_a_value_or_refused(name: str, text: str) -> None:
    with suppress(UsageError, RefusedError):
        assert isinstance(value(name, text), bool | int | float | str | list)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("2026-03-02T08:00:00+00:00", dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)),
        ("2026-03-02T08:00:00", None),
        ("lately", None),
        (7, None),
        (["2026-03-02T08:00:00+00:00"], None),
    ],
)
def test_only_a_moment_with_its_offset_is_a_moment(
    found: FactValue, expected: dt.datetime | None
) -> None:
    assert moment_of(found) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [(True, "yes"), (False, "no"), (7, "7"), (0.5, "0.5"), (["a", "b"], "a, b"), ("so", "so")],
)
def test_a_value_is_written_as_a_person_would(found: FactValue, expected: str) -> None:
    assert written(found) == expected


@hypothetical(st.booleans() | st.integers(-(10**11), 10**11) | st.floats(-6e4, 6e4, width=16))
def test_a_number_or_an_answer_that_is_written_is_read_back(found: FactValue) -> None:
    name = "ransom" if isinstance(found, bool) else "records"
    assert value(name, written(found)) == found
