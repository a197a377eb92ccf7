"""The event log in SQLite: one row per event, one transaction per command."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from ccir.clock import Clock
from ccir.domain.events import RunKind
from ccir.domain.record import Draft, Entry, digest, read_line
from ccir.entropy import Entropy
from ccir.errors import NotFoundError, StoreDamagedError
from ccir.store.interface import NO_PINS, Break, RunRow, VersionConflict
from ccir.store.log_lines import Head, chain, opened_or_closed
from ccir.store.sqlite_driver import Connection, faults
from ccir.store.sqlite_file import StoreFile
from ccir.store.sqlite_runs import add_run, all_runs, head_of, move_head, refuse_second
from ccir.store.sqlite_verify import breaks_in


class SqliteEvents:
    """The event log of one workspace."""

    def __init__(self, file: StoreFile, *, clock: Clock, entropy: Entropy) -> None:
        self._file = file
        self._clock = clock
        self._entropy = entropy

    def begin(
        self,
        kind: RunKind,
        drafts: Sequence[Draft],
        *,
        key: str,
        pins: Mapping[str, bytes],
        playbook: str,
        another: bool = False,
    ) -> list[Entry]:
        """Record a new run's first events; see `EventStore.begin`."""
        with self._file.transaction() as connection:
            if earlier := _begun_with(connection, key):
                return earlier
            if not another:
                refuse_second(connection, kind=kind, playbook=playbook)
            now = self._clock.now()
            head = add_run(
                connection,
                kind=kind,
                playbook=playbook,
                started_at=drafts[0].at,
                year=now.astimezone(dt.UTC).year,
            )
            _keep(connection, pins)
            return self._record(connection, head, drafts, key=key, now=now)

    def append(
        self,
        run: str,
        drafts: Sequence[Draft],
        *,
        expected: int,
        key: str,
        pins: Mapping[str, bytes] = NO_PINS,
    ) -> list[Entry]:
        """Record all drafts after event `expected`, or none; see `EventStore.append`."""
        with self._file.transaction() as connection:
            if earlier := _recorded_with(connection, run, key):
                return earlier
            head = head_of(connection, run)
            if head.seq != expected:
                raise VersionConflict(
                    f"{run} has {head.seq} events, not {expected}: somebody else was faster",
                    hint="look at `ccir log`, then repeat the command",
                )
            _keep(connection, pins)
            return self._record(connection, head, drafts, key=key, now=self._clock.now())

    def read(self, run: str, *, after: int = 0) -> list[Entry]:
        """Return the run's events after that number; see `EventStore.read`."""
        return [read_line(line) for line in self._lines(run, after)]

    def lines(self, run: str) -> list[bytes]:
        """Return the run's events as they were written; see `EventStore.lines`."""
        return self._lines(run, 0)

    def runs(self) -> list[RunRow]:
        """Return every run in the order they were started."""
        with faults(self._file.path):
            return all_runs(self._file.connection)

    def pinned(self, digest: str) -> bytes:
        """Return the document with that SHA-256; see `EventStore.pinned`."""
        with faults(self._file.path):
            row: tuple[bytes] | None = self._file.connection.execute(
                "SELECT content FROM documents WHERE digest = ?", (digest,)
            ).fetchone()
        if row is None:
            raise NotFoundError(f"no document is pinned as {digest}", hint="run `ccir doctor`")
        return _proven(row[0], digest)

    def verify(self, run: str | None = None) -> list[Break]:
        """Return every contradiction; see `EventStore.verify`."""
        return breaks_in(self._file, run)

    def _lines(self, run: str, after: int) -> list[bytes]:
        with faults(self._file.path):
            rows: list[tuple[bytes]] = self._file.connection.execute(
                "SELECT coalesce(CAST(line AS BLOB), x'') FROM events"
                " WHERE run = ? AND seq > ? ORDER BY seq",
                (run, after),
            ).fetchall()
            if not rows:
                head_of(self._file.connection, run)
        return [line for (line,) in rows]

    def _record(
        self,
        connection: Connection,
        head: Head,
        drafts: Sequence[Draft],
        *,
        key: str,
        now: dt.datetime,
    ) -> list[Entry]:
        chained = chain(head, drafts, recorded_at=now, entropy=self._entropy, key=key)
        connection.executemany(
            "INSERT INTO events (run, seq, key, line) VALUES (?, ?, ?, ?)",
            [
                (head.run, seq, key, line)
                for seq, line in enumerate(chained.lines, start=head.seq + 1)
            ],
        )
        is_open = opened_or_closed(draft.event for draft in drafts)
        move_head(connection, chained.head, is_open=is_open)
        return [read_line(line) for line in chained.lines]


def _begun_with(connection: Connection, key: str) -> list[Entry]:
    row: tuple[str] | None = connection.execute(
        "SELECT run FROM events WHERE key = ? AND seq = 1", (key,)
    ).fetchone()
    return [] if row is None else _recorded_with(connection, row[0], key)


def _recorded_with(connection: Connection, run: str, key: str) -> list[Entry]:
    rows: list[tuple[bytes]] = connection.execute(
        "SELECT line FROM events WHERE key = ? AND run = ? ORDER BY seq", (key, run)
    ).fetchall()
    return [read_line(line) for (line,) in rows]


def _keep(connection: Connection, pins: Mapping[str, bytes]) -> None:
    connection.executemany(
        "INSERT INTO documents (digest, content) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(name, _proven(content, name)) for name, content in pins.items()],
    )


def _proven(content: bytes, name: str) -> bytes:
    if digest(content) != name:
        raise StoreDamagedError(
            f"the document pinned as {name} has the SHA-256 {digest(content)}",
            hint="run `ccir doctor`; bring the store back from a backup",
        )
    return content
