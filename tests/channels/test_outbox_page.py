from __future__ import annotations

from collections.abc import Sequence

import pytest

from ccir.catalog.letters import escaped, filled, letter
from ccir.channels.outbox_page import BREAK, Block, Run, blocks_of, runs_in


def written(markdown: str, *values: str) -> tuple[Block, ...]:
    """Return the blocks of the Markdown as a notice's HTML has it, around a page."""
    form = letter(markdown).html
    fragment = filled(form, escaped(values))
    return blocks_of("unused", f"<html>\n<title>no</title>\n<body>\n{fragment}</body>\n</html>\n")


def said(blocks: Sequence[Block]) -> list[str]:
    return ["".join(run.text for run in block.runs) for block in blocks]


def paragraph(*runs: Run) -> Block:
    return Block(kind="paragraph", runs=runs)


def test_headings_and_paragraphs_are_blocks() -> None:
    first, second, third = written("# One\n\ntwo\nlines\n\n### Three\n")
    assert (first.kind, first.level, said([first])) == ("heading", 1, ["One"])
    assert (second.kind, said([second])) == ("paragraph", ["two lines"])
    assert (third.kind, third.level) == ("heading", 3)


def test_bold_and_emphasis_are_kept() -> None:
    [block] = written("a **b *c*** d")
    assert block.runs == (
        Run(text="a "),
        Run(text="b ", is_strong=True),
        Run(text="c", is_strong=True, is_emphatic=True),
        Run(text=" d"),
    )


def test_line_breaks_of_values_are_kept_and_nothing_of_them_is_markup() -> None:
    [block] = written("To \U000f0000.", "A & <b>Co</b>\nMain Street")
    assert block.runs == (
        Run(text="To A & <b>Co</b>"),
        Run(text=BREAK),
        Run(text="Main Street."),
    )


def test_a_list_holds_its_items_tight_or_loose_and_lists_within() -> None:
    [tight] = written("- one\n- two\n  1. deep\n  2. deeper\n")
    assert tight.kind == "bullets"
    assert said(tight.items[0]) == ["one"]
    text, inner = tight.items[1]
    assert (said([text]), inner.kind, inner.start) == (["two"], "numbers", 1)
    assert [said(item) for item in inner.items] == [["deep"], ["deeper"]]
    [loose] = written("3. one\n\n   more\n\n4. two\n")
    assert (loose.kind, loose.start) == ("numbers", 3)
    assert [said(item) for item in loose.items] == [["one", "more"], ["two"]]


def test_what_follows_a_list_stands_after_it() -> None:
    assert [block.kind for block in written("- a\n\nb\n\n1. c\n")] == [
        "bullets",
        "paragraph",
        "numbers",
    ]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("[our page](https://a.example/x)", "our page (https://a.example/x)"),
        ("[https://a.example](https://a.example)", "https://a.example"),
        ("[help@a.example](mailto:help@a.example) now", "help@a.example now"),
        ("call [**us**](tel:+4930)", "call us (tel:+4930)"),
    ],
)
def test_a_links_target_is_spelled_out_once(markdown: str, text: str) -> None:
    assert said(written(markdown)) == [text]


def test_no_break_spaces_stay_and_other_spaces_are_one() -> None:
    assert said(written("a\u00a0b   c")) == ["a\u00a0b c"]


def test_a_message_without_html_is_its_plain_text() -> None:
    assert blocks_of("one\ntwo\n\n\nthree\n", "") == (
        paragraph(Run(text="one"), Run(text=BREAK), Run(text="two")),
        paragraph(Run(text="three")),
    )


def test_html_of_another_hand_is_read_as_far_as_it_goes() -> None:
    assert said(blocks_of("", "<li>a</ul></a>b<div>c</div></ol>d")) == ["abcd"]


def test_every_run_is_found_with_its_block() -> None:
    found = runs_in(written("# a\n\n- b\n  - c\n"))
    assert [(kind, run.text) for kind, run in found] == [
        ("heading", "a"),
        ("paragraph", "b"),
        ("paragraph", "c"),
    ]
