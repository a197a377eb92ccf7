"""Workspaces for the tests of settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ccir.config.loading import load_settings
from ccir.config.settings import Settings

ORGANISATION = '[organisation]\nname = "Example"\ntimezone = "Europe/Berlin"\n'

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a `ccir.toml` that begins with `[organisation]`; return its folder."""

    def written(text: str) -> Path:
        (tmp_path / "ccir.toml").write_text(ORGANISATION + text, encoding="utf-8")
        return tmp_path

    return written


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that the examples of one hypothesis test may overwrite."""
    return tmp_path_factory.mktemp("shared")


@pytest.fixture
def organised(write: Write) -> Settings:
    """Return the settings of a workspace that sets no more than it must."""
    return load_settings(write(""))
