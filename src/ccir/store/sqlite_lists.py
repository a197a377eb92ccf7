"""Lists of recipients in SQLite, read back: one encrypted row each, as a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, TypeVar

import msgspec

from ccir.domain.manual_queue import Queued
from ccir.domain.notices import Recipient
from ccir.domain.residence import residence
from ccir.errors import NotFoundError
from ccir.store.people_interface import ListSummary
from ccir.store.sealing import Sealer
from ccir.store.sqlite_driver import faults
from ccir.store.sqlite_file import StoreFile
from ccir.store.sqlite_list_counts import ListTally, StoredCounts

ROWS_AT_ONCE = 1_000

Table = Literal["recipients", "queue"]
_Read = TypeVar("_Read")
_RECIPIENTS = msgspec.json.Decoder(Recipient)
_QUEUED = msgspec.json.Decoder(Queued)


def rows_of(file: StoreFile, sealer: Sealer, list_id: str) -> Iterator[Recipient]:
    """Return the list's recipients in order.

    Raises:
        NotFoundError: there is no such list.
    """
    return _read(file, sealer, list_id, table="recipients", decode=_RECIPIENTS.decode)


def queue_of(file: StoreFile, sealer: Sealer, list_id: str) -> Iterator[Queued]:
    """Return those of the list who wait for a decision, in order.

    Raises:
        NotFoundError: there is no such list.
    """
    return _read(file, sealer, list_id, table="queue", decode=_QUEUED.decode)


def one_row(file: StoreFile, sealer: Sealer, *, list_id: str, row: int) -> Recipient:
    """Return one recipient.

    Raises:
        NotFoundError: there is no such list or row.
    """
    run = _run_of(file, list_id)
    with faults(file.path):
        found: tuple[bytes] | None = file.connection.execute(
            "SELECT box FROM recipients WHERE list = ? AND row = ?", (list_id, row)
        ).fetchone()
    if found is None:
        raise NotFoundError(
            f"the list '{list_id}' has no row {row}", hint="preview the notice again"
        )
    return opened(sealer, found[0], label=label_of("recipients", run=run, list_id=list_id, row=row))


def summary_of(file: StoreFile, sealer: Sealer, list_id: str) -> ListSummary:
    """Return the list's counts; those of one that an older ccir wrote are counted now.

    Raises:
        NotFoundError: there is no such list.
    """
    _run_of(file, list_id)
    with faults(file.path):
        [(count, digest, languages, counts)] = file.connection.execute(
            "SELECT count, digest, languages, counts FROM lists WHERE id = ?", (list_id,)
        ).fetchall()
    stored = (
        msgspec.json.decode(counts, type=StoredCounts)
        if counts
        else _counted(rows_of(file, sealer, list_id))
    )
    return ListSummary(
        id=list_id,
        count=count,
        digest=digest,
        languages=msgspec.json.decode(languages, type=dict[str, int]),
        places=stored.places,
        channels=stored.channels,
        queued=stored.queued,
    )


def label_of(table: Table, *, run: str, list_id: str, row: int) -> str:
    """Return what binds a box to its place."""
    return f"{run}|{list_id}|{row}" if table == "recipients" else f"{run}|{list_id}|queue|{row}"


def opened(sealer: Sealer, box: bytes, *, label: str) -> Recipient:
    """Return the recipient in a box.

    Raises:
        StoreDamagedError: the box was changed, or belongs to another row or installation.
    """
    return _RECIPIENTS.decode(sealer.open_box(box, purpose="recipients", label=label))


def _counted(recipients: Iterator[Recipient]) -> StoredCounts:
    tally = ListTally()
    for one in recipients:
        home = residence(one.columns)
        tally.add(msgspec.structs.replace(one, country=home.country, subdivision=home.subdivision))
    return tally.counts()


def _read(
    file: StoreFile,
    sealer: Sealer,
    list_id: str,
    *,
    table: Table,
    decode: Callable[[bytes], _Read],
) -> Iterator[_Read]:
    run = _run_of(file, list_id)

    def stream() -> Iterator[_Read]:
        last = -1
        while page := _page(file, list_id, table=table, after=last):
            for row, box in page:
                label = label_of(table, run=run, list_id=list_id, row=row)
                yield decode(sealer.open_box(box, purpose="recipients", label=label))
            last = page[-1][0]

    return stream()


def _page(file: StoreFile, list_id: str, *, table: Table, after: int) -> list[tuple[int, bytes]]:
    with faults(file.path):
        found: list[tuple[int, bytes]] = file.connection.execute(
            f"SELECT row, box FROM {table} WHERE list = ? AND row > ? ORDER BY row LIMIT ?",  # noqa: S608 - one of two names of ours
            (list_id, after, ROWS_AT_ONCE),
        ).fetchall()
    return found


def _run_of(file: StoreFile, list_id: str) -> str:
    with faults(file.path):
        found: tuple[str] | None = file.connection.execute(
            "SELECT run FROM lists WHERE id = ? AND complete = 1", (list_id,)
        ).fetchone()
    if found is None:
        raise NotFoundError(
            f"there is no list of recipients '{list_id}'", hint="preview the notice again"
        )
    return found[0]
