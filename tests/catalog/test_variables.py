from __future__ import annotations

import pytest
from jinja2 import nodes

from ccir.catalog.environment import letters_environment
from ccir.catalog.variables import FILTERS, TESTS, Use, dotted, foreign, uses


def tree(source: str) -> nodes.Template:
    return letters_environment().parse(source)


def test_every_use_is_found_with_its_line() -> None:
    source = "{{ run.id }}\n{{ facts['a-b']|upper }}\n{% if recipient.x %}{{ run.id }}{% endif %}"
    assert uses(tree(source)) == [
        Use(path="run.id", line=1),
        Use(path="facts.a-b", line=2),
        Use(path="recipient.x", line=3),
        Use(path="run.id", line=3),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "{% if facts.a is defined %}{% endif %}",
        "{% if facts.a is undefined %}{% endif %}",
        "{{ facts.a|default('none') }}",
        "{{ facts.a|default(facts.a) }}",
    ],
)
def test_a_use_that_asks_whether_a_value_is_there_says_so(source: str) -> None:
    assert uses(tree(source))[0] == Use(path="facts.a", line=1, asks=True)


def test_a_stand_in_is_a_plain_use() -> None:
    assert uses(tree("{{ facts.a|default(facts.b) }}")) == [
        Use(path="facts.a", line=1, asks=True),
        Use(path="facts.b", line=1),
    ]


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("{{ a }}", "a"),
        ("{{ a.b }}", "a.b"),
        ("{{ a['b'].c }}", "a.b.c"),
        ("{{ a[0] }}", None),
        ("{{ a[b] }}", None),
        ("{{ a[0].b }}", None),
        ("{{ 'a'.b }}", None),
    ],
)
def test_a_chain_of_names_is_a_path(source: str, path: str | None) -> None:
    [output] = tree(source).body
    assert isinstance(output, nodes.Output)
    assert dotted(output.nodes[0]) == path


def test_names_within_a_computed_part_are_found() -> None:
    assert [use.path for use in uses(tree("{{ facts[run.id] }}"))] == ["facts", "run.id"]


def test_a_loop_hides_its_own_names_only_within_itself() -> None:
    source = "{% for a in facts.list %}{{ a.b }}{{ loop.index }}{% endfor %}{{ a.b }}"
    assert [use.path for use in uses(tree(source))] == ["facts.list", "a.b"]


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_an_allowed_filter_is_there(name: str) -> None:
    assert foreign(tree(f"{{{{ facts.a|{name} }}}}")) == []
    assert name in letters_environment().filters


@pytest.mark.parametrize("name", sorted(TESTS))
def test_an_allowed_test_is_there(name: str) -> None:
    assert foreign(tree(f"{{% if facts.a is {name} %}}{{% endif %}}")) == []


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("{% macro m() %}{% endmacro %}", "macro"),
        ("{% block b %}{% endblock %}", "block"),
        ("{% extends 'x' %}", "extends"),
        ("{% import 'x' as y %}", "import"),
        ("{{ 1 + 2 }}", "add"),
        ("{{ {'a': 1} }}", "dict"),
        ("{% filter upper %}x{% endfilter %}", "filterblock"),
        ("{% with a = 1 %}{% endwith %}", "with"),
    ],
)
def test_every_other_form_is_foreign(source: str, word: str) -> None:
    [found] = foreign(tree(source))
    assert found.message == f"'{word}' is not allowed in templates"
