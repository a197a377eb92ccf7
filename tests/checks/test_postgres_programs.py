from __future__ import annotations

import os
import pwd
import shutil
from pathlib import Path

import pytest

from ccir.checks import postgres_programs
from ccir.checks.postgres_programs import find_programs
from ccir.checks.reading import NoVerdictError
from ccir.errors import UnavailableError

PATH = {"PATH": os.environ["PATH"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("initdb", "postgres", "psql", "pg_restore"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\n", encoding="utf-8")
        program.chmod(0o755)
    return tmp_path


def test_the_wanted_folder_is_taken(folder: Path) -> None:
    assert find_programs(str(folder), PATH).folder == folder


def test_a_folder_that_lacks_a_program_is_told(folder: Path) -> None:
    (folder / "pg_restore").unlink()
    with pytest.raises(UnavailableError, match="pg_restore") as raised:
        find_programs(str(folder), PATH)
    assert "apt-get install postgresql" in raised.value.hint


def test_the_newest_version_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("9", "14", "16"):
        (tmp_path / version).mkdir()
        for name in ("initdb", "postgres", "psql", "pg_restore"):
            (tmp_path / version / name).write_text("#!/bin/sh\n", encoding="utf-8")
            (tmp_path / version / name).chmod(0o755)
    pattern = f"{tmp_path.relative_to('/')}/*"
    monkeypatch.setattr(postgres_programs, "_FOLDERS", (pattern,))
    monkeypatch.setattr(postgres_programs, "_version", lambda found: int(found.name))
    assert find_programs(None, PATH).folder.name == "16"


def test_versions_are_compared_as_numbers() -> None:
    version = postgres_programs._version
    assert version(Path("/usr/lib/postgresql/9.6/bin")) < version(Path("/usr/pgsql-16/bin"))
    assert version(Path("/opt/pg/bin")) == 0


def test_root_becomes_the_user_of_the_database(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwall", lambda: [USER])
    found = find_programs(str(folder), PATH)
    assert (found.user_id, found.group_id) == (101, 104)
    assert found.wrapper[0] == shutil.which("setpriv")
    assert "--reuid=101" in found.wrapper


USER = pwd.struct_passwd(("postgres", "x", 101, 104, "", "/", "/bin/sh"))


@pytest.mark.parametrize("lacking", ["setpriv", "user"])
def test_root_with_nobody_else_to_be_is_no_verdict(
    folder: Path, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwall", lambda: [USER] if lacking == "setpriv" else [])
    path = {"PATH": ""} if lacking == "setpriv" else PATH
    with pytest.raises(NoVerdictError, match="does not run as root"):
        find_programs(str(folder), path)


def test_another_user_needs_no_wrapper(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1_000)
    found = find_programs(str(folder), {"PATH": str(folder)})
    assert (found.user_id, found.wrapper) == (None, ())
