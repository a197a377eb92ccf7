from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ccir.catalog.conditions import parse_when
from ccir.catalog.documents import (
    Runbook,
    load_drill,
    load_playbook,
    load_runbook,
    read_drill,
    read_playbook,
    read_runbook,
)
from ccir.catalog.findings import DocumentError
from ccir.domain import playbook as p
from ccir.domain.drills import CheckPlan
from support.documents import CHECK_KINDS, STEP_KINDS, playbook, step, write

DRILL = """
id: crm
version: 1.0.0
title: CRM
summary: All of it
target: customer-records
checks:
  - kind: file-count
  - kind: sqlite
    with: {path: "**/crm.sqlite", tables: {customers: 10}}
rto: 4h
"""
RUNBOOK = """---
id: isolate
version: 1.0.0
title: Isolate
owner: commander
reviewed: 2026-01-31
---
Pull the plug.
"""


def test_a_playbook_is_loaded_with_its_condition_understood(tmp_path: Path) -> None:
    line = step(
        "cut",
        needs="[declare]",
        on="records > 1",
        due="{within: 1h}",
        mandatory="false",
        arguments="{checklist: [One, Two]}",
    )
    source = write(tmp_path, "playbooks/outage.yaml", playbook(step("declare"), line))
    book = load_playbook(source, STEP_KINDS)
    assert (book.id, book.version, len(book.facts)) == ("outage", "1.0.0", 5)
    assert book.step("cut") == p.Step(
        id="cut",
        title="cut",
        phase="contain",
        role="commander",
        kind="manual",
        needs=("declare",),
        when=parse_when("records > 1"),
        due=p.Due(within="1h"),
        arguments={"checklist": ["One", "Two"]},
        mandatory=False,
    )


def test_a_drill_is_loaded_with_the_whole_arguments_of_its_checks(tmp_path: Path) -> None:
    drill = load_drill(write(tmp_path, "drills/crm.yaml", DRILL), CHECK_KINDS)
    assert (drill.id, drill.target, drill.rto, drill.rpo) == ("crm", "customer-records", "4h", None)
    assert drill.checks == (
        CheckPlan(kind="file-count", arguments={"minimum_files": 1, "minimum_bytes": 1}),
        CheckPlan(
            kind="sqlite",
            arguments={"path": "**/crm.sqlite", "tables": {"customers": 10}, "newest": None},
        ),
    )


def test_a_runbook_is_loaded(tmp_path: Path) -> None:
    assert load_runbook(write(tmp_path, "runbooks/isolate.md", RUNBOOK)) == Runbook(
        id="isolate",
        version="1.0.0",
        title="Isolate",
        owner="commander",
        reviewed=dt.date(2026, 1, 31),
        body="Pull the plug.\n",
    )


def test_a_spoilt_drill_says_everything_that_is_wrong(tmp_path: Path) -> None:
    text = DRILL.replace("id: crm", "id: CRM").replace("4h", "soon").replace("{customers: 10}", "7")
    source = write(tmp_path, "drills/crm.yaml", text)
    with pytest.raises(DocumentError) as caught:
        load_drill(source, CHECK_KINDS)
    assert [finding.path for finding in caught.value.findings] == [
        "id",
        "checks[1].with.tables",
        "rto",
    ]


def test_a_drill_without_checks_proves_nothing(tmp_path: Path) -> None:
    text = DRILL.partition("checks:")[0] + "checks: []\n"
    reading = read_drill(write(tmp_path, "drills/crm.yaml", text), CHECK_KINDS)
    assert [finding.message for finding in reading.findings] == ["at least 1 wanted"]


def test_a_runbook_needs_a_body_and_a_day(tmp_path: Path) -> None:
    text = RUNBOOK.replace("Pull the plug.", "").replace("2026-01-31", "last week")
    reading = read_runbook(write(tmp_path, "runbooks/isolate.md", text))
    assert [finding.path for finding in reading.findings] == ["reviewed", "body"]
    with pytest.raises(DocumentError):
        load_runbook(write(tmp_path, "runbooks/isolate.md", text))


def test_a_condition_that_cannot_be_read_is_a_finding_at_its_place(tmp_path: Path) -> None:
    text = playbook(step("cut", on="records >"))
    reading = read_playbook(write(tmp_path, "playbooks/outage.yaml", text), STEP_KINDS)
    [finding] = reading.findings
    assert finding.path == "steps[0].when"
    assert finding.message.startswith("not a condition")


def test_an_unknown_kind_of_step_is_answered_with_the_nearest(tmp_path: Path) -> None:
    text = playbook(step("cut", "manul"))
    reading = read_playbook(write(tmp_path, "playbooks/outage.yaml", text), STEP_KINDS)
    assert [(finding.path, finding.message, finding.hint) for finding in reading.findings] == [
        ("steps[0].kind", "unknown kind 'manul'", "did you mean 'manual'?")
    ]
