"""The machine around a command: its clock, randomness, variables and current folder."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ccir.clock import Clock
from ccir.config.environment import Environment
from ccir.entropy import Entropy


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """The machine around a command: its clock, randomness, variables and current folder."""

    clock: Clock
    entropy: Entropy
    environment: Environment
    here: Path
