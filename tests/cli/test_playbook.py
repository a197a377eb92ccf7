from __future__ import annotations

import json
from pathlib import Path

from support.cli import Cli


def test_playbooks_are_listed_without_a_workspace(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    ids = {each["id"] for each in cli.json("playbook", "list")["playbooks"]}
    assert {"data-breach", "ransomware"} <= ids
    assert "shipped" in cli("playbook", "list").out
    missing = cli("playbook", "list", "--workspace", tmp_path / "gone", status=6)
    assert "holds no ccir.toml" in missing.err


def test_a_shadowing_document_is_shown(centre: Cli) -> None:
    text = (centre.folder / "playbooks" / "mini.yaml").read_text(encoding="utf-8")
    own = text.replace("id: mini\nversion", "id: ransomware\nversion")
    (centre.folder / "playbooks" / "ransomware.yaml").write_text(own, encoding="utf-8")
    assert "shadows the shipped one" in centre("playbook", "list").out
    assert "in place of the shipped one" in centre("start", "ransomware").out


def test_a_broken_playbook_is_listed_and_hides_no_other(centre: Cli) -> None:
    (centre.folder / "playbooks" / "broken.yaml").write_text("id: broken\n", encoding="utf-8")
    shown = centre("playbook", "list").out
    assert "ccir playbook lint broken" in shown
    assert "data-breach" in shown


def test_a_playbook_is_shown_whole(centre: Cli) -> None:
    shown = centre("playbook", "show", "mini").out
    for part in ("Roles", "Act", "Tell", "Notices", "15m after start", "when crm_down"):
        assert part in shown
    assert centre.json("playbook", "show", "mini")["content"]["id"] == "mini"
    assert "Services to keep running" in centre("playbook", "show", "ransomware").out


def test_lint_finds_every_error_at_once(centre: Cli) -> None:
    path = centre.folder / "playbooks" / "mini.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("needs: [choose]", "needs: [chose]").replace(
        "when: crm_down", "when: crm_dwn"
    )
    path.write_text(text.replace("titel", "title") + "extra: 1\n", encoding="utf-8")
    answer = centre("playbook", "lint", "mini", "--json", status=2)
    findings = answer.json["findings"]
    assert len(findings) >= 3
    assert set(findings[0]) == {
        "file",
        "line",
        "column",
        "path",
        "severity",
        "message",
        "hint",
    }
    shown = centre("playbook", "lint", path, status=2).out
    assert f"{path}:" in shown
    assert "did you mean 'choose'?" in shown
    assert "did you mean 'crm_down'?" in shown


def test_lint_without_a_name_checks_every_document(centre: Cli) -> None:
    assert "0 errors" in centre("playbook", "lint").out
    (centre.folder / "drills" / "bad.yaml").write_text("id: bad\n", encoding="utf-8")
    assert "bad.yaml" in centre("playbook", "lint", status=2).out
    assert "there is no file" in centre("playbook", "lint", "gone.yaml", status=6).err


def test_the_graph_is_mermaid(centre: Cli) -> None:
    text = centre("playbook", "graph", "mini").out
    assert text.startswith("flowchart TD\n")
    assert centre.json("playbook", "graph", "mini")["mermaid"].startswith("flowchart TD\n")


def test_schemas_describe_every_kind_of_document(centre: Cli) -> None:
    for kind in ("playbook", "drill", "runbook", "template", "obligations"):
        schema = json.loads(centre("playbook", "schema", kind).out)
        assert "$defs" in schema
    assert "one of playbook" in centre("playbook", "schema", "novel", status=2).err
