"""What the contract suites of backup tools and checks are handed for one member."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from ccir.backup.interface import Target, ToolFactory
from ccir.checks.interface import Check


class ToolBench(msgspec.Struct, frozen=True, kw_only=True):
    """A tool and repositories that it must judge; tests only read them.

    `healthy` holds one snapshot of the folder `source`, made on `host` with the tag `tag`.
    `damaged` is a copy with one changed bit in its data, `bare` one without any snapshot,
    `absent` none at all; `locked_out` is the healthy one with a wrong password. No outcome may
    show the `secret` that opens them.
    """

    factory: ToolFactory
    environment: Mapping[str, str]
    healthy: Target
    damaged: Target
    bare: Target
    absent: Target
    locked_out: Target
    source: Path
    host: str
    tag: str
    secret: str


class CheckBench(msgspec.Struct, frozen=True, kw_only=True):
    """A check, a folder that it must find good with its arguments, and one that is bad.

    `toothless` are arguments that assert nothing, if that can be written at all.
    """

    name: str
    check: Check[Any]
    good: Path
    bad: Path
    arguments: Mapping[str, object]
    toothless: tuple[Mapping[str, object], ...] = ()
