from __future__ import annotations

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from ccir.catalog.environment import OUTPUT_LIMIT, SLOTS, RenderError, Slots, letters_environment
from ccir.catalog.letters import SLOT_LIMIT, slot
from ccir.catalog.variables import FILTERS, TESTS


def run(source: str, **context: object) -> tuple[str, list[str]]:
    slots = Slots()
    written = letters_environment().from_string(source).render({**context, SLOTS: slots})
    return written, slots.values


def test_values_are_kept_apart_from_the_text() -> None:
    assert run("Dear {{ a }}, {{ b }}!", a="<Ann>", b=3) == (
        f"Dear {slot(0)}, {slot(1)}!",
        ["<Ann>", "3"],
    )


def test_a_list_is_written_with_commas() -> None:
    assert run("{{ a }} {{ b }}", a=["x", "y"], b=(1, 2))[1] == ["x, y", "1, 2"]


def test_a_mapping_is_read_by_its_keys_only() -> None:
    context = {"recipient": {"items": "column", "name": "Ann"}}
    assert run("{{ recipient.items }} {{ recipient['name'] }}", **context)[1] == ["column", "Ann"]
    with pytest.raises(UndefinedError):
        run("{{ recipient.keys }}", **context)
    with pytest.raises(UndefinedError):
        run("{{ recipient['values'] }}", **context)


def test_a_part_of_a_list_and_of_a_loop_is_read() -> None:
    source = "{% for a in list %}{{ loop.index }}{{ list[0] }}{% endfor %}"
    assert run(source, list=["x", "y"])[1] == ["1", "x", "2", "x"]


@pytest.mark.parametrize("source", ["{{ a }}", "{{ a.b }}", "{{ a|upper }}"])
def test_a_value_that_is_missing_is_an_error(source: str) -> None:
    with pytest.raises(UndefinedError):
        run(source)


@pytest.mark.parametrize(
    "source", ["{{ ''.__class__ }}", "{{ a.append(1) }}", "{{ a.__class__.__mro__ }}"]
)
def test_the_sandbox_lets_nothing_out(source: str) -> None:
    with pytest.raises((SecurityError, UndefinedError)):
        run(source, a=[])


def test_there_are_no_globals_and_few_filters() -> None:
    environment = letters_environment()
    assert environment.globals == {}
    assert environment.filters.keys() == FILTERS
    assert environment.tests.keys() == TESTS


def test_values_are_bounded_in_number_and_length() -> None:
    slots = Slots()
    for number in range(SLOT_LIMIT):
        assert slots.add("x") == slot(number)
    with pytest.raises(RenderError):
        slots.add("x")
    with pytest.raises(RenderError, match="longer than 262144 characters"):
        Slots().add("x" * (OUTPUT_LIMIT + 1))
    assert Slots().add("x" * OUTPUT_LIMIT)
