from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import msgspec
import pytest

from ccir.domain.manifest_names import KEPT, name_of
from ccir.engine.attendant import Attendant
from ccir.engine.manifests import ManifestTaken, manifests_folder, take_manifest
from ccir.engine.opening import open_workspace
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, RefusedError, UnavailableError, UsageError
from ccir.sums import read_sums
from support.centre import make_centre
from support.cli import NOW, Cli
from support.unprivileged import open_folder, without_privileges

FILES = {"a.wav": b"one", "b/line\nend": b"two", "b/back\\slash": b""}


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace, and a folder of data that is backed up."""

    cli: Cli
    workspace: Workspace
    data: Path

    def __call__(self, folder: Path | None = None, *, to: Path | None = None) -> ManifestTaken:
        return take_manifest(
            self.workspace, "crm", folder or self.data, attendant=Attendant(), to=to
        )

    @property
    def home(self) -> Path:
        return manifests_folder(self.workspace, "crm")


@pytest.fixture
def taking(tmp_path: Path) -> Bench:
    data = tmp_path / "data"
    for name, octets in FILES.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(octets)
    cli = make_centre(tmp_path / "centre")
    return Bench(cli=cli, workspace=open_workspace(cli.surroundings, cli.folder), data=data)


def listed(file: Path | None) -> dict[str, str]:
    assert file is not None
    return read_sums(file.read_bytes())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_every_file_is_listed_as_the_snapshot_will_name_it(taking: Bench) -> None:
    taken = taking()
    prefix = str(taking.data).lstrip("/")
    assert listed(taken.file) == {
        f"{prefix}/{name}": hashlib.sha256(octets).hexdigest() for name, octets in FILES.items()
    }
    assert (taken.files, taken.bytes, taken.changed, taken.unreadable) == (3, 6, 0, 0)


def test_it_lies_in_the_workspace_and_is_private(taking: Bench) -> None:
    file = taking().file
    assert file == taking.workspace.folder / ".ccir/manifests/crm" / name_of(NOW)
    assert mode(file) == 0o600
    assert {mode(file.parent), mode(file.parent.parent)} == {0o700}
    assert [*file.parent.iterdir()] == [file]


def test_the_newest_of_a_target_stay_and_other_files_too(taking: Bench) -> None:
    taking.home.mkdir(parents=True)
    (taking.home / "mine.sha256").touch()
    removed = []
    for _ in range(KEPT + 2):
        removed.append(taking().removed)
        taking.cli.clock.move(3_600)
    assert removed == [0] * KEPT + [1, 1]
    names = sorted(path.name for path in taking.home.iterdir())
    assert len(names) == KEPT + 1
    assert "mine.sha256" in names
    assert name_of(NOW) not in names


def test_it_can_be_written_elsewhere_and_over_an_older_one(taking: Bench, tmp_path: Path) -> None:
    to = tmp_path / "other.sha256"
    first = taking(to=to)
    assert (first.file, first.removed) == (to, 0)
    assert not taking.home.exists()
    (taking.data / "new").write_bytes(b"new")
    taking(to=to)
    assert len(listed(to)) == 4
    assert mode(to) == 0o600


@pytest.mark.parametrize("octets", [b"", b"name,mail\n", b"\0" * 100])
def test_what_is_no_manifest_is_not_overwritten(
    taking: Bench, tmp_path: Path, octets: bytes
) -> None:
    to = tmp_path / "customers.csv"
    to.write_bytes(octets)
    for path in (to, tmp_path / "centre"):
        with pytest.raises(RefusedError, match="no manifest"):
            taking(to=path)
    assert to.read_bytes() == octets


def test_it_never_lies_in_the_folder_that_it_lists(taking: Bench) -> None:
    with pytest.raises(RefusedError, match="in the folder that it lists"):
        taking(to=taking.data / "b" / "x.sha256")


def test_manifests_are_no_part_of_a_manifest(taking: Bench, tmp_path: Path) -> None:
    taking()
    taken = taking(tmp_path)
    names = [*listed(taken.file)]
    assert any("ccir.toml" in name for name in names)
    assert not [name for name in names if ".ccir/manifests" in name]


def test_what_is_no_folder_is_refused(taking: Bench, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no folder"):
        taking(tmp_path / "gone")
    with pytest.raises(UsageError, match="not a folder"):
        taking(taking.data / "a.wav")
    (tmp_path / "link").symlink_to(taking.data)
    with pytest.raises(UsageError, match="is a link"):
        taking(tmp_path / "link")


def test_a_folder_without_files_makes_no_manifest(taking: Bench, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnavailableError, match="no file"):
        taking(tmp_path / "empty")
    assert [*taking.home.iterdir()] == []


def test_once_broken_off_nothing_is_written(taking: Bench) -> None:
    attendant = Attendant(is_cancelled=lambda: True)
    taken = take_manifest(taking.workspace, "crm", taking.data, attendant=attendant)
    assert taken.file is None
    assert [*taking.home.iterdir()] == []


def test_where_it_cannot_be_written_that_is_told(taking: Bench) -> None:
    with open_folder() as folder:
        (folder / "data").mkdir()
        (folder / "data" / "file").touch()
        (folder / "to").mkdir(mode=0o500)
        with without_privileges(folder), pytest.raises(UnavailableError, match="cannot be used"):
            taking(folder / "data", to=folder / "to" / "x.sha256")
