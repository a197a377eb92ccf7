from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.catalog.letters import SLOT_LIMIT, escaped, filled, form, has_slots, letter, slot

S = slot(0)


def both(markdown: str, *values: str) -> tuple[str, str]:
    found = letter(markdown)
    return filled(found.text, values), filled(found.html, escaped(values))


LETTERS = {
    "# News\n\nDear you,\nread *this* **now**.": (
        "News\n----\n\nDear you,\nread this now.\n",
        "<h1>News</h1>\n<p>Dear you,\nread <em>this</em> <strong>now</strong>.</p>\n",
    ),
    "- one\n- two\n  more": (
        "- one\n- two\n  more\n",
        "<ul>\n<li>one</li>\n<li>two\nmore</li>\n</ul>\n",
    ),
    "- one\n\n- two": (
        "- one\n\n- two\n",
        "<ul>\n<li>\n<p>one</p>\n</li>\n<li>\n<p>two</p>\n</li>\n</ul>\n",
    ),
    "3. one\n4. two": (
        "3. one\n4. two\n",
        '<ol start="3">\n<li>one</li>\n<li>two</li>\n</ol>\n',
    ),
    "1. one\n   - deep": (
        "1. one\n   - deep\n",
        "<ol>\n<li>one\n<ul>\n<li>deep</li>\n</ul>\n</li>\n</ol>\n",
    ),
    "[us](https://example.org)": (
        "us (https://example.org)\n",
        '<p><a href="https://example.org">us</a></p>\n',
    ),
    "[a@example.org](mailto:a@example.org)": (
        "a@example.org\n",
        '<p><a href="mailto:a@example.org">a@example.org</a></p>\n',
    ),
    '[us](https://example.org "title")': (
        "us (https://example.org)\n",
        '<p><a href="https://example.org">us</a></p>\n',
    ),
    "a  \nb": ("a\nb\n", "<p>a<br>\nb</p>\n"),
    "[x](javascript:alert)": (
        "[x](javascript:alert)\n",
        "<p>[x](javascript:alert)</p>\n",
    ),
    "[x](/there) [y](https:)": (
        "[x](/there) [y](https:)\n",
        "<p>[x](/there) [y](https:)</p>\n",
    ),
    "a \\*b\\* <b>c</b> & d": (
        "a *b* <b>c</b> & d\n",
        "<p>a *b* &lt;b&gt;c&lt;/b&gt; &amp; d</p>\n",
    ),
    "[ü](https://example.org/ü)": (
        "ü (https://example.org/%C3%BC)\n",
        '<p><a href="https://example.org/%C3%BC">ü</a></p>\n',
    ),
}


@pytest.mark.parametrize("markdown", LETTERS)
def test_markdown_becomes_text_and_html(markdown: str) -> None:
    assert both(markdown) == LETTERS[markdown]


def test_a_value_is_never_markup() -> None:
    text, html = both(f"Dear {S}", "**[x](https://evil.example)** <b>")
    assert text == "Dear **[x](https://evil.example)** <b>\n"
    assert html == "<p>Dear **[x](https://evil.example)** &lt;b&gt;</p>\n"


def test_a_value_is_no_part_of_a_links_target() -> None:
    _, html = both(f"[x](https://example.org/{S})", "evil")
    assert "<a" not in html


def test_a_break_in_a_value_stays_in_its_line_or_item() -> None:
    text, html = both(f"- {S}\n- b\n\n1. one\n   - {S}", "x\ny")
    assert text == "- x\n  y\n- b\n\n1. one\n   - x\n     y\n"
    assert "<li>x<br>\ny</li>" in html


def test_a_break_in_a_heading_is_a_space() -> None:
    text, html = both(f"# For {S}", "x\ny")
    assert text == "For x y\n----------------\n"
    assert html == "<h1>For x<br>\ny</h1>\n"


def test_a_headings_line_is_not_endless() -> None:
    text, _ = both("# " + "x" * 100)
    assert text.splitlines()[1] == "-" * 72


def test_slots_are_told_from_text() -> None:
    assert has_slots(slot(SLOT_LIMIT - 1))
    assert not has_slots("plain \ue000")


@given(st.lists(st.text(), max_size=4), st.lists(st.integers(0, 3), max_size=8))
def test_a_form_is_filled_gap_by_gap(values: list[str], order: list[int]) -> None:
    numbers = [number for number in order if number < len(values)]
    skeleton = "".join(f"<{slot(number)}>" for number in numbers)
    wanted = "".join(f"<{values[number]}>".replace("\n", "|") for number in numbers)
    assert filled(form(skeleton, line_break="|"), values) == wanted


@given(st.text())
def test_no_value_breaks_out_of_its_html(value: str) -> None:
    _, html = both(f"# {S}\n\n- {S}\n", value)
    shown = escaped([value])[0].replace("\n", "<br>\n")
    assert html == f"<h1>{shown}</h1>\n<ul>\n<li>{shown}</li>\n</ul>\n"
