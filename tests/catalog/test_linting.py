from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from ccir.catalog.findings import DocumentError
from ccir.catalog.linting import checked_playbook, lint_all, lint_playbooks
from ccir.catalog.sources import LISTED_LIMIT, Sources
from support.documents import SHAPES, STEP_KINDS, playbook, step, write

RUNBOOK = """---
id: isolate
version: 1.0.0
title: Isolate
owner: {owner}
reviewed: 2026-01-31
---
Pull the plug.
"""
CONTENT = """
id: xx_law
version: 1.0.0
title: A notice
citation: A law
recipient: regulator
elements: [{{key: nature, required: {required}, text: what it was}}]
verified: partly
"""
DRILL = """
id: crm
version: 1.0.0
title: CRM
summary: All of it
target: crm
checks:
  - {kind: file-cuont}
  - {kind: file-count, with: {minimum_filse: 1}}
"""


def test_a_finding_is_written_as_json_the_way_other_programs_read_it(tmp_path: Path) -> None:
    write(tmp_path, "playbooks/outage.yaml", playbook(step("a", role="commandr")))
    [finding] = lint_all(Sources(None, shipped=tmp_path), SHAPES)
    assert msgspec.to_builtins(finding) == {
        "file": str(tmp_path / "playbooks/outage.yaml"),
        "line": 17,
        "column": 45,
        "path": "steps[0].role",
        "severity": "error",
        "message": "no one owns step 'a': there is no role 'commandr'",
        "hint": "did you mean 'commander'?",
    }


def test_every_document_is_checked(tmp_path: Path) -> None:
    write(tmp_path, "playbooks/outage.yaml", playbook(step("a", needs="[b]")))
    write(tmp_path, "drills/crm.yaml", DRILL)
    write(tmp_path, "runbooks/isolate.md", RUNBOOK.format(owner="commandr"))
    write(tmp_path, "runbooks/empty.md", "")
    write(tmp_path, "notify_templates/customers/breach.en.md.j2", "hello")
    found = lint_all(Sources(None, shipped=tmp_path), SHAPES)
    shown = [str(finding).removeprefix(f"{tmp_path}/") for finding in found]
    assert shown == [
        "playbooks/outage.yaml:17:78: error: steps[0].needs[0]: there is no step 'b' (known: a)",
        (
            "drills/crm.yaml:8:12: error: checks[0].kind: unknown kind 'file-cuont' "
            "(did you mean 'file-count'?)"
        ),
        (
            "drills/crm.yaml:9:31: error: checks[1].with.minimum_filse: "
            "unknown key 'minimum_filse' (did you mean 'minimum_files'?)"
        ),
        (
            "runbooks/empty.md:1:1: error: the front matter is missing "
            "(begin the file with '---', keys like 'id: …', and '---')"
        ),
        (
            "runbooks/isolate.md:5:8: warning: owner: no playbook has the role 'commandr' "
            "(did you mean 'commander'?)"
        ),
        (
            "notify_templates/customers/breach.en.md.j2:1:1: error: the front matter is missing "
            "(begin the file with '---', keys like 'id: …', and '---')"
        ),
    ]


def test_what_a_template_carries_is_checked_once_the_contents_are_sound(tmp_path: Path) -> None:
    front = "id: breach\nversion: 1.0.0\naudience: customers\nlanguage: en\nlanguages: [en]\n"
    carries = "subject: News\ncarries: {xx_law: {natur: []}}\n"
    text = f"---\n{front}{carries}---\nHello.\n"
    write(tmp_path, "notify_templates/customers/breach.en.md.j2", text)
    write(tmp_path, "playbooks/contents/xx_law.yaml", CONTENT.format(required="allways"))
    [finding] = lint_all(Sources(None, shipped=tmp_path), SHAPES)
    assert finding.path == "elements[0].required"
    write(tmp_path, "playbooks/contents/xx_law.yaml", CONTENT.format(required="always"))
    [finding] = lint_all(Sources(None, shipped=tmp_path), SHAPES)
    assert finding.message == "'xx_law' has no element 'natur'"


def test_a_document_is_called_like_its_file(tmp_path: Path) -> None:
    write(tmp_path, "playbooks/other.yaml", playbook(step("a")))
    write(tmp_path, "drills/other.yaml", DRILL.replace("cuont", "count").replace("filse", "files"))
    write(tmp_path, "runbooks/other.md", RUNBOOK.format(owner="commander"))
    found = lint_all(Sources(None, shipped=tmp_path), SHAPES)
    assert [finding.message for finding in found] == [
        "the id is 'outage', the file is called 'other'",
        "the id is 'crm', the file is called 'other'",
        "the id is 'isolate', the file is called 'other'",
    ]


def test_a_runbooks_owner_is_no_matter_where_there_are_no_playbooks(tmp_path: Path) -> None:
    write(tmp_path, "runbooks/isolate.md", RUNBOOK.format(owner="facilities"))
    assert lint_all(Sources(None, shipped=tmp_path), SHAPES) == []


def test_a_folder_with_too_many_documents_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path, "playbooks/outage.yaml", playbook(step("a", role="nobody")))
    write(tmp_path, "drills/crm.yaml", "")
    for number in range(LISTED_LIMIT):
        (tmp_path / "drills" / f"{number}.yaml").touch()
    [finding] = lint_all(Sources(None, shipped=tmp_path), SHAPES)
    assert finding.message == f"more than {LISTED_LIMIT} documents in one folder"


def test_chosen_playbooks_are_checked_against_all_documents(tmp_path: Path) -> None:
    good = write(tmp_path, "playbooks/outage.yaml", playbook(step("a", runbook="isolate")))
    write(tmp_path, "playbooks/bad.yaml", "")
    sources = Sources(None, shipped=tmp_path)
    [finding] = lint_playbooks([good], sources, SHAPES)
    assert finding.message == "there is no runbook 'isolate'"
    write(tmp_path, "runbooks/isolate.md", RUNBOOK.format(owner="commander"))
    assert lint_playbooks([good], sources, SHAPES) == []


def test_a_checked_playbook_is_whole_or_refused(tmp_path: Path) -> None:
    source = write(tmp_path, "playbooks/outage.yaml", playbook(step("a", runbook="isolate")))
    sources = Sources(None, shipped=tmp_path)
    with pytest.raises(DocumentError, match=r"outage\.yaml:17:\d+: error: .* no runbook 'isolate'"):
        checked_playbook(source, sources, STEP_KINDS)
    write(tmp_path, "runbooks/isolate.md", RUNBOOK.format(owner="commander"))
    assert checked_playbook(source, sources, STEP_KINDS).id == "outage"
