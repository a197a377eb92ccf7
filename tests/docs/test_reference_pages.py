"""The reference pages say what there is: commands, events, errors, playbook keys, JSON."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import msgspec
import pytest

import ccir
import command_reference
from architecture.project import ROOT
from ccir import registry
from ccir.domain.events import EVENT_TYPES
from ccir.domain.playbook import Notice, Playbook, Service, Step
from ccir.errors import CcirError
from support.centre import make_centre
from support.mini import add_mini

REFERENCE = ROOT / "docs" / "reference"


def _page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def test_the_commands_page_is_what_the_command_line_says() -> None:
    assert _page("commands.md") == command_reference.page(), (
        "run: .venv/bin/python scripts/command_reference.py"
    )


def test_every_event_is_explained_once() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", _page("events.md"), re.MULTILINE)
    assert sorted(rows) == sorted(EVENT_TYPES)


def test_every_error_code_stands_with_its_exit_status() -> None:
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (\d+) \|", _page("errors.md"), re.MULTILINE))
    for module in pkgutil.walk_packages(ccir.__path__, "ccir."):
        importlib.import_module(module.name)  # a class that no test has met yet is not listed
    found = {kind.code: str(kind.exit_status) for kind in _errors(CcirError)}
    assert rows == found | {"bug": "70"}


def _errors(kind: type[CcirError]) -> set[type[CcirError]]:
    subclasses = {each for each in kind.__subclasses__() if each.__module__.startswith("ccir.")}
    return subclasses.union(*(_errors(each) for each in subclasses)) if subclasses else set()


@pytest.mark.parametrize("kind", [Playbook, Step, Notice, Service])
def test_every_key_of_a_playbook_is_explained(kind: type[msgspec.Struct]) -> None:
    text = _page("playbook.md")
    names = [field.encode_name for field in msgspec.structs.fields(kind)]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_every_kind_of_step_is_explained() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \|", _page("playbook.md"), re.MULTILINE)
    assert set(registry.names("steps")) <= set(rows)


@pytest.mark.parametrize(
    "words", ["status", "next", "runs", "log", "step list", "doctor", "evidence list"]
)
def test_every_key_of_a_document_is_named(words: str, tmp_path: Path) -> None:
    cli = make_centre(tmp_path / "centre")
    add_mini(cli.folder)
    cli("start", "mini")
    document = cli.json(*words.split(), status=None)
    row = re.search(rf"^\| `{words}` \| (.*) \|$", _page("json.md"), re.MULTILINE)
    assert row is not None
    assert [key for key in document if f"`{key}`" not in row[1]] == []
