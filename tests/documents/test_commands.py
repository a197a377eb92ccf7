"""Every command that a runbook, playbook or template tells people to type is there."""

from __future__ import annotations

import re
import shlex

import pytest
import typer.main

from ccir.catalog.sources import KINDS
from ccir.cli.app import app
from documents.shipped import PLAYBOOKS, SOURCES

COMMAND = re.compile(r"(?:^[ \t]*|`)ccir ([^`\n]+)", re.MULTILINE)
ROOT = typer.main.get_command(app)
NAMED = {
    f"{source.path.name}: {words.strip()}": words.strip()
    for kind in KINDS
    for source in SOURCES.list(kind)
    for words in COMMAND.findall(source.path.read_text("utf-8"))
}
STEPS = {step.id for playbook in PLAYBOOKS.values() for step in playbook.steps}
NOTICES = {notice.id for playbook in PLAYBOOKS.values() for notice in playbook.notices}
PLACEHOLDER = re.compile(r"[A-Z]+")


def test_documents_name_commands() -> None:
    assert len(NAMED) > 50


@pytest.mark.parametrize("named", NAMED.values(), ids=NAMED)
def test_a_command_that_a_document_names_is_there(named: str) -> None:
    command, context = ROOT, ROOT.make_context("ccir", [], resilient_parsing=True)
    words = shlex.split(named)
    while words and hasattr(command, "get_command"):
        found = command.get_command(context, words[0])
        assert found is not None, f"there is no command '{words[0]}'"
        command, context = found, type(context)(found, parent=context, info_name=words.pop(0))
    if words:
        command.make_parser(context).parse_args(words)


@pytest.mark.parametrize("named", NAMED.values(), ids=NAMED)
def test_a_step_or_notice_that_a_command_names_is_there(named: str) -> None:
    group, *words = shlex.split(named)
    place, known = _NAMES.get(group, (0, set()))
    if known and len(words) > place:
        assert PLACEHOLDER.fullmatch(words[place]) or words[place] in known


_NAMES = {"step": (1, STEPS), "decide": (0, STEPS), "notice": (1, NOTICES)}
