"""The targets of the settings, as a backup tool takes them."""

from __future__ import annotations

from typing import cast

from ccir import registry
from ccir.backup.interface import BackupTool, Deadlines, Target, ToolFactory, ToolKit
from ccir.config import settings as config
from ccir.config.environment_file import target_environment
from ccir.drilling.interface import DrillKit


def backup_target(name: str, settings: config.Target) -> Target:
    """Return the target of the settings with the variables of its environment file.

    Raises:
        CcirError: the environment file is missing, exposed or wrong.
    """
    return Target(
        name=name,
        repository=str(settings.repository),
        tool=settings.tool,
        password_file=None if settings.password_file is None else str(settings.password_file),
        password_command=settings.password_command,
        hosts=settings.hosts,
        tags=settings.tags,
        paths=settings.paths,
        rpo_seconds=_plain(settings.rpo_seconds),
        rto_seconds=_plain(settings.rto_seconds),
        append_only=settings.append_only,
        retention_seconds=_plain(settings.retention_seconds),
        environment={key: text.reveal() for key, text in target_environment(settings).items()},
    )


def tool_of(target: Target, kit: DrillKit, *, deadlines: Deadlines | None = None) -> BackupTool:
    """Return the tool that speaks with the target's repository, by default in the kit's times.

    Raises:
        NotFoundError: no member of the backup family has that name.
    """
    factory = cast("ToolFactory", registry.member("backup", target.tool))
    return factory(
        ToolKit(
            clock=kit.clock,
            environment=kit.environment,
            deadlines=deadlines or kit.deadlines,
            is_cancelled=kit.is_cancelled,
            nice=kit.nice,
            cache=None if kit.memory is None else kit.memory.folder,
        )
    )


def _plain(seconds: float | None) -> float | None:
    """Return the seconds as a bare number: the settings' own type cannot be recorded."""
    return None if seconds is None else float(seconds)
