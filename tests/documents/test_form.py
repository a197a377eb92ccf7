"""Every shipped document loads, lints clean, fits its schema, and is named by some playbook."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ccir.catalog.documents import Runbook, load_drill, load_runbook
from ccir.catalog.graph import mermaid
from ccir.catalog.linting import lint_all
from ccir.catalog.notice_text import TemplateText
from ccir.catalog.pinned import canonical, decode_playbook
from ccir.catalog.schema import (
    Schema,
    computation_schema,
    content_schema,
    drill_schema,
    front_matter_schema,
    obligations_schema,
    playbook_schema,
)
from ccir.catalog.sources import KINDS, Kind, Source
from documents.shipped import PLAYBOOKS, SOURCES
from documents.shipped import TEXTS as TEMPLATES
from support.documents import CHECK_KINDS, SHAPES, STEP_KINDS
from support.json_schemas import Checker, plain

SCHEMAS: Mapping[Kind, Schema] = {
    "playbooks": playbook_schema(STEP_KINDS),
    "drills": drill_schema(CHECK_KINDS),
    "playbooks/obligations": obligations_schema(),
    "playbooks/contents": content_schema(),
    "playbooks/computations": computation_schema(),
    "runbooks": front_matter_schema(Runbook),
    "notify_templates": front_matter_schema(TemplateText),
}
DOCUMENTS = {source.path.name: source for kind in KINDS for source in SOURCES.list(kind)}


def test_all_documents_lint_clean_without_a_warning() -> None:
    assert [str(finding) for finding in lint_all(SOURCES, SHAPES)] == []


def test_nothing_that_ships_is_lost() -> None:
    assert {kind: bool(SOURCES.list(kind)) for kind in KINDS} == dict.fromkeys(KINDS, True)
    assert {
        "agent-account-takeover",
        "data-breach",
        "payment-card-exposure",
        "ransomware",
    } <= PLAYBOOKS.keys()


@pytest.mark.parametrize("source", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_fits_the_schema_that_editors_get(source: Source) -> None:
    checker = Checker(SCHEMAS[source.kind])
    assert checker.misfits(plain(source.path.read_text("utf-8"))) == []


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_playbook_is_the_same_after_it_was_pinned(name: str) -> None:
    assert decode_playbook(canonical(PLAYBOOKS[name])) == PLAYBOOKS[name]


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_every_step_of_a_playbook_is_drawn(name: str) -> None:
    lines = mermaid(PLAYBOOKS[name]).splitlines()
    arrows = [line for line in lines if "-->" in line or "-.->" in line]
    boxes = [line for line in lines if line.startswith("    step_")]
    steps = PLAYBOOKS[name].steps
    detours = [step for step in steps if step.on_failure not in ("stop", "continue")]
    assert len(boxes) == len(steps)
    assert len(arrows) == sum(len(step.needs) for step in steps) + len(detours)


def test_every_runbook_is_some_steps() -> None:
    named = {step.runbook for playbook in PLAYBOOKS.values() for step in playbook.steps}
    there = {load_runbook(source).id for source in SOURCES.list("runbooks")}
    assert there - named == set()
    assert named - {None} == there


def test_every_drill_is_played_by_some_step() -> None:
    played = {
        step.arguments["drill"]
        for playbook in PLAYBOOKS.values()
        for step in playbook.steps
        if step.kind == "restore"
    }
    drills = {load_drill(source, CHECK_KINDS).id for source in SOURCES.list("drills")}
    assert drills == played


def test_every_template_is_some_notices() -> None:
    sent = {
        f"{notice.audience}/{notice.template}"
        for playbook in PLAYBOOKS.values()
        for notice in playbook.notices
    }
    assert {f"{text.audience}/{text.id}" for text in TEMPLATES.values()} == sent


def test_every_template_is_written_in_the_same_languages_unless_only_americans_read_it() -> None:
    single = {text.id for text in TEMPLATES.values() if text.languages == ("en",)}
    assert single == {
        "ftc-safeguards-report",
        "massachusetts-notice",
        "nydfs-ransom-payment",
        "us-hhs-report",
        "us-state-attorney-general",
    }
    assert {text.languages for text in TEMPLATES.values() if text.id not in single} == {
        ("en", "de")
    }
    assert {name.rpartition(".")[2] for name in TEMPLATES} == {"en", "de"}


def test_translations_of_a_template_have_the_same_version() -> None:
    versions: dict[str, set[str]] = {}
    for name, text in TEMPLATES.items():
        versions.setdefault(name.rpartition(".")[0], set()).add(text.version)
    assert [name for name, found in versions.items() if len(found) > 1] == []


def test_every_fact_that_a_template_may_use_is_asked_for() -> None:
    lacking = [
        f"{playbook.id}: {name}: {path}"
        for playbook in PLAYBOOKS.values()
        for notice in playbook.notices
        for name, text in TEMPLATES.items()
        if name.startswith(f"{notice.audience}/{notice.template}.")
        for path in (*text.requires, *text.optional)
        if path.startswith("facts.") and playbook.fact(path.removeprefix("facts.")) is None
    ]
    assert lacking == []


def test_every_role_of_a_playbook_has_something_to_do() -> None:
    idle = {
        f"{playbook.id}: {role.id}"
        for playbook in PLAYBOOKS.values()
        for role in playbook.roles
        if not any(step.role == role.id for step in playbook.steps)
        and not any(role.id in notice.approvals.roles for notice in playbook.notices)
    }
    # The scribe writes the log of every run, whether a step says so or not.
    assert {name for name in idle if not name.endswith(": scribe")} == set()
