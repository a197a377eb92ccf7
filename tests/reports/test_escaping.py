from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ccir.reports.escaping import clean, markdown_code, markdown_line

_MARKS = [
    "_",
    "__",
    "*",
    "`",
    "~~",
    "|",
    "\\",
    "[a](b)",
    "<i>",
    "&lt;",
    "#",
    "1.",
    "- ",
    "=",
    "http://",
]
_MARKUP = st.lists(st.sampled_from([*_MARKS, "a", " ", "\n"]), max_size=12).map("".join)
_TEXTS = st.one_of(st.text(max_size=30), _MARKUP)
_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _plain(text: str) -> str:
    """Return the text on one line, as a page shows it."""
    return " ".join(re.sub(r"\s*\n\s*", " / ", clean(text).strip()).split())


def _seen(rendered: str) -> str:
    return " ".join(html.unescape(rendered).split())


@given(_TEXTS)
def test_a_text_is_shown_as_it_was_written_and_is_never_markup(text: str) -> None:
    rendered = _READER.render(f"- x {markdown_line(text)} x\n")
    assert re.findall(r"</?\w+", rendered) == ["<ul", "<li", "</li", "</ul"]
    inner = rendered.removeprefix("<ul>\n<li>").removesuffix("</li>\n</ul>\n")
    assert _seen(inner) == _seen(html.escape(f"x {_plain(text)} x"))


@given(_TEXTS)
def test_a_text_at_the_start_of_an_item_opens_nothing(text: str) -> None:
    rendered = _READER.render(f"- {markdown_line(f'{text}x')}\n")
    assert re.findall(r"</?\w+", rendered) == ["<ul", "<li", "</li", "</ul"]


@given(_TEXTS)
def test_a_text_stays_in_its_cell(text: str) -> None:
    rendered = _READER.render(f"| a | b |\n|---|---|\n| {markdown_line(text)} | end |\n")
    body = rendered.partition("<tbody>")[2]
    assert re.findall(r"<\w+", body) == ["<tr", "<td", "<td"]
    assert "<td>end</td>" in body
    assert _seen(body.partition("<td>")[2].partition("</td>")[0]) == _seen(
        html.escape(_plain(text))
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("records_affected of INC-2026-0001", "records_affected of INC-2026-0001"),
        ("see https://evil.example", r"see https\://evil.example"),
        ("www.evil.example", r"www\.evil.example"),
        ("a__b__c and _d_", r"a\_\_b\_\_c and \_d\_"),
        ("__bold__", r"\_\_bold\_\_"),
        ("1. first", r"1\. first"),
        ("- item", r"\- item"),
        ("R&D &amp; more", r"R&D \&amp; more"),
        (4100, "4100"),
    ],
)
def test_only_what_would_be_markup_is_escaped(text: object, written: str) -> None:
    assert markdown_line(text) == written


@given(_TEXTS)
def test_no_hidden_character_is_left(text: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", clean(text))
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("bell\x07 and \x1b[31mred", "bell and [31mred"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("tab\tstays", "tab\tstays"),
        (
            "na\u00efve \u05d0\u200f \U0001f469\u200d\U0001f4bb",
            "na\u00efve \u05d0\u200f \U0001f469\u200d\U0001f4bb",
        ),
        ("half \ud800 a character", "half  a character"),
    ],
)
def test_letters_stay_and_controls_go(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "written"),
    [("1690ffe7", "`1690ffe7`"), ("a`b", r"a\`b"), ("a|b", r"a\|b"), ("", "")],
)
def test_an_identifier_is_code_unless_it_would_break_out(text: str, written: str) -> None:
    assert markdown_code(text) == written
