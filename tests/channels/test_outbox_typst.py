from __future__ import annotations

import re
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from ccir.channels.outbox_letters import Letter, letter_of
from ccir.channels.outbox_typst import LIMIT_LETTERS, Layout, Style, Typesetter
from ccir.errors import UnavailableError
from support.mail import message

STYLE = Style(zone=ZoneInfo("Europe/Berlin"), return_address="Centre · Weg 1 · 10115 Berlin")
MARKED = (
    "<body>\n<h1>News</h1>\n<p>a <strong>b <em>c</em></strong><br>\nd</p>\n<ul>\n<li>one</li>\n"
    '<li>two<ol start="3"><li>deep</li></ol></li>\n</ul>\n</body>\n</html>\n'
)


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(STYLE)


def letter(text: str = "We lost it.\n", *, number: int = 1, html: str = "") -> Letter:
    return letter_of(message(text=text, number=number, html=html))


def pages(pdf: bytes) -> int:
    return max(map(int, re.findall(rb"/Count (\d+)", pdf)))


@pytest.mark.parametrize(("layout", "count"), [("din-5008-b", 5), ("simple", 4)])
def test_each_letter_begins_a_page_and_the_same_letters_give_the_same_bytes(
    layout: Layout, count: int
) -> None:
    batch = [letter(html=MARKED), letter("word " * 1_500, number=2), letter(number=3)]
    first, second = (
        Typesetter(replace(STYLE, layout=layout)).make(batch)[".pdf"] for _ in range(2)
    )
    assert first == second
    assert first.startswith(b"%PDF-1.7")
    assert pages(first) == count


def test_the_pdf_says_that_it_is_made_for_the_archive_and_when_the_notice_was_written(
    typesetter: Typesetter,
) -> None:
    pdf = typesetter.make([letter()])[".pdf"]
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"2026-03-01T08:00:00" in pdf


def test_nothing_of_a_letter_is_markup(typesetter: Typesetter) -> None:
    tricky = '#panic("x") *a* _b_ $c$ @d <e> `f` \\ // #include "/etc/passwd" "]'
    odd = replace(letter(tricky), subject=tricky[:60], postal=(tricky[:60], tricky[:60]))
    assert typesetter.lacking(odd) == []
    assert typesetter.make([odd])[".pdf"]


def test_a_language_may_have_a_region(typesetter: Typesetter) -> None:
    austrian = replace(letter(), language="de-AT")
    assert typesetter.group(austrian) == "de-AT"
    assert typesetter.make([austrian])[".pdf"] != typesetter.make([letter()])[".pdf"]


def test_letters_of_many_alphabets_can_be_set(typesetter: Typesetter) -> None:
    assert typesetter.lacking(letter("Łódź Çağ Ελλάδα Привіт „Grüße“ \N{EN DASH} 5 €\n")) == []


def test_characters_that_no_font_has_are_told_before_the_letter_is_taken(
    typesetter: Typesetter,
) -> None:
    assert typesetter.lacking(letter("字 漢字 かな\n")) == ["か", "な", "字"]
    assert typesetter.lacking(letter(html="<body>\n<p><b>漢</b></p></body>")) == ["漢"]
    assert typesetter.lacking(letter()) == []


def test_what_typst_cannot_set_is_told_without_the_letters_words(typesetter: Typesetter) -> None:
    with pytest.raises(UnavailableError, match=r"^typst cannot set the letters$") as caught:
        typesetter.make([letter("secret 漢")])
    assert "secret" not in caught.value.hint


def test_fonts_of_ones_own_are_needed_where_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="there is no font in"):
        Typesetter(replace(STYLE, fonts=tmp_path))


def test_without_typst_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UnavailableError, match="typst, which is not installed") as caught:
        Typesetter(STYLE)
    assert "ccir[letters]" in caught.value.hint


def test_a_batch_is_bounded(typesetter: Typesetter) -> None:
    assert (typesetter.prefix, typesetter.limit) == ("letters", LIMIT_LETTERS)
