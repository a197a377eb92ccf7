from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.catalog.readability import BOUNDS, LINE_WORDS, WORDS_NEEDED, readability

GETTYSBURG = (
    "Four score and seven years ago our fathers brought forth on this continent, a new nation, "
    "conceived in Liberty, and dedicated to the proposition that all men are created equal."
)
HUMAN_RIGHTS = (
    "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und "
    "Gewissen begabt und sollen einander im Geist der Brüderlichkeit begegnen.\n\n"
    "Jeder hat das Recht auf Leben, Freiheit und Sicherheit der Person."
)
SHORT = "We know who was there. "


def sentences(text: str, language: str = "en") -> int:
    return readability(text, language).sentences


def test_english_is_measured_by_the_ari() -> None:
    found = readability(GETTYSBURG, "en-US")
    assert (found.words, found.sentences, found.index) == (30, 1, "ari")
    letters = sum(map(str.isalpha, GETTYSBURG))
    assert letters == 143
    assert found.value == round(4.71 * 143 / 30 + 0.5 * 30 - 21.43, 1) == 16.0
    assert found.is_plain is False


def test_other_languages_are_measured_by_the_lix() -> None:
    found = readability(HUMAN_RIGHTS, "de")
    assert (found.words, found.sentences, found.index) == (37, 3, "lix")
    assert found.value == round(37 / 3 + 100 * 10 / 37, 1) == 39.4
    assert found.is_plain is True


def test_simple_words_are_plain_and_may_lie_below_the_scale() -> None:
    found = readability("The cat sat on the mat. " * 6, "en")
    assert found.value == -5.1
    assert found.is_plain is True
    assert found.bound == BOUNDS["ari"] == 10


def test_a_value_on_the_bound_is_plain() -> None:
    text = "Die Sicherheit und die Achtsamkeit sind für uns eine Verpflichtung. " * 3
    on_bound = readability(text, "de")
    assert (on_bound.words, on_bound.value, on_bound.is_plain) == (30, 40.0, True)
    above = readability(text.replace("sind", "bedeuten", 1), "de")
    assert (above.value, above.is_plain) == (43.3, False)


def test_few_words_have_no_value() -> None:
    text = "word " * (WORDS_NEEDED - 2)
    short = readability(text + "end.", "en")
    assert (short.words, short.value, short.is_plain) == (WORDS_NEEDED - 1, None, None)
    assert readability(text + "the end.", "en").value is not None
    empty = readability("", "sv")
    assert (empty.words, empty.sentences, empty.value) == (0, 0, None)


def test_a_language_without_spaces_has_no_value() -> None:
    assert readability("我们 知道 了. " * 30, "zh-CN").value is None
    assert readability("Мы всё знаем. " * 30, "ru").value == 3.0


@pytest.mark.parametrize(
    "text",
    [
        "Wir rufen z. B. Kunden an, d. h. alle mit Vertrag Nr. 5 oder Art. 33 Abs. 1.",
        "Am 3. Januar hat Frau Dr. Kim ca. 4.100 Datensätze gefunden.",
        "Betroffen sind u. a. Namen, bzw. Anschriften, zzgl. Konten.",
    ],
)
def test_german_abbreviations_and_dates_end_no_sentence(text: str) -> None:
    assert sentences(text, "de") == 1


@pytest.mark.parametrize(
    "text",
    [
        "We call e.g. Mr. Kim and Dr. Lee of the U.S. Treasury about No. 5, i.e. them.",
        "It took 3.5 hours and cost 1,200.50 dollars (approx. half of it).",
        'He asked "who? me?" and left.',
        "Read https://example.org/a.b?c=d. or www.example.org/x.html, or write to a.b@example.org.",
        "The shop at example.org! is open.",
    ],
)
def test_abbreviations_decimals_and_addresses_end_no_sentence(text: str) -> None:
    assert sentences(text) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We know. You know.", 2),
        ("Is it safe? Yes! We know it…", 3),
        ("It was found in 2026. We told them.", 2),
        ("It happened on day 3. We told them.", 2),
        ("(We know.) 'You know.' “They know.”", 3),
        ("The answer is no. You may stay.", 2),
        ("We wait. 4100 people wait with us.", 2),
        ("نحن نعلم؟ نعم.", 2),
        ("हम जानते हैं। आप भी।", 2),
        ("Send us one letter:\n\n- yes.\n- no.", 3),
        ("This goes on\nin the next line.", 1),
        ("...", 0),
    ],
)
def test_stops_end_sentences(text: str, expected: int) -> None:
    assert sentences(text) == expected


def test_an_ordinal_is_told_from_a_count_by_the_language() -> None:
    assert sentences("Es geschah am 3. Wir wissen es.", "de") == 1
    assert sentences("Es geschah im Jahr 2026. Wir wissen es.", "de") == 2


def test_headings_salutations_and_items_have_no_part_in_the_value() -> None:
    bare = readability(SHORT * 10, "en")
    heads = "What happened?\n--------------\n\nDear Ann,\n\n"
    items = "- Internationalisation\n  departments\n- 2026-01-02\n1. Responsibilities\n\nYours"
    dressed = readability(f"{heads}{SHORT * 10}\n\n{items}", "en")
    assert dressed.value == bare.value
    assert dressed.sentences == bare.sentences
    assert dressed.words == bare.words + 2 + 2 + 4 + 1


def test_an_item_as_long_as_a_sentence_is_one() -> None:
    item = "- " + "word " * LINE_WORDS
    assert sentences(f"{item}\n{item}") == 0
    assert sentences(f"{item}more\n{item}more") == 2


def test_addresses_are_no_words() -> None:
    found = readability("Write to a.b@example.org, or see <https://example.org/long/path>.", "en")
    assert (found.words, found.sentences) == (4, 1)


def test_words_are_the_same_however_their_accents_are_written() -> None:
    composed = "Die Behörde prüft Präventionsmaßnahmen über längere Zeiträume. " * 5
    decomposed = composed.replace("ö", "o\u0308").replace("ü", "u\u0308").replace("ä", "a\u0308")
    assert readability(decomposed, "de") == readability(composed, "de")


def test_an_endless_word_is_measured_at_once() -> None:
    for endless in ("a" * 200_000, "a." * 100_000, "a@" * 100_000, "https://" * 30_000):
        assert readability(endless, "en").value is None


@given(st.text(), st.sampled_from(["en", "de", "ja"]))
def test_every_text_can_be_measured(text: str, language: str) -> None:
    found = readability(text, language)
    assert 0 <= found.sentences <= found.words
    assert (found.value is None) is (found.is_plain is None)
    assert found.value is None or math.isfinite(found.value)


@given(st.text(), st.text(), st.sampled_from(["en", "de"]))
def test_paragraphs_are_counted_apart(one: str, other: str, language: str) -> None:
    both = readability(f"{one}\n\n{other}", language)
    parts = [readability(part, language) for part in (one, other)]
    assert both.words == sum(part.words for part in parts)
    assert both.sentences == sum(part.sentences for part in parts)


@given(st.lists(st.sampled_from(["Haus", "Garten", "Sicherheit"]), min_size=30, max_size=60))
def test_longer_words_never_make_a_text_plainer(words: list[str]) -> None:
    text = " ".join(words) + " Ende."
    longer = readability(text.replace("Garten", "Gartenzaun"), "de").value
    shorter = readability(text, "de").value
    assert longer is not None
    assert shorter is not None
    assert longer >= shorter
