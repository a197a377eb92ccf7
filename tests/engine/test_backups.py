from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccir.domain.drills import Bucket
from ccir.domain.event_parts import SYSTEM
from ccir.domain.events import DrillFinished
from ccir.engine.attendant import Attendant
from ccir.engine.backups import drill
from ccir.engine.drill_runs import play_alone
from ccir.engine.opening import open_workspace
from ccir.engine.workspace import Workspace
from support.cli import Cli
from support.restic_answers import quick_restic
from support.restic_repository import FILES, Repository
from support.restic_targets import only_file
from support.scheduled import scheduled_centre

DEFINED = "select: newest-and-older\nmode: sample\nbuckets: 4\ncontrol_every: 3\nnice: 1\n"


@pytest.fixture
def centre(tmp_path: Path, healthy: Repository) -> Cli:
    cli = scheduled_centre(tmp_path / "centre", healthy)
    cli.variables |= quick_restic(tmp_path / "bin")
    return cli


@pytest.fixture
def workspace(centre: Cli) -> Iterator[Workspace]:
    define(centre, DEFINED)
    opened = open_workspace(centre.surroundings, centre.folder)
    yield opened
    opened.stores.close()


def define(centre: Cli, more: str) -> None:
    path = centre.folder / "drills" / "nightly.yaml"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")


def played(workspace: Workspace) -> DrillFinished:
    return play_alone(workspace, "nightly", by=SYSTEM, attendant=Attendant()).judged.event


def drilled(workspace: Workspace, *, rotates: bool) -> DrillFinished:
    return drill(workspace, "nightly", Attendant(), rotates=rotates).event


def test_a_drill_that_rotates_goes_on_where_the_last_one_ended(workspace: Workspace) -> None:
    first, second = played(workspace), played(workspace)
    assert (first.verdict, second.verdict) == ("pass", "pass")
    assert (first.bucket, second.bucket) == (Bucket(number=0, of=4), Bucket(number=1, of=4))
    assert first.coverage is not None
    assert second.coverage is not None
    assert (first.coverage.files, first.coverage.runs_until_full) == (FILES, 3)
    assert second.coverage.verified_files > first.coverage.verified_files
    third = drilled(workspace, rotates=True)
    assert (third.bucket, third.control) == (Bucket(number=2, of=4), "pass")


def test_in_an_incident_a_drill_knows_nothing_of_the_rotation(workspace: Workspace) -> None:
    played(workspace)
    played(workspace)
    found = drilled(workspace, rotates=False)
    assert (found.bucket, found.control, found.older) == (Bucket(number=0, of=4), None, None)


def test_what_is_recorded_says_what_was_played(workspace: Workspace, centre: Cli) -> None:
    found = drilled(workspace, rotates=False)
    assert drilled(workspace, rotates=True).definition == found.definition
    assert len(found.definition) == 64
    assert (found.restored, found.validated, found.level) == ("pass", "pass", "L6")
    assert found.tool.startswith("restic ")
    assert found.phases
    define(centre, "keep_on_fail: 1d\n")
    again = open_workspace(centre.surroundings, centre.folder)
    assert drilled(again, rotates=False).definition != found.definition
    again.stores.close()


def test_what_was_learnt_of_a_snapshot_is_kept_without_any_name(
    centre: Cli, healthy: Repository
) -> None:
    workspace = open_workspace(centre.surroundings, centre.folder)
    drilled(workspace, rotates=True)
    kept = only_file(centre.folder / ".ccir" / "cache" / "lists")
    assert kept.name == healthy.snapshot_id
    assert b"crm.sqlite" not in kept.read_bytes()
    workspace.stores.close()
