"""Lists of recipients in SQLite: streamed in, one encrypted row each, streamed out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from ccir.domain.notices import Recipient
from ccir.domain.record import canonical
from ccir.errors import ConflictError, NotFoundError
from ccir.store.people_interface import ListSummary
from ccir.store.sealing import Sealer
from ccir.store.sqlite_driver import Connection, faults
from ccir.store.sqlite_file import StoreFile

ROWS_AT_ONCE = 1_000

_RECIPIENTS = msgspec.json.Decoder(Recipient)


class _Tally:
    """Counts and hashes the recipients that pass through it."""

    def __init__(self, sealer: Sealer) -> None:
        self._hash = sealer.keyed_hash("lists")
        self._languages: Counter[str] = Counter()

    def lines(self, recipients: Iterable[Recipient]) -> Iterator[tuple[int, bytes]]:
        """Return each recipient's row and canonical JSON."""
        for recipient in recipients:
            line = canonical(recipient)
            self._hash.update(line + b"\n")
            self._languages[recipient.language] += 1
            yield recipient.row, line

    def summary(self, list_id: str) -> ListSummary:
        """Return what has passed through so far."""
        return ListSummary(
            id=list_id,
            count=self._languages.total(),
            digest=self._hash.hexdigest(),
            languages=dict(sorted(self._languages.items())),
        )


def add_rows(
    connection: Connection,
    sealer: Sealer,
    *,
    run: str,
    list_id: str,
    recipients: Iterable[Recipient],
) -> ListSummary:
    """Add a list inside the caller's transaction, holding one recipient in memory at a time.

    Raises:
        ConflictError: the id is taken by another list.
    """
    tally = _Tally(sealer)
    lines = tally.lines(recipients)
    earlier = _digest_of(connection, list_id)
    if earlier is None:
        boxes = (
            (list_id, row, _box(sealer, line, label=f"{run}|{list_id}|{row}"))
            for row, line in lines
        )
        connection.executemany("INSERT INTO recipients (list, row, box) VALUES (?, ?, ?)", boxes)
        return _add_summary(connection, run, tally.summary(list_id))
    for _ in lines:
        pass
    if tally.summary(list_id).digest != earlier:
        raise ConflictError(
            f"another list of recipients is kept as '{list_id}'",
            hint="preview the notice again: a new version gets a new list",
        )
    return tally.summary(list_id)


def rows_of(file: StoreFile, sealer: Sealer, list_id: str) -> Iterator[Recipient]:
    """Return the list's recipients in order.

    Raises:
        NotFoundError: there is no such list.
    """
    run = _run_of(file, list_id)
    return _stream(file, sealer, run=run, list_id=list_id)


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
    return _recipient(sealer, found[0], label=f"{run}|{list_id}|{row}")


def _stream(file: StoreFile, sealer: Sealer, *, run: str, list_id: str) -> Iterator[Recipient]:
    last = -1
    while page := _page(file, list_id, after=last):
        for row, box in page:
            yield _recipient(sealer, box, label=f"{run}|{list_id}|{row}")
        last = page[-1][0]


def _page(file: StoreFile, list_id: str, *, after: int) -> list[tuple[int, bytes]]:
    with faults(file.path):
        found: list[tuple[int, bytes]] = file.connection.execute(
            "SELECT row, box FROM recipients WHERE list = ? AND row > ? ORDER BY row LIMIT ?",
            (list_id, after, ROWS_AT_ONCE),
        ).fetchall()
    return found


def _run_of(file: StoreFile, list_id: str) -> str:
    with faults(file.path):
        found: tuple[str] | None = file.connection.execute(
            "SELECT run FROM lists WHERE id = ?", (list_id,)
        ).fetchone()
    if found is None:
        raise NotFoundError(
            f"there is no list of recipients '{list_id}'", hint="preview the notice again"
        )
    return found[0]


def _digest_of(connection: Connection, list_id: str) -> str | None:
    found: tuple[str] | None = connection.execute(
        "SELECT digest FROM lists WHERE id = ?", (list_id,)
    ).fetchone()
    return None if found is None else found[0]


def _add_summary(connection: Connection, run: str, summary: ListSummary) -> ListSummary:
    languages = canonical(summary.languages).decode()
    connection.execute(
        "INSERT INTO lists (id, run, count, digest, languages) VALUES (?, ?, ?, ?, ?)",
        (summary.id, run, summary.count, summary.digest, languages),
    )
    return summary


def _box(sealer: Sealer, line: bytes, *, label: str) -> bytes:
    return sealer.close_box(line, purpose="recipients", label=label)


def _recipient(sealer: Sealer, box: bytes, *, label: str) -> Recipient:
    return _RECIPIENTS.decode(sealer.open_box(box, purpose="recipients", label=label))
