"""Finding a workspace, and refusing one that somebody else could have laid out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ccir.config.workspace import find_workspace, refuse_untrusted
from ccir.errors import NotFoundError, RefusedError, UnavailableError

ANOTHER_USER = 12_345


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "centre"
    for name in ("playbooks/obligations", "notify_templates/customers", "deep/er"):
        (folder / name).mkdir(parents=True)
    (folder / "ccir.toml").write_text("", encoding="utf-8")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def test_the_nearest_folder_above_with_settings_is_the_workspace(workspace: Path) -> None:
    assert find_workspace(workspace / "deep" / "er", None) == workspace
    assert find_workspace(workspace, None) == workspace


def test_a_workspace_inside_another_is_nearer(workspace: Path) -> None:
    inner = workspace / "deep"
    (inner / "ccir.toml").write_text("", encoding="utf-8")

    assert find_workspace(inner / "er", None) == inner


def test_a_relative_start_gives_an_absolute_workspace(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace / "deep")

    assert find_workspace(Path(), None) == workspace
    assert find_workspace(Path(), Path("..")).resolve() == workspace


def test_no_workspace_at_all_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        find_workspace(tmp_path, None)

    assert "ccir init" in caught.value.hint


def test_a_named_folder_must_hold_settings_itself(workspace: Path) -> None:
    assert find_workspace(Path("/"), workspace) == workspace
    with pytest.raises(NotFoundError, match="deep"):
        find_workspace(workspace, workspace / "deep")


@pytest.mark.parametrize(
    "exposed",
    [".", "ccir.toml", "playbooks", "playbooks/obligations", "notify_templates/customers"],
)
def test_a_workspace_that_everybody_can_write_to_is_refused_unless_named(
    workspace: Path, exposed: str
) -> None:
    path = workspace / exposed
    path.chmod(path.stat().st_mode | 0o002)

    with pytest.raises(RefusedError, match="can be written by everybody") as caught:
        find_workspace(workspace, None)

    assert f"--workspace {workspace}" in caught.value.hint
    assert find_workspace(workspace, workspace) == workspace


def test_folders_that_hold_no_documents_may_be_writable(workspace: Path) -> None:
    (workspace / "deep").chmod(0o777)

    refuse_untrusted(workspace, user=os.geteuid())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("owned", [".", "ccir.toml", "playbooks"])
def test_a_workspace_of_another_user_is_refused(workspace: Path, owned: str) -> None:
    os.chown(workspace / owned, ANOTHER_USER, -1)

    with pytest.raises(RefusedError, match="belongs to another user"):
        find_workspace(workspace, None)


def test_a_workspace_is_seen_with_the_eyes_of_the_user_who_asks(workspace: Path) -> None:
    if workspace.stat().st_uid == 0:
        refuse_untrusted(workspace, user=ANOTHER_USER)  # what belongs to root is trusted
    else:
        with pytest.raises(RefusedError):
            refuse_untrusted(workspace, user=ANOTHER_USER)


def test_document_folders_without_end_are_refused(workspace: Path) -> None:
    for number in range(1_000):
        (workspace / "playbooks" / str(number)).mkdir()

    with pytest.raises(RefusedError, match="more than 1000 folders"):
        find_workspace(workspace, None)


def test_a_loop_of_links_ends(workspace: Path) -> None:
    (workspace / "playbooks" / "again").symlink_to(workspace / "playbooks")

    assert find_workspace(workspace, None) == workspace


def test_a_folder_that_cannot_be_looked_at_is_unavailable(workspace: Path) -> None:
    with pytest.raises(UnavailableError, match="File name too long"):
        find_workspace(workspace / ("x" * 300), None)
