"""Backups of files that were bad before they were backed up: only the right check finds it.

restic passes on all of them: it brings back what it was given. Each row of the facts about plain
artefacts is a whole drill here; the checks by themselves are tried in tests/checks.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from ccir.domain.drills import CheckPlan
from ccir.drilling.drill import run_drill
from ccir.drilling.interface import DrillResult
from support.archives import FILES, SUMS, archive, with_sums
from support.damage import cut, flip_bit
from support.drills import drill_with, kit_for, left_in, meddling_restic, target_of, verdicts
from support.postgres_dumps import ROWS, dumps, programs
from support.restic_repository import (
    TAKEN_AT,
    Repository,
    back_up,
    empty_repository,
    restic_is_there,
)

ENOUGH = {"minimum_members": 3, "minimum_bytes": 1_000}


def database(file: Path, *, rows: int = 2_000) -> None:
    """Make a database; with write-ahead log, as one that is copied while it is written to."""
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        opened.execute("CREATE INDEX names ON customers (name)")
        named = [(f"customer {number} of many",) for number in range(rows)]
        opened.executemany("INSERT INTO customers (name) VALUES (?)", named)
        opened.commit()


def without_log(file: Path) -> None:
    """Copy a database that is being written to without its write-ahead log."""
    with closing(sqlite3.connect(file.with_suffix(".live"))) as live:
        live.execute("PRAGMA journal_mode = WAL")
        live.execute("PRAGMA wal_autocheckpoint = 0")
        live.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY)")
        live.commit()
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        live.executemany("INSERT INTO customers VALUES (?)", [(at,) for at in range(1_000)])
        live.commit()
        file.write_bytes(file.with_suffix(".live").read_bytes())
    file.with_suffix(".live").unlink()


def zero_page(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(3 * 4_096)
        opened.write(bytes(4_096))


def write_archives(folder: Path) -> None:
    """Write archives, each bad in its own way; one bit is in what the second file holds."""
    whole = with_sums()
    for kind in ("tar", "tar.gz", "zip"):
        (folder / f"whole.{kind}").write_bytes(archive(kind, whole))
        bad = folder / f"bit.{kind}"
        bad.write_bytes(archive(kind, whole))
        octets = bad.read_bytes()
        at = octets.index(FILES["calls/one.wav"][:32]) + 50 if kind == "tar" else len(octets) // 2
        flip_bit(bad, at=at)
    (folder / "extra.tar").write_bytes(archive("tar", {**whole, "planted.exe": b"MZ"}))
    (folder / "unlisted.tar").write_bytes(archive("tar", {**whole, SUMS: b""}))


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A healthy repository of bad files."""
    if not restic_is_there():
        pytest.skip("restic is not installed: apt-get install restic")
    repository = empty_repository(tmp_path_factory.mktemp("bad"))
    folder = repository.source
    folder.mkdir()
    for name in ("whole", "cut", "zeroed"):
        database(folder / f"{name}.sqlite")
    (folder / "nothing.sqlite").touch()
    cut(folder / "cut.sqlite", to=0.5)
    zero_page(folder / "zeroed.sqlite")
    without_log(folder / "logless.sqlite")
    write_archives(folder)
    back_up(repository, at=TAKEN_AT)
    return repository


def played(repository: Repository, folder: Path, kind: str, **arguments: object) -> DrillResult:
    """Play a drill with one check, which finds what the restore and its proof pass on."""
    drill = drill_with(CheckPlan(kind=kind, arguments=arguments), control_every=0)
    result = run_drill(drill, target_of(repository), kit_for(folder))
    found = verdicts(result.checks)
    assert (found["restore"], found["content-proof"]) == ("pass", "pass")
    assert left_in(folder) == []
    return result


DATABASES = {
    "whole": ("pass", ""),
    "nothing": ("fail", "not-a-database"),
    "cut": ("fail", "database-damaged"),
    "zeroed": ("fail", "database-damaged"),
    "logless": ("fail", "below-floor"),
}


@pytest.mark.parametrize("name", DATABASES)
def test_a_bad_database_fails_the_drill(bad: Repository, tmp_path: Path, name: str) -> None:
    path, floors = f"**/{name}.sqlite", {"customers": 1}
    result = played(bad, tmp_path, "sqlite", path=path, tables=floors)
    assert (result.verdict, result.reason) == DATABASES[name]


ARCHIVES: Mapping[str, tuple[str, str]] = {
    "whole.tar": ("pass", ""),
    "whole.tar.gz": ("pass", ""),
    "whole.zip": ("pass", ""),
    "bit.tar": ("fail", "sums-mismatch"),
    "bit.tar.gz": ("fail", "archive-damaged"),
    "bit.zip": ("fail", "archive-damaged"),
    "extra.tar": ("fail", "not-listed"),
    "unlisted.tar": ("fail", "sums-empty"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_bad_archive_fails_the_drill(bad: Repository, tmp_path: Path, name: str) -> None:
    result = played(bad, tmp_path, "archive", path=f"**/{name}", sums=SUMS, **ENOUGH)
    assert (result.verdict, result.reason) == ARCHIVES[name]


def test_a_bit_of_a_rows_text_that_flips_while_it_is_restored_fails_the_proof_of_content(
    healthy: Repository, tmp_path: Path
) -> None:
    flip = (
        '$restic "$@"; file=$(find "$into" -name crm.sqlite); '
        "LC_ALL=C sed -i 's/customer 250/customer 251/' \"$file\""
    )
    kit = kit_for(tmp_path, environment=meddling_restic(tmp_path / "bin", on_restore=flip))
    result = run_drill(drill_with(control_every=0), target_of(healthy), kit)
    assert (result.verdict, result.reason) == ("fail", "content-differs")
    assert verdicts(result.checks)["sqlite"] == "pass"  # it cannot know


# ------------------------------------------------------------------------------------ PostgreSQL

DUMPS = {
    "whole.dump": ("pass", ""),
    "bit.dump": ("fail", "dump-damaged"),
    "short.dump": ("fail", "dump-damaged"),
    "nothing.dump": ("fail", "empty-file"),
    "half.sql": ("fail", "dump-incomplete"),
}


@pytest.fixture(scope="module")
def dumped(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A healthy repository of dumps of which one is whole."""
    programs()
    if not restic_is_there():
        pytest.skip("restic is not installed: apt-get install restic")
    repository = empty_repository(tmp_path_factory.mktemp("dumped"))
    folder = repository.source
    folder.mkdir()
    custom, plain = dumps().custom, dumps().plain
    for name, octets in {
        "whole.dump": custom,
        "bit.dump": custom,
        "short.dump": custom[:-3],
        "nothing.dump": b"",
        "half.sql": plain[: len(plain) // 2],
    }.items():
        (folder / name).write_bytes(octets)
    flip_bit(folder / "bit.dump", at=len(custom) // 2)
    back_up(repository, at=TAKEN_AT)
    return repository


@pytest.mark.parametrize("name", DUMPS)
def test_a_bad_dump_fails_the_drill(dumped: Repository, tmp_path: Path, name: str) -> None:
    tables = {"customers": ROWS}
    result = played(dumped, tmp_path, "postgres", path=f"**/{name}", tables=tables)
    assert (result.verdict, result.reason) == DUMPS[name]
