"""The glossary holds the words that the project uses, once each."""

from __future__ import annotations

import re

from architecture.project import ROOT, files

GLOSSARY = ROOT / "docs" / "glossary.md"
ENTRY = re.compile(r"^\| \*\*(?P<word>[^*]+)\*\* \| (?P<meaning>.+) \|$", re.MULTILINE)
USED_IN = (".py", ".md", ".yaml", ".j2")


def test_every_word_is_explained_once_and_in_order() -> None:
    words = [word.casefold() for word in _entries()]
    assert len(words) > 15
    assert words == sorted(set(words))


def test_every_word_is_used() -> None:
    texts = [
        path.read_text(encoding="utf-8")
        for path in files()
        if path.name.endswith(USED_IN) and path != GLOSSARY
    ]
    assert [word for word in _entries() if not _is_used(word, texts)] == []


def test_every_meaning_is_a_sentence() -> None:
    assert [word for word, meaning in _entries().items() if not meaning.endswith(".")] == []


def _is_used(word: str, texts: list[str]) -> bool:
    pattern = re.compile(rf"\b{word}s?\b", re.IGNORECASE)
    return any(pattern.search(text) for text in texts)


def _entries() -> dict[str, str]:
    text = GLOSSARY.read_text(encoding="utf-8")
    return {entry["word"]: entry["meaning"] for entry in ENTRY.finditer(text)}
