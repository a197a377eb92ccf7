"""The workspace's channels, set up for use."""

from __future__ import annotations

from ccir.channels.interface import Channel, Surroundings, configure
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError


def channel_named(workspace: Workspace, name: str) -> Channel:
    """Return the channel of `[channels.NAME]`.

    Raises:
        NotFoundError: the settings have no such channel.
        InvalidDocumentError: its settings do not fit its kind.
    """
    settings = workspace.settings.channels.get(name)
    if settings is None:
        raise NotFoundError(
            f"the channel '{name}' is no longer in ccir.toml",
            hint=f"bring [channels.{name}] back, or preview the notice through another one",
        )
    surroundings = Surroundings(
        folder=workspace.folder,
        clock=workspace.clock,
        entropy=workspace.entropy,
        environment=workspace.environment.passed_on,
    )
    return configure(name, {**settings.settings, "kind": settings.kind}, surroundings)
