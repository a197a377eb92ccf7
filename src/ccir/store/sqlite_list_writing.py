"""Writes a list of recipients into SQLite in blocks, so that a killed import goes on.

1. The list's row comes first and says that the list is not complete: nobody reads it.
2. Each block of rows is one transaction, with the keyed hash of all rows so far.
3. A second try keeps the blocks whose hash is that of the rows it is given; from the first one that
   differs, what was stored is destroyed and written anew.
4. The last transaction withdraws what later rows put in doubt, adds the counts, and says complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from ccir.domain.manual_queue import ListItem, Queued, Withdrawn
from ccir.domain.notices import Recipient
from ccir.domain.record import canonical
from ccir.errors import ConflictError
from ccir.store.people_interface import ListSummary
from ccir.store.sealing import Sealer
from ccir.store.sqlite_driver import Connection, faults
from ccir.store.sqlite_file import StoreFile
from ccir.store.sqlite_list_counts import ListTally
from ccir.store.sqlite_lists import Table, label_of, opened, summary_of

ROWS_A_BLOCK = 10_000

_Line = tuple[Table, int, bytes]


class ListSealers(msgspec.Struct, frozen=True, kw_only=True):
    """What a list's rows are sealed with, and what its digest is keyed with."""

    boxes: Sealer
    digests: Sealer


def write_list(
    file: StoreFile, sealers: ListSealers, *, run: str, list_id: str, items: Iterable[ListItem]
) -> ListSummary:
    """Keep a list, holding one block of it in memory at a time.

    Raises:
        ConflictError: the id is taken by another list.
    """
    writer = _Writer(file, sealers, run=run, list_id=list_id)
    with faults(file.path):
        found: tuple[str, int] | None = file.connection.execute(
            "SELECT digest, complete FROM lists WHERE id = ?", (list_id,)
        ).fetchone()
    if found is not None and found[1]:
        writer.compare(items, earlier=found[0])
        return summary_of(file, sealers.boxes, list_id)
    writer.begin()
    writer.write(items)
    return writer.finish()


def unfinished_lists(file: StoreFile) -> list[str]:
    """Return the lists whose writing broke off."""
    with faults(file.path):
        found = file.connection.execute("SELECT id FROM lists WHERE complete = 0 ORDER BY id")
        return [name for (name,) in found]


def discard_list(file: StoreFile, list_id: str) -> None:
    """Destroy a list whose writing broke off; a finished one stays."""
    if list_id not in unfinished_lists(file):
        return
    with file.transaction() as connection:
        for table in ("recipients", "queue", "blocks"):
            connection.execute(f"DELETE FROM {table} WHERE list = ?", (list_id,))  # noqa: S608 - names of ours
        connection.execute("DELETE FROM lists WHERE id = ?", (list_id,))


class _Block(msgspec.Struct, frozen=True, kw_only=True):
    """A block that is stored: its last row, and the keyed hash of all rows up to it."""

    last_row: int
    digest: str


class _Writer:
    """One list being written: its hash and counts grow with each block."""

    def __init__(self, file: StoreFile, sealers: ListSealers, *, run: str, list_id: str) -> None:
        self._file = file
        self._sealer = sealers.boxes
        self._run = run
        self._list = list_id
        self._hash = sealers.digests.keyed_hash("lists")
        self._tally = ListTally()
        self._withdrawn: list[Withdrawn] = []
        self._stored: list[_Block] = []
        self._taken_count = 0

    def begin(self) -> None:
        """Note that a list is being written, and find what an earlier try stored of it."""
        with self._file.transaction() as connection:
            connection.execute(
                "INSERT INTO lists (id, run, count, digest, languages, complete, has_data_key)"
                " VALUES (?, ?, 0, '', '{}', 0, 1) ON CONFLICT DO NOTHING",
                (self._list, self._run),
            )
            found = connection.execute(
                "SELECT last_row, digest FROM blocks WHERE list = ? ORDER BY number", (self._list,)
            )
            self._stored = [_Block(last_row=row, digest=digest) for row, digest in found]

    def write(self, items: Iterable[ListItem]) -> None:
        """Store what is not stored yet, block by block."""
        number, last_row = 0, 0
        for number, lines in enumerate(self._blocks(items), start=1):
            digest = self._hash.copy().hexdigest()
            highest = max((row for _, row, _ in lines), default=last_row)
            if not self._has(number, digest):
                with self._file.transaction() as connection:
                    self._drop(connection, blocks=number - 1, rows=last_row)
                    self._insert(connection, lines)
                    connection.execute(
                        "INSERT INTO blocks (list, number, last_row, digest) VALUES (?, ?, ?, ?)",
                        (self._list, number, highest, digest),
                    )
            last_row = max(last_row, highest)
        with self._file.transaction() as connection:
            self._drop(connection, blocks=number, rows=last_row)

    def finish(self) -> ListSummary:
        """Withdraw the rows in doubt, store the counts, and say that the list is complete."""
        with self._file.transaction() as connection:
            for each in self._withdrawn:
                self._withdraw(connection, each)
            summary = self._summary()
            connection.execute(
                "UPDATE lists SET count = ?, digest = ?, languages = ?, counts = ?, complete = 1"
                " WHERE id = ?",
                (
                    summary.count,
                    summary.digest,
                    canonical(summary.languages).decode(),
                    canonical(self._tally.counts()).decode(),
                    self._list,
                ),
            )
            connection.execute("DELETE FROM blocks WHERE list = ?", (self._list,))
        return summary

    def compare(self, items: Iterable[ListItem], *, earlier: str) -> None:
        """Refuse another list than the one that is stored already.

        Raises:
            ConflictError: what is stored is another list.
        """
        for _ in self._blocks(items):
            pass
        if self._hash.hexdigest() != earlier:
            raise ConflictError(
                f"another list of recipients is kept as '{self._list}'",
                hint="preview the notice again: a new version gets a new list",
            )

    def _blocks(self, items: Iterable[ListItem]) -> Iterator[list[_Line]]:
        """Hash and count the items; yield the rows to be stored, block by block.

        No item outlives its turn: collecting thousands of them keeps the garbage collector busy.
        """
        rest = iter(items)
        while True:
            before = self._taken_count
            lines = [*self._taken(islice(rest, ROWS_A_BLOCK))]
            if self._taken_count == before:
                return
            yield lines

    def _taken(self, items: Iterable[ListItem]) -> Iterator[_Line]:
        for item in items:
            self._taken_count += 1
            line = canonical(item)
            self._hash.update(line + b"\n")
            match item:
                case Recipient():
                    self._tally.add(item)
                    yield "recipients", item.row, line
                case Queued():
                    self._tally.queue(item.reasons)
                    yield "queue", item.recipient.row, line
                case Withdrawn():
                    self._withdrawn.append(item)

    def _has(self, number: int, digest: str) -> bool:
        return len(self._stored) >= number and self._stored[number - 1].digest == digest

    def _drop(self, connection: Connection, *, blocks: int, rows: int) -> None:
        """Destroy what an earlier try stored after so many blocks."""
        if len(self._stored) <= blocks:
            return
        del self._stored[blocks:]
        connection.execute("DELETE FROM blocks WHERE list = ? AND number > ?", (self._list, blocks))
        for table in ("recipients", "queue"):
            connection.execute(
                f"DELETE FROM {table} WHERE list = ? AND row > ?",  # noqa: S608 - names of ours
                (self._list, rows),
            )

    def _insert(self, connection: Connection, lines: list[_Line]) -> None:
        for table in ("recipients", "queue"):
            connection.executemany(
                f"INSERT INTO {table} (list, row, box) VALUES (?, ?, ?)",  # noqa: S608 - names of ours
                (
                    (self._list, row, self._box(of, row, line))
                    for of, row, line in lines
                    if of == table
                ),
            )

    def _withdraw(self, connection: Connection, withdrawn: Withdrawn) -> None:
        place = (self._list, withdrawn.row)
        [(box,)] = connection.execute(
            "SELECT box FROM recipients WHERE list = ? AND row = ?", place
        ).fetchall()
        label = label_of("recipients", run=self._run, list_id=self._list, row=withdrawn.row)
        recipient = opened(self._sealer, box, label=label)
        connection.execute("DELETE FROM recipients WHERE list = ? AND row = ?", place)
        self._tally.add(recipient, times=-1)
        if withdrawn.reasons:
            self._tally.queue(withdrawn.reasons)
            line = canonical(Queued(recipient=recipient, reasons=withdrawn.reasons))
            self._insert(connection, [("queue", withdrawn.row, line)])

    def _summary(self) -> ListSummary:
        counts = self._tally.counts()
        return ListSummary(
            id=self._list,
            count=self._tally.count,
            digest=self._hash.hexdigest(),
            languages=self._tally.languages,
            places=counts.places,
            channels=counts.channels,
            queued=counts.queued,
        )

    def _box(self, table: Table, row: int, line: bytes) -> bytes:
        label = label_of(table, run=self._run, list_id=self._list, row=row)
        return self._sealer.close_box(line, purpose="recipients", label=label)
