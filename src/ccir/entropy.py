"""Where nonces and random ids come from: the only source of randomness."""

from __future__ import annotations

import random
import secrets
from typing import Protocol


class Entropy(Protocol):
    """Gives random bytes."""

    def octets(self, count: int) -> bytes:
        """Return that many random bytes."""
        ...


class SystemEntropy:
    """The operating system's randomness, fit for keys."""

    def octets(self, count: int) -> bytes:
        """Return that many unpredictable bytes."""
        return secrets.token_bytes(count)


class SeededEntropy:
    """The same bytes for the same seed: for tests, never for keys."""

    def __init__(self, seed: int) -> None:
        self._source = random.Random(seed)  # noqa: S311 - repeatable tests, not keys

    def octets(self, count: int) -> bytes:
        """Return the seed's next bytes."""
        return self._source.randbytes(count)
