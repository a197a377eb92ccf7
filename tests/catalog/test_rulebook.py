from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ccir.catalog.findings import DocumentError
from ccir.catalog.rulebook import (
    COMPILED,
    KIND,
    canonical_rulebook,
    compile_books,
    decode_rulebook,
    load_books,
    read_compiled,
)
from ccir.catalog.sources import Sources, shipped_folder
from ccir.domain.rulebook import Footing, Rulebook

BOOK = """\
id: us-ca
version: 1.0.0
jurisdiction: US-CA
title: "{title}"
rules:
  - id: US-CA-IND
    tier: core
    regime: a law
    citation: "section 1"
    sector: general
    obligated_party: everybody
    recipient: data_subjects
    recipient_name: the people
    trigger:
      event: discovery
    standard: soon
    hard_limit: true
    computation: none
    status: in_force
    verified:
      status: memory
"""


def with_book(folder: Path, title: str = "Our reading") -> Path:
    path = folder / KIND / "us-ca.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(BOOK.format(title=title), encoding="utf-8")
    return folder


def titles(sources: Sources) -> dict[str, str]:
    return {book.id: book.title for book in load_books(sources)}


def test_the_compiled_file_is_current() -> None:
    shipped = (shipped_folder() / COMPILED).read_bytes()
    assert compile_books(Sources(None)) == shipped, "run `make rules`"


def test_what_was_compiled_is_what_the_files_say(tmp_path: Path) -> None:
    compiled = {name: each.book for name, each in read_compiled(shipped_folder()).items()}
    assert {book.id: book for book in load_books(Sources(None))} == compiled
    assert read_compiled(tmp_path) == {}


def test_a_shipped_file_that_was_changed_is_read_anew(tmp_path: Path) -> None:
    changed = Sources(None, shipped=with_book(tmp_path, "Changed by hand"))
    assert titles(changed) == {"us-ca": "Changed by hand"}


def test_the_workspaces_file_wins(tmp_path: Path) -> None:
    found = titles(Sources(with_book(tmp_path)))
    assert found["us-ca"] == "Our reading"
    assert found["eu"] == "European Union"
    assert len(found) == len(titles(Sources(None)))


def test_a_workspaces_file_is_read_also_where_it_is_the_shipped_one(tmp_path: Path) -> None:
    shipped = shipped_folder() / KIND / "us-ca.yaml"
    (tmp_path / KIND).mkdir(parents=True)
    (tmp_path / KIND / "us-ca.yaml").write_bytes(shipped.read_bytes())
    assert load_books(Sources(tmp_path)) == load_books(Sources(None))


def test_a_file_with_errors_is_refused(tmp_path: Path) -> None:
    path = with_book(tmp_path) / KIND / "us-ca.yaml"
    path.write_text(path.read_text("utf-8").replace("tier: core", "tier: chore"), "utf-8")
    with pytest.raises(DocumentError):
        load_books(Sources(tmp_path))


def test_all_rules_are_loaded_without_reading_yaml() -> None:
    program = (
        "import sys\n"
        "from ccir.catalog.rulebook import load_books\n"
        "from ccir.catalog.sources import Sources\n"
        "assert len(load_books(Sources(None))) > 80\n"
        "assert 'yaml' not in sys.modules\n"
    )
    subprocess.run((sys.executable, "-c", program), check=True, timeout=60)


def test_a_rulebook_comes_back_and_its_bytes_depend_on_its_meaning_alone() -> None:
    one = Footing(zone="Europe/Berlin", facts={"nis2_entity": True, "sectors": ["health"]})
    other = Footing(zone="Europe/Berlin", facts={"sectors": ["health"], "nis2_entity": True})
    books = load_books(Sources(None))
    octets = canonical_rulebook(Rulebook(books=books, footing=one))
    assert canonical_rulebook(Rulebook(books=books, footing=other)) == octets
    assert decode_rulebook(octets) == Rulebook(books=books, footing=one)
