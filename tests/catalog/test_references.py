from __future__ import annotations

from pathlib import Path

import pytest

from support.documents import LIBRARY, linted, notice, playbook, step

ISOLATE = step("isolate", runbook="isolate-network")
TELL = step("tell", "notify", arguments="{notice: breach}")
BREACH = notice("breach")

BROKEN = {
    "a misspelt step among the needs": (
        step("a", needs="[isolat]"),
        "steps[1].needs[0]",
        "there is no step 'isolat' (did you mean 'isolate'?)",
    ),
    "a step no one owns": (
        step("a", role="commandr"),
        "steps[1].role",
        "no one owns step 'a': there is no role 'commandr' (did you mean 'commander'?)",
    ),
    "a missing phase": (
        step("a", phase="contian"),
        "steps[1].phase",
        "there is no phase 'contian' (did you mean 'contain'?)",
    ),
    "a missing runbook": (
        step("a", runbook="isolate-netwrk"),
        "steps[1].runbook",
        "there is no runbook 'isolate-netwrk' (did you mean 'isolate-network'?)",
    ),
    "a way out of a failure that leads nowhere": (
        step("a", on_failure="isolat"),
        "steps[1].on_failure",
        "there is no step 'isolat' (did you mean 'isolate'?)",
    ),
    "a due after a step that is not there": (
        step("a", due='{within: 1h, after: "step:isolat"}'),
        "steps[1].due.after",
        "there is no step 'isolat' (did you mean 'isolate'?)",
    ),
    "a due after a fact that is not there": (
        step("a", due='{within: 1h, after: "fact:awarenes"}'),
        "steps[1].due.after",
        "there is no fact 'awarenes' (did you mean 'awareness'?)",
    ),
    "a due after a fact that is no moment": (
        step("a", due='{within: 1h, after: "fact:records"}'),
        "steps[1].due.after",
        "the fact 'records' is a number, so nothing can count from it (name a fact of kind moment)",
    ),
    "a drill that is not there": (
        step("a", "restore", arguments="{drill: customer-record}"),
        "steps[1].with.drill",
        "there is no drill 'customer-record' (did you mean 'customer-records'?)",
    ),
    "a drill that a search is to be judged by": (
        step("a", "last-clean", arguments="{target: crm, drill: customer-record}"),
        "steps[1].with.drill",
        "there is no drill 'customer-record' (did you mean 'customer-records'?)",
    ),
    "a notice that is not there": (
        step("a", "notify", arguments="{notice: breech}"),
        "steps[1].with.notice",
        "there is no notice 'breech' (did you mean 'breach'?)",
    ),
    "a wait for a fact that is not there": (
        step("a", "wait", arguments="{fact: record}"),
        "steps[1].with.fact",
        "there is no fact 'record' (did you mean 'records'?)",
    ),
    "a wait for a step that is not there": (
        step("a", "wait", arguments="{step: isolat}"),
        "steps[1].with.step",
        "there is no step 'isolat' (did you mean 'isolate'?)",
    ),
    "a wait for a time after a fact that is not there": (
        step("a", "wait", arguments='{until: {within: 1h, after: "fact:awarenes"}}'),
        "steps[1].with.until.after",
        "there is no fact 'awarenes' (did you mean 'awareness'?)",
    ),
    "a wait for a time after a fact that is no moment": (
        step("a", "wait", arguments='{until: {within: 1h, after: "fact:records"}}'),
        "steps[1].with.until.after",
        "the fact 'records' is a number, so nothing can count from it (name a fact of kind moment)",
    ),
    "a command's word from a fact that is not there": (
        step("a", "command", arguments="{argv: [nft, {fact: affected_hst, as: host}]}"),
        "steps[1].with.argv[1].fact",
        "there is no fact 'affected_hst' (did you mean 'affected_host'?)",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_step_is_refused_for(case: str, tmp_path: Path) -> None:
    line, path, message = BROKEN[case]
    text = playbook(ISOLATE, line, TELL, notices=[BREACH])
    [finding] = linted(tmp_path, text)
    value = text.splitlines()[finding.line - 1][finding.column - 1 :]
    named = message.split("'")[3 if path.endswith("role") else 1]
    assert (finding.path, f"{finding.message} ({finding.hint})") == (path, message)
    assert value.startswith((named, f'"fact:{named}', f'"step:{named}'))


BROKEN_NOTICES = {
    "a role that may approve, but is not there": (
        notice("breach", approvals="{count: 2, roles: [commander, privacy-counsel]}"),
        "notices[0].approvals.roles[1]",
        "there is no role 'privacy-counsel'",
    ),
    "a role that is called, but is not there": (
        notice("breach", acknowledge="{within: 30m, role: people-led}"),
        "notices[0].acknowledge.role",
        "there is no role 'people-led'",
    ),
    "a step after which it goes, but is not there": (
        notice("breach", after="isolat"),
        "notices[0].after",
        "there is no step 'isolat'",
    ),
    "a due after a fact that is not there": (
        notice("breach", due='{within: 72h, after: "fact:awarenes"}'),
        "notices[0].due.after",
        "there is no fact 'awarenes'",
    ),
    "a due after a fact that is no moment": (
        notice("breach", due='{within: 72h, after: "fact:records"}'),
        "notices[0].due.after",
        "the fact 'records' is a number, so nothing can count from it",
    ),
    "a misspelt template": (
        notice("breach", template="breach-notise"),
        "notices[0].template",
        "there is no template 'customers/breach-notise'",
    ),
    "an audience that nothing is written for": (
        notice("breach", audience="custmers"),
        "notices[0].audience",
        "there is no template 'custmers/breach-notice'",
    ),
    "another audience's template": (
        notice("breach", audience="employees"),
        "notices[0].template",
        "there is no template 'employees/breach-notice'",
    ),
}


@pytest.mark.parametrize("case", BROKEN_NOTICES)
def test_a_notice_is_refused_for(case: str, tmp_path: Path) -> None:
    line, path, message = BROKEN_NOTICES[case]
    [finding] = linted(tmp_path, playbook(ISOLATE, TELL, notices=[line]))
    assert (finding.path, finding.message) == (path, message)
    assert finding.severity == "error"


def test_what_is_there_may_be_named(tmp_path: Path) -> None:
    text = playbook(
        ISOLATE,
        step("check", "backup-check", on_failure="isolate", arguments="{target: crm}"),
        step("restore", "restore", arguments="{drill: customer-records}"),
        step("seek", "last-clean", arguments="{target: crm}"),
        step("pause", "wait", arguments='{until: {within: 1h, after: "fact:awareness"}}'),
        step("block", "command", arguments="{argv: [nft, {fact: affected_host, as: host}]}"),
        step("wait-fact", "wait", needs="[check]", arguments="{fact: records}"),
        step("tell", "notify", on_failure="continue", arguments="{notice: breach}"),
        notices=[
            notice(
                "breach",
                approvals="{roles: [commander]}",
                after="pause",
                due='{within: 1h, after: "step:isolate"}',
            )
        ],
    )
    assert linted(tmp_path, text) == []


def test_a_template_that_needs_a_fact_nobody_asks_for_is_warned_of(tmp_path: Path) -> None:
    text = playbook(ISOLATE, TELL, notices=[BREACH]).replace("records, kind", "files, kind")
    [finding] = linted(tmp_path, text)
    assert (finding.path, finding.severity) == ("notices[0].template", "warning")
    assert finding.message == (
        "the template needs the fact 'records', which this playbook does not ask for"
    )


def test_without_a_library_documents_are_taken_on_trust(tmp_path: Path) -> None:
    text = playbook(
        step("a", runbook="gone"),
        step("b", "restore", arguments="{drill: gone}"),
        TELL,
        notices=[notice("breach", template="gone", audience="nobody")],
    )
    assert len(linted(tmp_path, text, library=LIBRARY)) == 3
    assert linted(tmp_path, text, library=None) == []


def test_a_name_that_is_missing_is_complained_about_once(tmp_path: Path) -> None:
    text = playbook("- {id: a, title: A, kind: manual}")
    found = [finding.message for finding in linted(tmp_path, text)]
    assert found == ["'phase' is missing", "'role' is missing"]


def test_a_notice_without_a_template_is_complained_about_once(tmp_path: Path) -> None:
    text = playbook(TELL, notices=[BREACH]).replace("template: breach-notice, ", "")
    found = [finding.message for finding in linted(tmp_path, text)]
    assert found == ["'template' is missing"]


def test_a_name_of_the_wrong_form_is_complained_about_once(tmp_path: Path) -> None:
    text = playbook(step("a", role="The Boss", needs="[Some Step]"))
    found = [finding.path for finding in linted(tmp_path, text)]
    assert found == ["steps[0].role", "steps[0].needs[0]"]
