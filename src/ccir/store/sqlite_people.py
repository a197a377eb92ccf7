"""Sealed texts and recipients in SQLite: every row is encrypted and bound to its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from ccir.domain.events import Sealed
from ccir.domain.manual_queue import Decision, ListItem, Queued
from ccir.domain.notices import Recipient
from ccir.domain.record import digest
from ccir.domain.suppressions import Suppression, SuppressionReason
from ccir.entropy import Entropy
from ccir.errors import RefusedError, StoreDamagedError, UnavailableError
from ccir.store import sqlite_suppression
from ccir.store.installation_key import read_key
from ccir.store.people_interface import KeyHolders, ListSummary
from ccir.store.sealing import Sealer
from ccir.store.sqlite_data_keys import DataKeys
from ccir.store.sqlite_driver import faults
from ccir.store.sqlite_file import StoreFile
from ccir.store.sqlite_list_writing import (
    ListSealers,
    discard_list,
    unfinished_lists,
    write_list,
)
from ccir.store.sqlite_lists import one_row, queue_of, rows_of, summary_of
from ccir.store.sqlite_queue_decisions import decisions_of, remember

CONTENT_LIMIT_BYTES = 64 * 1_048_576
REF_BYTES = 16
SALT_BYTES = 16


class SqlitePeople:
    """Sealed texts and recipients of one workspace."""

    def __init__(self, file: StoreFile, *, key: Path, entropy: Entropy) -> None:
        self._file = file
        self._key = key
        self._entropy = entropy
        self._opened: Sealer | None = None
        self._data_keys = DataKeys(file, lambda: self._sealer, entropy=entropy)

    def set_holders(self, holders: KeyHolders) -> None:
        """Say who may open lists; see `People.set_holders`."""
        self._data_keys.holders = holders

    def seal(self, run: str, text: str) -> Sealed:
        """Keep a text encrypted; see `People.seal`."""
        return self.seal_bytes(run, text.encode())

    def seal_bytes(self, run: str, content: bytes) -> Sealed:
        """Keep bytes encrypted; see `People.seal_bytes`."""
        if len(content) > CONTENT_LIMIT_BYTES:
            raise RefusedError(
                f"{len(content)} bytes; at most {CONTENT_LIMIT_BYTES} can be sealed",
                hint="add it as evidence with `ccir evidence add`",
            )
        ref = self._entropy.octets(REF_BYTES).hex()
        salted = self._entropy.octets(SALT_BYTES) + content
        box = self._sealer.close_box(salted, purpose="texts", label=f"{run}|{ref}")
        with self._file.transaction() as connection:
            connection.execute(
                "INSERT INTO texts (ref, run, box) VALUES (?, ?, ?)", (ref, run, box)
            )
        return Sealed(ref=ref, digest=digest(salted))

    def unseal(self, sealed: Sealed) -> str | None:
        """Return the text or None; see `People.unseal`."""
        content = self.unseal_bytes(sealed)
        return None if content is None else content.decode()

    def unseal_bytes(self, sealed: Sealed) -> bytes | None:
        """Return the bytes or None; see `People.unseal_bytes`."""
        with faults(self._file.path):
            row: tuple[str, bytes | None] | None = self._file.connection.execute(
                "SELECT run, box FROM texts WHERE ref = ?", (sealed.ref,)
            ).fetchone()
        if row is None or row[1] is None:
            return None
        label = f"{row[0]}|{sealed.ref}"
        salted = self._sealer.open_box(row[1], purpose="texts", label=label)
        if digest(salted) != sealed.digest:
            raise StoreDamagedError(
                f"the text sealed under {label} is not the one in the log",
                hint="run `ccir doctor`; bring .ccir/people.db back from a backup",
            )
        return salted[SALT_BYTES:]

    def erase(self, ref: str) -> None:
        """Destroy a sealed text and keep only that it was erased; see `People.erase`."""
        with self._file.transaction() as connection:
            connection.execute("UPDATE texts SET box = NULL WHERE ref = ?", (ref,))

    def damaged(self, sealed: Iterable[Sealed]) -> list[str]:
        """Return the references of lost or changed texts; see `People.damaged`."""
        return [one.ref for one in sealed if not self._is_sound(one)]

    def add_list(self, run: str, list_id: str, items: Iterable[ListItem]) -> ListSummary:
        """Keep a list encrypted; see `People.add_list`."""
        sealers = ListSealers(boxes=self._data_keys.of_run(run), digests=self._sealer)
        return write_list(self._file, sealers, run=run, list_id=list_id, items=items)

    def unfinished_lists(self) -> list[str]:
        """Return the lists whose writing broke off; see `People.unfinished_lists`."""
        return unfinished_lists(self._file)

    def discard_list(self, list_id: str) -> None:
        """Destroy a list whose writing broke off; see `People.discard_list`."""
        discard_list(self._file, list_id)

    def list_summary(self, list_id: str) -> ListSummary:
        """Return the counts of a list; see `People.list_summary`."""
        return summary_of(self._file, self._data_keys.of_list(list_id), list_id)

    def queue(self, list_id: str) -> Iterator[Queued]:
        """Return those who wait for a decision; see `People.queue`."""
        return queue_of(self._file, self._data_keys.of_list(list_id), list_id)

    def decide_queued(self, run: str, notice: str, decisions: Iterable[Decision]) -> None:
        """Remember what a person decided; see `People.decide_queued`."""
        remember(self._file, run=run, notice=notice, decisions=decisions)

    def queue_decisions(self, run: str, notice: str) -> dict[str, Decision]:
        """Return what was decided; see `People.queue_decisions`."""
        return decisions_of(self._file, run=run, notice=notice)

    def recipients(self, list_id: str) -> Iterator[Recipient]:
        """Return the list's recipients in order; see `People.recipients`."""
        return rows_of(self._file, self._data_keys.of_list(list_id), list_id)

    def recipient(self, list_id: str, row: int) -> Recipient:
        """Return one recipient; see `People.recipient`."""
        sealer = self._data_keys.of_list(list_id)
        return one_row(self._file, sealer, list_id=list_id, row=row)

    def key_of(self, address: str) -> str:
        """Return the keyed hash of an address; see `People.key_of`."""
        return self._sealer.hash_of(_normalised(address).encode(), purpose="addresses")

    def bounce_mark(self, content: bytes) -> str:
        """Return a keyed hash of what is to come back; see `People.bounce_mark`."""
        return self._sealer.hash_of(content, purpose="bounces")

    def suppress(self, entries: Iterable[Suppression]) -> int:
        """List addresses as no longer written to; see `People.suppress`."""
        return sqlite_suppression.suppress(self._file, entries)

    def unsuppress(self, keys: Iterable[str]) -> int:
        """Take addresses off the list; see `People.unsuppress`."""
        return sqlite_suppression.unsuppress(self._file, keys)

    def suppressed(self, reasons: Collection[SuppressionReason]) -> set[str]:
        """Return who is on the list; see `People.suppressed`."""
        return sqlite_suppression.suppressed(self._file, reasons)

    def suppression_counts(self) -> dict[SuppressionReason, int]:
        """Return how many are on the list; see `People.suppression_counts`."""
        return sqlite_suppression.suppression_counts(self._file)

    def is_mail_read(self, mark: str) -> bool:
        """Return whether a mail was read before; see `People.is_mail_read`."""
        return sqlite_suppression.is_mail_read(self._file, mark)

    def remember_mails(self, marks: Iterable[str]) -> None:
        """Remember mails as read; see `People.remember_mails`."""
        sqlite_suppression.remember_mails(self._file, marks)

    def mark_key(self) -> None:
        """Note which installation key the boxes are closed with, the first time only."""
        sealer = Sealer(read_key(self._key), entropy=self._entropy)
        with self._file.transaction() as connection:
            connection.execute(
                "INSERT INTO installation (id, key_check) VALUES (1, ?) ON CONFLICT DO NOTHING",
                (sealer.keyed_hash("key-check").hexdigest(),),
            )

    @property
    def _sealer(self) -> Sealer:
        if self._opened is None:
            sealer = Sealer(read_key(self._key), entropy=self._entropy)
            self._check_key(sealer)
            self._opened = sealer
        return self._opened

    def _check_key(self, sealer: Sealer) -> None:
        with faults(self._file.path):
            row = self._file.connection.execute("SELECT key_check FROM installation").fetchone()
        if row != (sealer.keyed_hash("key-check").hexdigest(),):
            raise UnavailableError(
                f"the installation key {self._key} is not the one {self._file.path} was made with",
                hint="bring back the key that belongs to this folder from its copy",
            )

    def _is_sound(self, sealed: Sealed) -> bool:
        try:
            if self.unseal_bytes(sealed) is not None:
                return True
        except StoreDamagedError:
            return False
        with faults(self._file.path):
            row = self._file.connection.execute(
                "SELECT box FROM texts WHERE ref = ?", (sealed.ref,)
            ).fetchone()
        return row is not None


def _normalised(address: str) -> str:
    # Two spellings of one address must be one person, or she is told twice.
    if address.isascii():  # as a million are: the same in a tenth of the time
        return address.strip().lower()
    return unicodedata.normalize("NFKC", address.strip()).casefold()
