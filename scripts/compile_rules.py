"""Writes playbooks/obligations/compiled.json from the files of rules beside it (`make rules`)."""

from __future__ import annotations

from ccir.catalog.rulebook import COMPILED, compile_books
from ccir.catalog.sources import Sources, shipped_folder

if __name__ == "__main__":
    (shipped_folder() / COMPILED).write_bytes(compile_books(Sources(None)))
