"""The versions of restic that a small core of the tests runs on, each found first on a PATH."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

INSTALLED, NEWER = "installed restic", "newer restic"
# Named by the environment, else where scripts/prepare puts it.
NAMED_BY = "NEWER_RESTIC"
_KEPT = Path(__file__).parents[2] / ".cache" / "restic-0.18"

every_restic = pytest.mark.parametrize("restic_path", [INSTALLED, NEWER], indirect=True)


def path_with(version: str) -> str:
    """Return a PATH on which that restic comes first; the test is skipped where it is absent."""
    if version == INSTALLED:
        return os.environ["PATH"]
    folder = Path(os.environ.get(NAMED_BY) or _KEPT)
    if not os.access(folder / "restic", os.X_OK):
        pytest.skip(f"no newer restic in {folder}: scripts/prepare gets it, {NAMED_BY} names it")
    return f"{folder.absolute()}{os.pathsep}{os.environ['PATH']}"
