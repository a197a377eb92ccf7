"""What the pages show is what ccir says."""

from __future__ import annotations

from pathlib import Path

import pytest

from architecture.project import ROOT, relative
from support.transcripts import played, prepared

PAGES = (
    ROOT / "README.md",
    ROOT / "docs" / "tutorial.md",
    ROOT / "docs" / "how-to" / "clocks.md",
)


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_the_transcript_is_what_ccir_says(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "$ ccir" in text
    assert played(text, prepared(tmp_path / "centre")) == text, (
        "run: .venv/bin/python scripts/write_transcripts.py"
    )
