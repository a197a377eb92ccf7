"""The composition root: everything a command works with, put together once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ccir.catalog.sources import Sources
from ccir.domain.record import Via
from ccir.store.interface import Stores

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from ccir.clock import Clock
    from ccir.config.environment import Environment
    from ccir.config.settings import Settings
    from ccir.entropy import Entropy


@dataclass(frozen=True, kw_only=True, slots=True)
class Workspace:
    """A folder with its settings, documents and stores, and the machine around it."""

    folder: Path
    settings: Settings
    sources: Sources
    stores: Stores
    clock: Clock
    entropy: Entropy
    environment: Environment
    via: Via

    @property
    def zone(self) -> ZoneInfo:
        """Return the organisation's time zone."""
        return self.settings.organisation.timezone
