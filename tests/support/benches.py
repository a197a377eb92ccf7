"""What the contract suites of backup tools and checks are handed for one member."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from ccir.backup.interface import Target, ToolFactory
from ccir.checks.interface import Check

NARROWINGS = ("hosts", "tags", "paths")


class ToolBench(msgspec.Struct, frozen=True, kw_only=True):
    """A tool and repositories that it must judge; tests only read them.

    `healthy` holds one snapshot of the folder `source`, made on `host` with the tag `tag`.
    `damaged` is a copy with one changed bit in its data, `bare` one without any snapshot,
    `absent` none at all; `locked_out` is the healthy one with a wrong password, None only for a
    tool that knows no passwords. No outcome may show the `secret`: what opens them, or a name
    of a file in them.

    A tool may know less of a snapshot: `narrowings` are the settings by which it chooses
    snapshots, and only what they need is told. `has_program` is False for one that ccir itself
    is, `keeps_paths` for one that restores to the top of the folder, with files only for this
    user.
    """

    factory: ToolFactory
    environment: Mapping[str, str]
    healthy: Target
    damaged: Target
    bare: Target
    absent: Target
    locked_out: Target | None
    source: Path
    host: str
    tag: str
    secret: str
    narrowings: tuple[str, ...] = NARROWINGS
    has_program: bool = True
    keeps_paths: bool = True

    @property
    def below(self) -> Path:
        """Where below the folder restored into the files of `source` come back."""
        return self.source.relative_to("/") if self.keeps_paths else Path()


class CheckBench(msgspec.Struct, frozen=True, kw_only=True):
    """A check, a folder that it must find good with its arguments, and one that is bad.

    `toothless` are arguments that assert nothing, if that can be written at all. `kit` holds
    the fields of the kit that the check needs besides the usual ones.
    """

    name: str
    check: Check[Any]
    good: Path
    bad: Path
    arguments: Mapping[str, object]
    toothless: tuple[Mapping[str, object], ...] = ()
    kit: Mapping[str, Any] = {}
