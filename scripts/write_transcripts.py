"""Plays the pages with transcripts and writes down what ccir really says in them."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = (
    ROOT / "README.md",
    ROOT / "docs" / "tutorial.md",
    ROOT / "docs" / "how-to" / "clocks.md",
)

if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
    from support.transcripts import played, prepared

    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            text = played(page.read_text(encoding="utf-8"), prepared(Path(folder)))
        page.write_text(text, encoding="utf-8")
        print(f"wrote {page.relative_to(ROOT)}")
