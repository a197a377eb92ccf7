"""How fast channels may send, kept in SQLite so that all senders of a workspace share one rate.

A pace is a token bucket that holds one token, in the form of the generic cell rate algorithm: all
that is kept is when the next slot is free. A slot that nobody took is not made up for.
Source: ITU-T I.371 (03/2004), annex A.
"""

from __future__ import annotations

from ccir.clock import Clock
from ccir.store.sqlite_file import StoreFile

LONGEST_AHEAD_SLOTS = 10_000_000  # a clock that was set back must not stop the sending for ever


class SqlitePaces:
    """The paces of one workspace."""

    def __init__(self, file: StoreFile, *, clock: Clock) -> None:
        self._file = file
        self._clock = clock

    def reserve(self, name: str, *, per_second: float) -> float:
        """Take the next free slot of a pace and return in how many seconds it comes."""
        interval = 1 / per_second
        with self._file.transaction(waits=False) as connection:
            now = self._clock.now().timestamp()
            found: tuple[float] | None = connection.execute(
                "SELECT free_at FROM paces WHERE name = ?", (name,)
            ).fetchone()
            free_at = now if found is None else found[0]
            if not now < free_at <= now + LONGEST_AHEAD_SLOTS * interval:
                free_at = now
            connection.execute(
                "INSERT INTO paces (name, free_at) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET free_at = excluded.free_at",
                (name, free_at + interval),
            )
        return free_at - now
