"""Every link inside the documentation leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from architecture.project import ROOT, files, relative

LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?!https?:|mailto:|tel:)([^)#\s]*)(#[^)\s]+)?\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
# Runbooks have front matter and a lint of their own.
DOCUMENTATION = ("docs", "changes", "bench")


def pages() -> list[Path]:
    return [
        path
        for path in files(".md")
        if path.parent == ROOT or path.relative_to(ROOT).parts[0] in DOCUMENTATION
    ]


@pytest.mark.parametrize("page", pages(), ids=relative)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    assert broken_links(page) == []


def test_a_broken_link_is_found_out(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A page\n[a](gone.md) [b](#a-page) [c](#gone) [d](page.md#gone)", "utf-8")
    assert broken_links(page) == ["gone.md", "#gone", "page.md#gone"]


def test_a_link_in_a_code_block_is_no_link(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```\n[a](gone.md)\n```\n", encoding="utf-8")
    assert broken_links(page) == []


def broken_links(page: Path) -> list[str]:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return [
        target + anchor
        for target, anchor in LINK.findall(text)
        if not _leads_somewhere(page, target, anchor.removeprefix("#"))
    ]


def _leads_somewhere(page: Path, target: str, anchor: str) -> bool:
    found = page.parent / target if target else page
    if not found.exists():
        return False
    return not anchor or anchor in _anchors(found)


def _anchors(page: Path) -> set[str]:
    headings = HEADING.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
