"""Every shipped template renders in every language, whatever its values hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from ccir.catalog.environment import RenderError
from ccir.catalog.rendering import CompiledTemplate, RenderedText, render
from documents.shipped import TEMPLATES

Values = dict[str, dict[str, object]]
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> [here](https://evil.example) "
    "![x](https://evil.example/x.png) # no heading **no bold** {{ facts.secret }} "
    "{% raw %} & \" ' https://evil.example"
)
CONTROL = "a\x1b[2Jb\x00c\u202ed\x7fe\u2066f"
NEWLINES = "first\n\n# second\r\n- third\u2028fourth\n\n    fifth"


def values(template: CompiledTemplate, value: Callable[[str], object], *, optional: bool) -> Values:
    """Return a value for everything the template asks for."""
    found: Values = {"facts": {}, "recipient": {}, "organisation": {}, "run": {}, "notice": {}}
    for path in (*template.text.requires, *(template.text.optional if optional else ())):
        owner, _, part = path.partition(".")
        found[owner][part] = value(path)
    return found


def in_subject(template: CompiledTemplate, path: str) -> bool:
    return path in template.text.subject


def rendered(
    template: CompiledTemplate, hostile: str, *, optional: bool = True, subject: str = "plain"
) -> RenderedText:
    def value(path: str) -> object:
        return subject if in_subject(template, path) else hostile

    return render(template, values(template, value, optional=optional))


class Page(HTMLParser):
    """Collects a page's tags, links and text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(params=TEMPLATES)
def template(request: pytest.FixtureRequest) -> CompiledTemplate:
    return TEMPLATES[request.param]


@pytest.mark.parametrize("optional", [True, False])
def test_a_template_says_each_of_its_values(template: CompiledTemplate, optional: bool) -> None:  # noqa: FBT001 - a case
    given = values(template, lambda path: f"«{path}»", optional=optional)
    message = render(template, given)
    page = Page(message.html)
    said = {*re.findall(r"«[^»]+»", message.text + message.subject)}
    wanted = {f"«{path}»" for path in template.text.requires}
    assert wanted - said <= unsaid(template)
    assert {*re.findall(r"«[^»]+»", page.text)} >= said - {*re.findall(r"«[^»]+»", message.subject)}
    assert message.language == template.text.language
    assert message.subject.strip()
    assert "{{" not in message.text
    assert "{%" not in message.text


def unsaid(template: CompiledTemplate) -> set[str]:
    """Return the German texts' stand-ins: they are said only where no German fact is set."""
    optional = {*template.text.optional}
    return {f"«{path}»" for path in template.text.requires if f"{path}_de" in optional}


def test_hostile_values_stay_text(template: CompiledTemplate) -> None:
    hostile, harmless = rendered(template, HOSTILE), rendered(template, "harmless")
    page, plain_page = Page(hostile.html), Page(harmless.html)
    assert page.tags == plain_page.tags
    assert page.attributes == plain_page.attributes
    assert HOSTILE in page.text
    assert HOSTILE in hostile.text


def test_control_characters_never_arrive(template: CompiledTemplate) -> None:
    message = rendered(template, CONTROL)
    for text in (message.text, message.html):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)
        assert "a[2Jbcdef" in text


def test_line_breaks_in_values_begin_no_markup(template: CompiledTemplate) -> None:
    message, harmless = rendered(template, NEWLINES), rendered(template, "harmless")
    tags = [tag for tag in Page(message.html).tags if tag != "br"]
    assert tags == [tag for tag in Page(harmless.html).tags if tag != "br"]
    assert "# second" in message.text
    assert "# second" in Page(message.html).text


@pytest.mark.parametrize("value", ["a\nBcc: all@example.org", "a\r\nb", "a\x00b", "a\u2028b"])
def test_a_subject_with_a_line_break_is_refused(template: CompiledTemplate, value: str) -> None:
    if not any(in_subject(template, path) for path in template.text.requires):
        pytest.skip("the subject holds no value")
    with pytest.raises(RenderError, match="subject"):
        rendered(template, "harmless", subject=value)


def test_a_subject_keeps_markup_as_text(template: CompiledTemplate) -> None:
    message = rendered(template, "harmless", subject="<b>[x](y)</b>")
    if any(in_subject(template, path) for path in template.text.requires):
        assert "<b>[x](y)</b>" in message.subject
    assert "<b>" not in message.html


def test_a_template_without_its_values_names_all_of_them(template: CompiledTemplate) -> None:
    owners = ("facts", "recipient", "organisation", "run", "notice")
    with pytest.raises(RenderError) as caught:
        render(template, {owner: {} for owner in owners})
    assert all(path in caught.value.message for path in template.text.requires)


def test_every_link_leads_where_mail_may_lead(template: CompiledTemplate) -> None:
    page = Page(rendered(template, "harmless").html)
    targets = [value or "" for name, value in page.attributes if name in {"href", "src"}]
    assert all(re.match(r"(https?|mailto|tel):[^ ]+$", target) for target in targets)
    assert {*page.tags} <= {
        "html",
        "head",
        "meta",
        "title",
        "body",
        "p",
        "h1",
        "h2",
        "h3",
        "ul",
        "ol",
        "li",
        "br",
        "a",
        "strong",
        "em",
    }
