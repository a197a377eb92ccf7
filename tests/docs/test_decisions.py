"""Decisions are numbered, dated, of one page, and say what they cost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from architecture.project import ROOT

PAGE_LINES = 60
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
STATUS = re.compile(
    r"^Status: (proposed|accepted|replaced by \d{4}), \d{4}-\d\d-\d\d$", re.MULTILINE
)
SECTIONS = ["Why", "Decision", "What follows"]


def test_the_numbers_have_no_gap() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == [*range(len(DECISIONS))]


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_one_page_and_the_same_parts(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= PAGE_LINES
    assert re.match(rf"# {page.name[:4]} \S+( \S+)*\n", text)
    assert re.search(
        r"^Status: (proposed|accepted|replaced by [0-9]{4}), \d{4}-\d\d-\d\d$", text, re.MULTILINE
    )
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == SECTIONS
