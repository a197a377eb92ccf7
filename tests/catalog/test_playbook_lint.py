from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.catalog.documents import load_playbook
from ccir.catalog.findings import DocumentError
from support.documents import LIBRARY, STEP_KINDS, linted, notice, playbook, said, step, write


def test_every_error_of_every_kind_is_found_at_once(tmp_path: Path) -> None:
    text = playbook(
        step("a", needs="[b]", runbok="isolate-network"),
        step("b", needs="[a]", runbook="gone"),
        step("c", role="nobody", needs="[b]"),
        step("d", on="recrds > 1"),
        step("e", "restore", arguments="{drill: gone}"),
        notices=[notice("unsent"), notice("lost", template="gone")],
    )
    assert said(linted(tmp_path, text)) == [
        (
            "17:78: error: steps[0].needs[0]: a cycle: a → b → a "
            "(each waits for the next: take one of them out of the other's needs)"
        ),
        "17:82: error: steps[0].runbok: unknown key 'runbok' (did you mean 'runbook'?)",
        (
            "18:91: error: steps[1].runbook: there is no runbook 'gone' "
            "(known: call-partners, isolate-network)"
        ),
        (
            "19:45: error: steps[2].role: no one owns step 'c': there is no role 'nobody' "
            "(known: commander, technical-lead)"
        ),
        (
            "19:75: error: steps[2].needs[0]: step 'c' is unreachable: it waits for 'b', which is "
            "never settled (break up the cycle)"
        ),
        "20:76: error: steps[3].when: there is no fact 'recrds' (did you mean 'records'?)",
        "21:85: error: steps[4].with.drill: there is no drill 'gone' (known: customer-records)",
        (
            "23:10: error: notices[0].id: nobody sends the notice 'unsent' "
            "(add a step of kind notify with it, name its obligations, or take it out)"
        ),
        (
            "24:10: error: notices[1].id: nobody sends the notice 'lost' "
            "(add a step of kind notify with it, name its obligations, or take it out)"
        ),
        (
            "24:60: error: notices[1].template: there is no template 'customers/gone' "
            "(known: customers/breach-notice, employees/all-hands)"
        ),
    ]


def test_an_id_that_stands_twice_names_the_first(tmp_path: Path) -> None:
    [finding] = linted(tmp_path, playbook(step("a"), step("b"), step("a")))
    assert str(finding).endswith(
        "19:10: error: steps[2].id: 'a' stands here twice (first in line 17)"
    )


def test_ids_of_different_parts_may_be_the_same(tmp_path: Path) -> None:
    text = playbook(
        step("contain"),
        step("breach", "notify", arguments="{notice: breach}"),
        notices=[notice("breach")],
    )
    assert linted(tmp_path, text) == []


@pytest.mark.parametrize("name", ["stop", "continue"])
def test_a_step_is_not_called_like_a_word_of_on_failure(name: str, tmp_path: Path) -> None:
    [finding] = linted(tmp_path, playbook(step(name)))
    assert finding.message == f"'{name}' is a word of on_failure"


def test_a_choice_needs_choices_and_a_text_has_none(tmp_path: Path) -> None:
    text = (
        playbook(step("a"))
        .replace("choices: [phishing, vendor], ", "")
        .replace("kind: text", "kind: text, choices: [a]")
    )
    assert [(each.path, each.message) for each in linted(tmp_path, text)] == [
        ("facts[3]", "the choice 'entry_route' has no choices"),
        ("facts[4].choices", "a fact of kind text has no choices"),
    ]


LACKING = {
    "{}": "a wait is for exactly one of until, fact and step; this one is for nothing",
    "{fact: records, step: a}": (
        "a wait is for exactly one of until, fact and step; this one is for fact and step"
    ),
}


@pytest.mark.parametrize("arguments", LACKING)
def test_a_wait_is_for_one_thing(arguments: str, tmp_path: Path) -> None:
    [finding] = linted(tmp_path, playbook(step("a"), step("w", "wait", arguments=arguments)))
    assert (finding.path, finding.message) == ("steps[1].with", LACKING[arguments])


def test_a_decision_without_options_is_refused(tmp_path: Path) -> None:
    line = step("a", "decision", arguments="{question: Which, options: {}}")
    [finding] = linted(tmp_path, playbook(line))
    assert finding.message == "a decision needs options to choose from"


def test_loading_refuses_what_does_not_fit_together_with_every_finding(tmp_path: Path) -> None:
    text = playbook(step("a", needs="[gone]"), step("b", role="nobody"))
    source = write(tmp_path, "playbooks/outage.yaml", text)
    with pytest.raises(DocumentError) as caught:
        load_playbook(source, STEP_KINDS)
    paths = [finding.path for finding in caught.value.findings]
    assert paths == ["steps[0].needs[0]", "steps[1].role"]
    assert caught.value.exit_status == 2


def test_loading_with_a_library_refuses_documents_that_are_not_there(tmp_path: Path) -> None:
    source = write(tmp_path, "playbooks/outage.yaml", playbook(step("a", runbook="gone")))
    assert load_playbook(source, STEP_KINDS).id == "outage"
    with pytest.raises(DocumentError, match="there is no runbook 'gone'"):
        load_playbook(source, STEP_KINDS, library=LIBRARY)


def test_a_warning_does_not_keep_a_playbook_from_loading(tmp_path: Path) -> None:
    text = playbook(step("a", on_failure="b"), step("b"))
    [finding] = linted(tmp_path, text)
    assert finding.severity == "warning"
    source = write(tmp_path, "playbooks/outage.yaml", text)
    assert load_playbook(source, STEP_KINDS).id == "outage"


def test_a_file_that_is_no_playbook_at_all_has_its_findings_only(tmp_path: Path) -> None:
    assert [finding.message for finding in linted(tmp_path, "")] == ["the document is empty"]


RICH = playbook(
    step("isolate", runbook="isolate-network", due='{within: 1h, after: "fact:awareness"}'),
    step("choose", "decision", arguments="{question: Which, options: {all: All, some: Some}}"),
    step("cut", on='\'decision["choose"] == "all" and records > 1\'', needs="[isolate]"),
    step("check", "backup-check", on_failure="cut", arguments="{target: crm}"),
    step("pause", "wait", arguments='{until: {within: 1h, after: "step:isolate"}}'),
    step("restore", "restore", arguments="{drill: customer-records}"),
    step("block", "command", arguments="{argv: [nft, {fact: affected_host, as: host}]}"),
    step("tell", "notify", arguments="{notice: breach}"),
    notices=[notice("breach", after="isolate", approvals="{count: 2, roles: [commander]}")],
)
WORDS = [
    *dict.fromkeys(re.findall(r"[\w-]+|[^\w\s]", RICH)),
    "",
    "~",
    "{}",
    "[]",
    "[x]",
    "Ü x",
    "'",
]


def test_the_playbook_that_is_to_be_spoilt_is_sound(tmp_path: Path) -> None:
    assert linted(tmp_path, RICH) == []


@given(
    st.lists(
        st.tuples(st.integers(0, len(RICH) - 1), st.integers(0, 12), st.sampled_from(WORDS)),
        min_size=1,
        max_size=3,
    )
)
def test_whatever_is_spoilt_is_a_finding_and_never_a_crash(
    folder: Path, spoilt: list[tuple[int, int, str]]
) -> None:
    text = RICH
    for start, length, word in spoilt:
        text = text[:start] + word + text[start + length :]
    last = text.count("\n") + 2
    for finding in linted(folder, text):
        assert 1 <= finding.line <= last
        assert finding.column >= 1
        assert finding.message


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spoilt")
