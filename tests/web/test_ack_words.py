from __future__ import annotations

import pytest

from ccir.domain.acknowledgement import ANSWERS
from ccir.web.ack_words import WORDS, Words, words_accepted, words_in


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_every_language_has_every_answer_and_every_gap(words: Words) -> None:
    assert set(words.answers) == {*ANSWERS}
    assert WORDS[words.language] is words
    assert "A" in words.taken.format(answer="A", at="B")
    assert "B" in words.taken.format(answer="A", at="B")
    assert "C" in words.call.format(who="C")
    assert "C" in words.nobody.format(who="C")


@pytest.mark.parametrize(
    ("tag", "language"), [("de-AT", "de"), ("FR", "fr"), ("es", "es"), ("sv", "en"), ("", "en")]
)
def test_a_language_without_words_gets_english(tag: str, language: str) -> None:
    assert words_in(tag).language == language


@pytest.mark.parametrize(
    ("header", "language"),
    [("de-CH, en;q=0.5", "de"), ("fr;q=0.9", "fr"), ("*", "en"), ("", "en")],
)
def test_a_browser_is_answered_in_the_language_it_asks_for_first(
    header: str, language: str
) -> None:
    assert words_accepted(header).language == language
