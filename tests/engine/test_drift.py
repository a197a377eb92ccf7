from __future__ import annotations

from ccir.domain.run import unstarted
from ccir.engine.drift import drift
from ccir.engine.handle import load
from ccir.engine.workspace import Workspace
from support.cli import Cli


def test_a_run_that_never_started_has_no_drift(workspace: Workspace, run_id: str) -> None:
    assert drift(workspace, unstarted(load(workspace, run_id).run.playbook)) == ""


def test_without_a_place_to_remember_it_is_only_slower(
    begun: Cli, workspace: Workspace, run_id: str
) -> None:
    (begun.folder / ".ccir" / "cache").write_text("a file in the way", encoding="utf-8")
    assert drift(workspace, load(workspace, run_id).run) == ""


def test_what_is_remembered_is_private(begun: Cli) -> None:
    begun("status")
    [kept] = (begun.folder / ".ccir" / "cache").iterdir()
    assert kept.stat().st_mode & 0o77 == 0
