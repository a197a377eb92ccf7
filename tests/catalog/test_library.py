from __future__ import annotations

from pathlib import Path

from ccir.catalog.library import Books, Library, library_of
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


RULES = """
id: xx
version: 1.0.0
jurisdiction: XX
title: A country
rules:
  - id: XX-ONE
    tier: core
    regime: a law
    citation: "Art. 1"
    sector: finance
    obligated_party: everybody
    recipient: regulator
    recipient_name: the regulator
    trigger: {event: awareness}
    standard: soon
    hard_limit: true
    computation: none
    follow_up:
      - {stage: interim, amount: 1, unit: months, start: initial_notice}
      - {stage: final, amount: 3, unit: months, start: initial_notice}
    status: in_force
    verified: {status: memory}
"""


def test_the_rules_of_a_library_are_those_of_every_file_with_what_follows_on_them(
    tmp_path: Path,
) -> None:
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    write(shipped, "playbooks/obligations/xx.yaml", RULES)
    yy = RULES.replace("id: xx", "id: yy").replace("XX-ONE", "YY-TWO").replace("finance", "health")
    write(own, "playbooks/obligations/yy.yaml", yy)
    library = library_of(Sources(own, shipped=shipped))
    assert library.rules == frozenset(
        {"XX-ONE", "XX-ONE.1", "XX-ONE.2", "YY-TWO", "YY-TWO.1", "YY-TWO.2"}
    )
    assert library.sectors == frozenset({"finance", "health"})


def test_rules_are_loaded_once_and_only_when_they_are_asked_for() -> None:
    asked: list[int] = []

    def books() -> Books:
        asked.append(1)
        return ()

    library = Library(runbooks=frozenset(), drills=frozenset(), templates={}, books=books)
    assert asked == []
    assert (library.rules, library.sectors) == (frozenset(), frozenset())
    assert asked == [1]


def test_the_rules_of_a_library_with_a_broken_file_of_rules_are_unknown(tmp_path: Path) -> None:
    write(tmp_path, "playbooks/obligations/xx.yaml", RULES)
    write(tmp_path, "playbooks/obligations/yy.yaml", b"\xff")
    library = library_of(Sources(None, shipped=tmp_path))
    assert (library.rules, library.sectors) == (None, None)


def test_the_shipped_rules_can_be_named() -> None:
    library = library_of(Sources(None))
    assert library.rules is not None
    assert "EU-GDPR-33-SA" in library.rules
