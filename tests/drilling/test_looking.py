from __future__ import annotations

from pathlib import Path

import pytest

from ccir.drilling.looking import count, look, probe
from ccir.drilling.targets import tool_of
from support.damage import flip_bit
from support.drills import kit_for, target_of
from support.restic_repository import FILES, Repository, back_up


def test_a_repository_that_opens_tells_what_it_holds(
    repository: Repository, tmp_path: Path
) -> None:
    back_up(repository, at="2026-01-02 03:10:00", host="web1")
    target = target_of(repository)
    tool = tool_of(target, kit_for(tmp_path))
    opened, listing = look(tool, target)
    assert (opened.name, opened.verdict) == ("repository", "pass")
    assert opened.detail == "opened; snapshots: 1 of this target, 2 in all"
    assert listing is not None
    held, tree = count(tool, target, listing.snapshots[0])
    assert (held.verdict, tree.files) == ("pass", FILES)


def test_nothing_speaks_against_a_repository_that_is_there(
    healthy: Repository, tmp_path: Path
) -> None:
    target = target_of(healthy)
    assert probe(tool_of(target, kit_for(tmp_path)), target) is None


@pytest.mark.parametrize(
    ("changes", "verdict", "reason"),
    [
        ({"repository": "/nowhere/crm"}, "fail", "repository-missing"),
        ({"password_file": "/nowhere/password"}, "error", "password-unavailable"),
    ],
)
def test_what_speaks_against_a_target_is_told_before_it_is_opened(
    healthy: Repository, tmp_path: Path, *, changes: dict[str, object], verdict: str, reason: str
) -> None:
    target = target_of(healthy, **changes)
    found = probe(tool_of(target, kit_for(tmp_path)), target)
    assert found is not None
    assert (found.name, found.verdict, found.reason) == ("repository", verdict, reason)


def test_a_repository_that_does_not_open_can_be_asked_nothing_more(
    healthy: Repository, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong\n", encoding="utf-8")
    wrong.chmod(0o600)
    target = target_of(healthy, password_file=str(wrong))
    opened, listing = look(tool_of(target, kit_for(tmp_path)), target)
    assert (opened.verdict, opened.reason) == ("error", "wrong-password")
    assert listing is None


def test_one_unreadable_snapshot_is_a_fail_but_the_others_can_be_asked_for(
    repository: Repository, tmp_path: Path
) -> None:
    first = repository.snapshot_id
    back_up(repository, at="2026-01-02 03:20:00")
    flip_bit(repository.folder / "snapshots" / first, at=40)
    target = target_of(repository)
    opened, listing = look(tool_of(target, kit_for(tmp_path)), target)
    assert (opened.verdict, opened.reason) == ("fail", "snapshot-damaged")
    assert listing is not None
    assert len(listing.snapshots) == 1


def test_beside_an_unreadable_snapshot_those_of_others_can_be_asked_for(
    repository: Repository, tmp_path: Path
) -> None:
    first = repository.snapshot_id
    back_up(repository, at="2026-01-02 03:20:00", host="web1")
    flip_bit(repository.folder / "snapshots" / first, at=40)
    target = target_of(repository)
    opened, listing = look(tool_of(target, kit_for(tmp_path)), target)
    assert opened.verdict == "fail"
    assert listing is not None
    assert (listing.snapshots, listing.in_repository) == ((), 1)


def test_where_no_snapshot_can_be_read_nothing_more_is_asked(
    repository: Repository, tmp_path: Path
) -> None:
    flip_bit(repository.folder / "snapshots" / repository.snapshot_id, at=40)
    target = target_of(repository)
    opened, listing = look(tool_of(target, kit_for(tmp_path)), target)
    assert (opened.verdict, opened.reason) == ("fail", "snapshot-damaged")
    assert listing is None
