from __future__ import annotations

import datetime as dt
import os
import stat
from pathlib import Path

import pytest

from ccir.domain.canary import encode, parse
from ccir.engine.canary_writing import write_canary
from ccir.errors import RefusedError, UnavailableError
from support.cli import NOW, Cli
from support.unprivileged import NOBODY, open_folder, without_privileges


@pytest.fixture
def centre(tmp_path: Path) -> Cli:
    return Cli(tmp_path)


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_a_new_canary_is_whole_private_and_of_this_moment(centre: Cli) -> None:
    file = centre.folder / "canary.json"
    written = write_canary(file, centre.surroundings)
    assert file.read_bytes() == encode(written)
    assert written.written_at - NOW < dt.timedelta(seconds=1)
    assert mode(file) == 0o600
    assert [*centre.folder.iterdir()] == [file]


def test_each_canary_is_fresh_and_keeps_the_mode_that_it_had(centre: Cli) -> None:
    file = centre.folder / "canary.json"
    first = write_canary(file, centre.surroundings)
    file.chmod(0o644)
    second = write_canary(file, centre.surroundings)
    assert first.nonce != second.nonce
    assert parse(file.read_bytes()) == second
    assert mode(file) == 0o644


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file to somebody else")
def test_a_canary_stays_its_owners(centre: Cli) -> None:
    file = centre.folder / "canary.json"
    write_canary(file, centre.surroundings)
    os.chown(file, NOBODY, NOBODY)
    write_canary(file, centre.surroundings)
    assert (file.stat().st_uid, file.stat().st_gid) == (NOBODY, NOBODY)


def test_a_cut_canary_is_written_anew(centre: Cli) -> None:
    file = centre.folder / "canary.json"
    write_canary(file, centre.surroundings)
    file.write_bytes(file.read_bytes()[:60])
    assert parse(file.read_bytes()) is None
    write_canary(file, centre.surroundings)
    assert parse(file.read_bytes()) is not None


def test_what_is_no_canary_is_not_overwritten(centre: Cli) -> None:
    file = centre.folder / "customers.json"
    link, pipe = centre.folder / "link.json", centre.folder / "pipe"
    link.symlink_to(file)
    os.mkfifo(pipe)
    for octets in (b"", b'{"customers": []}'):
        file.write_bytes(octets)
        for path in (file, link, pipe, centre.folder):
            with pytest.raises(RefusedError, match="no canary"):
                write_canary(path, centre.surroundings)
        assert file.read_bytes() == octets
    assert {*centre.folder.iterdir()} == {file, link, pipe}


def test_where_it_cannot_be_written_nothing_is_left() -> None:
    with open_folder() as folder:
        centre = Cli(folder)
        with pytest.raises(UnavailableError, match="cannot be written: No such file"):
            write_canary(folder / "gone" / "canary.json", centre.surroundings)
        write_canary(folder / "canary.json", centre.surroundings)
        (folder / "canary.json").chmod(0)
        with (
            without_privileges(folder),
            pytest.raises(UnavailableError, match="cannot be written: Permission denied"),
        ):
            write_canary(folder / "canary.json", centre.surroundings)
        assert [path.name for path in folder.iterdir()] == ["canary.json"]


def test_who_may_not_give_files_away_still_writes_the_canary() -> None:
    with open_folder() as folder:
        centre = Cli(folder)
        file = folder / "canary.json"
        write_canary(file, centre.surroundings)
        with without_privileges(folder):
            _own_the_file_by_somebody_else(file)
            before = file.read_bytes()
            write_canary(file, centre.surroundings)
            assert file.read_bytes() != before


def _own_the_file_by_somebody_else(file: Path) -> None:
    """Let it be root's again and readable, where the tests run as root at all."""
    if os.getresuid()[2] == 0:
        os.seteuid(0)
        file.chmod(0o644)
        os.chown(file, 0, 0)
        os.seteuid(NOBODY)
