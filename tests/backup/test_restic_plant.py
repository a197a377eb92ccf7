from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from ccir.backup.interface import BackupTool
from ccir.backup.restic import MEMBER
from ccir.errors import UnavailableError
from support.restic_answers import answering_restic
from support.restic_repository import CONTROL_PASSWORD, make_key_cheap, quick_init
from support.restic_targets import kit, said
from support.restic_versions import every_restic


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "one").write_bytes(b"1")
    (folder / "two").write_bytes(b"22")
    return folder


@every_restic
def test_what_is_planted_is_a_repository_of_its_own(
    tool: BackupTool, source: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "planted"
    folder.mkdir()
    target = tool.plant(source, folder=folder)
    make_key_cheap(Path(target.repository), password=CONTROL_PASSWORD)  # it opens, only faster
    assert Path(target.repository).is_relative_to(folder)
    assert Path(target.password_file or "").stat().st_mode & 0o777 == 0o600
    listing = tool.snapshots(target)
    held = tool.content(target, listing.snapshots[-1])
    assert (said(held.outcome), held.files, held.bytes) == ("pass", 2, 3)
    assert (target.hosts, target.tags, target.paths) == ((), (), ())
    assert tool.check(target, subset="1/1").verdict == "pass"


@pytest.mark.parametrize(
    ("answers", "said_last"),
    [
        ({"init": "echo 'Fatal: no room' >&2; exit 1"}, "Fatal: no room"),
        ({"backup": "echo one >&2; echo 'Fatal: two' >&2; exit 3"}, "Fatal: two"),
        ({"backup": "exit 1"}, "exited"),
    ],
)
def test_where_none_can_be_made_that_is_told(
    source: Path, tmp_path: Path, *, answers: dict[str, str], said_last: str
) -> None:
    init = {"init": quick_init(tmp_path / "made")}
    environment = answering_restic(tmp_path / "bin", init | answers)
    tool = MEMBER(msgspec.structs.replace(kit(), environment=environment))
    folder = tmp_path / "planted"
    folder.mkdir()
    with pytest.raises(UnavailableError, match=f"no repository to practise on: {said_last}"):
        tool.plant(source, folder=folder)
