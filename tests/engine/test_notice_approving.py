from __future__ import annotations

from ccir.engine.handle import load
from ccir.engine.notice_approving import roles_of
from ccir.engine.workspace import Workspace
from support.cli import Cli


def test_roles_come_from_the_settings_and_from_the_run(
    begun: Cli, workspace: Workspace, run_id: str
) -> None:
    begun("role", "assign", "commander", "kim")
    run = load(workspace, run_id).run
    assert set(roles_of(workspace, run, "kim")) >= {"commander", "privacy-counsel"}
    assert roles_of(workspace, run, "nobody") == ()
