from __future__ import annotations

from pathlib import Path

from ccir.backup.borg_view import has_lost, make_view
from support.borg_repository import BorgRepository


def test_what_happens_to_the_stand_in_does_not_happen_to_the_repository(
    borg_copy: BorgRepository, tmp_path: Path
) -> None:
    view = tmp_path / "view"
    make_view(borg_copy.folder, at=view)
    assert (view / "config").read_bytes() == (borg_copy.folder / "config").read_bytes()
    assert not (view / "config").is_symlink()
    for path in [path for path in view.rglob("*") if not path.is_dir()]:
        path.unlink()
    assert len(borg_copy.segments) == 6
    assert borg_copy.index.is_file()


def test_the_stand_in_shows_when_something_has_gone(
    borg_copy: BorgRepository, tmp_path: Path
) -> None:
    view = tmp_path / "view"
    make_view(borg_copy.folder, at=view)
    assert not has_lost(view)
    borg_copy.segments[0].unlink()
    assert has_lost(view)
