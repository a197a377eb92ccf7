from __future__ import annotations

import pytest

from ccir.catalog.frontmatter import parse_markdown
from ccir.catalog.notice_text import TemplateText
from ccir.catalog.reading import Reading
from ccir.catalog.wording import check_wording

FRONT = (
    "---\nid: breach\nversion: 1.0.0\naudience: customers\nlanguage: en\nlanguages: [en]\n"
    "subject: {subject}\nrequires: [{requires}]\noptional: [{optional}]\n---\n"
)
NAME = "recipient.name"
BODY = "Dear {{ recipient.name }}\n"


def found(
    body: str, *, requires: str = NAME, optional: str = "", subject: str = "News"
) -> list[str]:
    text = FRONT.format(subject=subject, requires=requires, optional=optional) + body
    reading: Reading[TemplateText] = Reading("f")
    reading.take(text.encode(), TemplateText, parse_markdown)
    check_wording(reading)
    return [str(finding).removeprefix("f:") for finding in reading.findings]


SOUND = {
    "a value": BODY,
    "a heading, a list and words": f"# News\n\n- **one**\n- *two*\n\n{BODY}",
    "a link": f"[us](https://example.org) [mail](mailto:a@example.org) {BODY}",
    "a value in brackets": "[{{ recipient.name }}]",
    "a filter": "{{ recipient.name|upper }}",
    "a loop": "{% for part in recipient.name %}{{ part }} {{ loop.index }}{% endfor %}",
    "a choice": "{% if recipient.name == 'x' and not false %}a{% else %}b{% endif %}",
    "an item by name": "{{ recipient['name'] }}",
    "two comparisons": "{{ 'a' if recipient.name in ['x', 'y'] else 'b' ~ 'c' }}",
}


@pytest.mark.parametrize("case", SOUND)
def test_a_template_may_hold(case: str) -> None:
    assert found(SOUND[case]) == []


BROKEN = {
    "{% set a = 1 %}"
    + BODY: "11:1: error: body: 'assign' is not allowed in templates (say it in plain text)",
    "{% include 'x' %}" + BODY: (
        "11:1: error: body: 'include' is not allowed in templates (say it in plain text)"
    ),
    "{{ recipient.name.upper() }}": (
        "11:1: error: body: 'call' is not allowed in templates (say it in plain text)"
    ),
    "{{ recipient.name|safe }}": (
        "11:1: error: body: the filter 'safe' is not allowed (say it in plain text)"
    ),
    "{% if recipient.name is odd %}{% endif %}": (
        "11:1: error: body: the test 'is odd' is not allowed (say it in plain text)"
    ),
    "{% for a in recipient.name recursive %}{% endfor %}": (
        "11:1: error: body: recursive loops are not allowed (say it in plain text)"
    ),
    BODY + "\n![x](https://example.org/x.png)": (
        "13:1: error: body: images are not allowed (say it in words)"
    ),
    BODY + "\n[x](javascript:alert(1))": (
        "13:1: error: body: this link leads nowhere (begin it with http:, https:, mailto:, tel:)"
    ),
    BODY + "\n[x](/there)": (
        "13:1: error: body: this link leads nowhere (begin it with http:, https:, mailto:, tel:)"
    ),
    BODY + "\n<b>x</b>": "13:1: error: body: HTML would be shown as it stands (use Markdown)",
    BODY + "\n<!-- x -->": "13:1: error: body: HTML would be shown as it stands (use Markdown)",
    "[x](https://example.org/{{ recipient.name }})": (
        "11:1: error: body: a variable may not be part of a link's target (print the value instead)"
    ),
    BODY + "\U000f0000": (
        "11:1: error: body: private-use characters are reserved (leave them out)"
    ),
    BODY + "{{ organisation.nmae }}": (
        "12:1: error: body: unknown variable 'organisation.nmae' (did you mean 'name'?)"
    ),
    BODY + "{{ recipiant.name }}": (
        "12:1: error: body: unknown variable 'recipiant.name' (did you mean 'recipient'?)"
    ),
    BODY + "{{ facts }}": "12:1: error: body: 'facts' is no value (name one part, like facts.name)",
    BODY + "{{ facts.a.b }}": (
        "12:1: error: body: 'facts.a.b' is no value (name one part, like facts.name)"
    ),
}


@pytest.mark.parametrize("body", BROKEN)
def test_a_template_may_not_hold(body: str) -> None:
    assert BROKEN[body] in found(body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{{ recipient.name", "not a template"),
        ("{% if recipient.name %}", "not a template"),
        ("{{ recipient.name|nope }}", "the filter 'nope' is not allowed"),
        ("{{ " + "(" * 5_000 + "1", "nested too deeply"),
        ("{% for a in recipient.name %}" * 3 + "x" + "{% endfor %}" * 3, "nested too deeply"),
        ("{% if recipient.name %}" * 21 + "x" + "{% endif %}" * 21, "nested too deeply"),
    ],
)
def test_a_template_that_cannot_be_parsed_is_refused(body: str, message: str) -> None:
    assert any(message in line for line in found(body))


def test_the_subject_is_checked_like_the_body() -> None:
    assert found(BODY, subject='"{{ secret }} ![x](y)"')[0].startswith(
        "7:1: error: subject: images are not allowed"
    )


def test_every_variable_stands_in_its_list() -> None:
    body = (
        "{{ run.id }}{% if facts.a is defined %}{{ facts.a }}{% endif %}{{ notice.id|default('') }}"
    )
    assert found(body, requires="") == [
        "11:1: error: optional: 'facts.a' is used, but does not stand in 'optional'",
        "11:1: error: optional: 'notice.id' is used, but does not stand in 'optional'",
        "11:1: error: requires: 'run.id' is used, but does not stand in 'requires'",
    ]
    assert found(body, requires="run.id", optional="facts.a, notice.id") == []


def test_a_list_holds_nothing_that_is_not_used_that_way() -> None:
    requires = "recipient.name, recipient.name, facts.a, run.id"
    body = BODY + "{{ facts.a|default('x') }}"
    assert found(body, requires=requires, optional="facts.a, notice.id") == [
        "8:28: error: requires[1]: 'recipient.name' stands twice",
        (
            "8:44: error: requires[2]: 'facts.a' does not belong into 'requires' "
            "(list what the template uses without asking 'is defined')"
        ),
        (
            "8:53: error: requires[3]: 'run.id' does not belong into 'requires' "
            "(list what the template uses without asking 'is defined')"
        ),
        (
            "9:21: error: optional[1]: 'notice.id' does not belong into 'optional' "
            "(list what the template asks for with 'is defined')"
        ),
    ]


def test_a_loops_own_names_are_no_variables() -> None:
    body = "{% for a, b in facts.pairs %}{{ a }}{{ loop.first }}{% else %}{{ a }}{% endfor %}"
    assert found(body, requires="facts.pairs") == []


def test_what_is_no_document_has_nothing_to_be_checked() -> None:
    reading: Reading[TemplateText] = Reading("f")
    check_wording(reading)
    assert reading.findings == []
