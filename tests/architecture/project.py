"""The project's own files, as the tests about the project see them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "ccir"
FAMILIES = ("backup", "channels", "checks", "steps", "store")
_BUILT = {".git", ".venv", "__pycache__", "build", "dist", "htmlcov"}


@cache
def files(suffix: str = "") -> tuple[Path, ...]:
    """Every file that git tracks or would track, or every file of an unpacked archive."""
    listed = _known_to_git() or [path for path in ROOT.rglob("*") if not _BUILT & {*path.parts}]
    return tuple(sorted(path for path in listed if path.name.endswith(suffix) and path.is_file()))


def relative(path: Path) -> str:
    """The file's path as a reader of a failing test would type it."""
    return path.relative_to(ROOT).as_posix()


def _known_to_git() -> list[Path]:
    if not (ROOT / ".git").exists():
        return []
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    return [ROOT / name for name in listing.stdout.split("\0") if name]
