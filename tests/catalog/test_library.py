from __future__ import annotations

from pathlib import Path

from ccir.catalog.library import library_of
from ccir.catalog.sources import Sources
from support.documents import write

TEMPLATE = """---
id: breach
version: 1.0.0
audience: customers
language: {language}
languages: [en, de]
subject: News
requires: [{requires}]
---
Dear all
"""


def test_a_library_holds_what_the_workspace_and_ccir_have(tmp_path: Path) -> None:
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    write(own, "runbooks/isolate.md", "")
    write(shipped, "runbooks/declare.md", "")
    write(shipped, "drills/crm.yaml", "")
    library = library_of(Sources(own, shipped=shipped))
    assert library.runbooks == {"isolate", "declare"}
    assert library.drills == {"crm"}
    assert library.templates == {}


def test_a_template_needs_the_facts_that_any_of_its_languages_needs(tmp_path: Path) -> None:
    for language, requires in {"en": "facts.when, run.id", "de": "facts.wann"}.items():
        text = TEMPLATE.format(language=language, requires=requires)
        write(tmp_path, f"notify_templates/customers/breach.{language}.md.j2", text)
    library = library_of(Sources(None, shipped=tmp_path))
    assert library.templates == {"customers/breach": {"when", "wann"}}


def test_a_template_that_cannot_be_read_is_there_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, "notify_templates/customers/breach.en.md.j2", b"\xff")
    library = library_of(Sources(None, shipped=tmp_path))
    assert library.templates == {"customers/breach": frozenset()}
