"""The members of the families, with their types: what the registry finds, ready for use."""

from __future__ import annotations

from typing import cast

import msgspec

from ccir import registry
from ccir.backup.interface import ToolFactory
from ccir.checks.interface import Check
from ccir.steps.interface import StepKind
from ccir.store.interface import StoreFactory

STORE = "sqlite"


def store_factory() -> StoreFactory:
    """Return the member that keeps a workspace's state."""
    return cast("StoreFactory", registry.member("store", STORE))


def backup_tool(name: str) -> ToolFactory:
    """Return what makes a backup tool of a kit.

    Raises:
        NotFoundError: no member has that name.
    """
    return cast("ToolFactory", registry.member("backup", name))


def step_kind(name: str) -> StepKind:
    """Return what a kind of step does.

    Raises:
        NotFoundError: no member has that name.
    """
    return cast("StepKind", registry.member("steps", name))


def step_arguments() -> dict[str, type[msgspec.Struct]]:
    """Return the shape of `with` for every kind of step."""
    return {name: step_kind(name).arguments for name in registry.names("steps")}


def check_arguments() -> dict[str, type[msgspec.Struct]]:
    """Return the shape of `with` for every kind of check of restored data."""
    checks = {
        name: cast("Check[msgspec.Struct]", registry.member("checks", name))
        for name in registry.names("checks")
    }
    return {name: check.arguments for name, check in checks.items()}
