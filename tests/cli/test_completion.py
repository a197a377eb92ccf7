from __future__ import annotations

from pathlib import Path

import pytest

from ccir.cli import completion
from support.cli import Cli


@pytest.fixture
def here(begun: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The workspace as the folder in which the shell stands."""
    monkeypatch.chdir(begun.folder)
    return begun


def test_the_shell_is_offered_what_the_workspace_knows(here: Cli) -> None:
    assert completion.complete_runs("INC") == ["INC-2026-0001"]
    assert completion.complete_people("k") == ["kim"]
    assert completion.complete_targets("") == []
    assert completion.complete_channels("f") == ["files"]
    assert completion.complete_steps("pre") == ["preserve"]
    assert completion.complete_facts("aw") == ["awareness="]
    assert completion.complete_roles("com") == ["commander"]
    assert completion.complete_notices("") == ["customers"]
    assert "mini" in completion.complete_playbooks("")
    assert completion.complete_drills("mi") == ["mini"]
    assert completion.complete_rules("EU-GDPR-33-S") == ["EU-GDPR-33-SA", "EU-GDPR-33-SA.1"]
    assert here.folder.exists()


def test_without_a_workspace_shipped_documents_are_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert completion.complete_playbooks("data") == ["data-breach"]
    assert completion.complete_steps("") == []
    assert completion.complete_rules("EU") == []
