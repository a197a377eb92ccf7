from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from ccir.backup.borg_restore import _pattern, restore
from ccir.backup.held_interface import FileContent
from ccir.backup.interface import BackupTool, RestoreRequest, Snapshot, Target, ToolKit
from ccir.checks.interface import measure
from ccir.clock import SystemClock
from support.borg_repository import (
    BorgRepository,
    back_up_with_borg,
    empty_borg_repository,
    the_archive,
)
from support.fake_borg import fake_borg
from support.restic_targets import said

REMOTE = Target(name="crm", tool="borg", repository="ssh://backup.invalid/crm")
ODD_NAMES = (b"caf\xe9.wav", b"two\nlines.wav", b" blanks ", "naïve ü".encode(), b"# {now} [x]*?")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory, healthy_borg: BorgRepository) -> BorgRepository:
    """A repository of files with odd names, one of which is there under three."""
    del healthy_borg  # skips where there is no borg
    repository = empty_borg_repository(tmp_path_factory.mktemp("odd"))
    place = os.fsencode(repository.source)
    for name in ODD_NAMES:
        Path(os.fsdecode(place + b"/" + name)).write_bytes(name * 3)
    for name in (b"/other", b"/z\xe9"):
        os.link(place + b"/" + ODD_NAMES[0], place + name)
    (repository.source / "empty").touch()
    (repository.source / "link").symlink_to("empty")
    os.mkfifo(repository.source / "pipe")
    back_up_with_borg(repository, name="odd {now} :name")
    return repository


@pytest.fixture(scope="module")
def odd_archive(odd: BorgRepository) -> Snapshot:
    return the_archive(odd)


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def test_whatever_a_file_is_called_it_is_counted_told_and_restored(
    borg_tool: BackupTool, odd: BorgRepository, odd_archive: Snapshot, *, tmp_path: Path
) -> None:
    counted = borg_tool.content(odd.target, odd_archive)
    into = tmp_path / "into"
    told: list[tuple[int, int | None]] = []
    request = RestoreRequest(verifies=True, progress=lambda done, total: told.append((done, total)))
    outcome = borg_tool.restore(odd.target, odd_archive, into=into, request=request)
    assert said(outcome) == "pass"
    restored = measure(into)
    assert (counted.files, counted.bytes) == (restored.files, restored.bytes)
    assert counted.files == len(ODD_NAMES) + 3
    assert files_below(into / odd.source.relative_to("/")) == files_below(odd.source)
    assert told


def test_whatever_a_file_is_called_it_is_told_what_it_must_be(
    borg_tool: BackupTool, odd: BorgRepository, odd_archive: Snapshot
) -> None:
    found: list[FileContent] = []
    assert said(borg_tool.contents(odd.target, odd_archive, take=found.append)) == "pass"
    below = odd.source.relative_to("/")
    sums = {
        str(below / path): (len(octets), hashlib.sha256(octets).digest())
        for path, octets in files_below(odd.source).items()
    }
    empty = sums.pop(str(below / "empty"))
    told = {each.path: (each.size, each.chunks[0].sha256) for each in found if each.chunks}
    assert told == sums
    assert [each.size for each in found if not each.chunks] == [empty[0]]


def test_only_the_files_that_are_named_are_restored(
    borg_tool: BackupTool, odd: BorgRepository, odd_archive: Snapshot, *, tmp_path: Path
) -> None:
    below = str(odd.source.relative_to("/"))
    only = tuple(f"{below}/{os.fsdecode(name)}" for name in (*ODD_NAMES, b"other"))
    request = RestoreRequest(only=only, verifies=True)
    outcome = borg_tool.restore(odd.target, odd_archive, into=tmp_path, request=request)
    assert said(outcome) == "pass"
    assert set(files_below(tmp_path)) == set(only)


@pytest.mark.parametrize(
    ("on_disk", "expected"),
    [
        (b"abc", "pass"),
        (b"abd", "error content-unknown"),
        (b"abcd", "error content-unknown"),
        (None, "error content-unknown"),
    ],
)
def test_a_file_that_did_not_get_to_the_disk_as_it_is_is_noticed(
    tmp_path: Path, on_disk: bytes | None, expected: str
) -> None:
    digest = hashlib.sha256(b"abc").hexdigest()
    fake = fake_borg(tmp_path / "bin", stdout=f"-\t3\thealthy\t''\t'a'\t{digest}\n")
    kit = ToolKit(clock=SystemClock(), environment={"PATH": fake.path})
    if on_disk is not None:
        (tmp_path / "a").write_bytes(on_disk)
    request = RestoreRequest(verifies=True)
    outcome = restore(kit, REMOTE, location="::a", into=tmp_path, request=request)
    assert said(outcome) == expected


def test_a_place_that_cannot_be_made_is_no_verdict(tmp_path: Path) -> None:
    kit = ToolKit(clock=SystemClock(), environment={"PATH": fake_borg(tmp_path / "bin").path})
    into = tmp_path / ("x" * 300)
    outcome = restore(kit, REMOTE, location="::a", into=into, request=RestoreRequest())
    assert outcome.verdict == "error"


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("srv/a b.wav", "pf:srv/a b.wav"),
        ("srv/[x]*?", "pf:srv/[x]*?"),
        ("a\n", r"re:^\U00000061\U0000000a\Z"),
        ("\udce9", r"re:^\U0000dce9\Z"),
        (" a", r"re:^\U00000020\U00000061\Z"),
    ],
)
def test_a_pattern_is_for_exactly_one_path(path: str, pattern: str) -> None:
    assert _pattern(path) == pattern
