"""The drills that the pages show are drills that the linter accepts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from architecture.project import ROOT, relative
from ccir import registry
from support.centre import make_centre

HOW_TO = ROOT / "docs" / "how-to"
NAMES = ("backups", "canaries", "checks", "drill-schedule", "drills", "postgres")
PAGES = tuple(HOW_TO / f"{name}.md" for name in NAMES)
YAML = re.compile(r"^```yaml\n(id: (\S+)\n.*?^checks:\n.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_a_drill_that_a_page_shows_is_accepted(page: Path, tmp_path: Path) -> None:
    cli = make_centre(tmp_path / "centre")
    (cli.folder / "drills").mkdir(exist_ok=True)
    shown = YAML.findall(page.read_text(encoding="utf-8"))
    assert shown
    for text, name in shown:
        (cli.folder / "drills" / f"{name}.yaml").write_text(text, encoding="utf-8")
    answer = cli("playbook", "lint", status=None)
    assert [line for line in answer.out.splitlines() if "drills/" in line] == []


def test_a_drill_that_is_wrong_would_be_found_out(tmp_path: Path) -> None:
    cli = make_centre(tmp_path / "centre")
    (cli.folder / "drills").mkdir(exist_ok=True)
    (cli.folder / "drills" / "odd.yaml").write_text("id: odd\nchecks: []\n", encoding="utf-8")
    assert "drills/odd.yaml" in cli("playbook", "lint", status=2).out


def test_every_check_has_its_row_and_its_example() -> None:
    text = (HOW_TO / "checks.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE)) == [
        *registry.names("checks")
    ]
    assert {*re.findall(r"^  - kind: ([\w-]+)$", text, re.MULTILINE)} == {*registry.names("checks")}
