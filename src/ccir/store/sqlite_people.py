"""Sealed texts and recipients in SQLite: every row is encrypted and bound to its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from ccir.domain.events import Sealed
from ccir.domain.notices import Recipient
from ccir.domain.record import digest
from ccir.entropy import Entropy
from ccir.errors import RefusedError, StoreDamagedError, UnavailableError
from ccir.store.installation_key import read_key
from ccir.store.people_interface import ListSummary
from ccir.store.sealing import Sealer
from ccir.store.sqlite_driver import faults
from ccir.store.sqlite_file import StoreFile
from ccir.store.sqlite_lists import add_rows, one_row, rows_of

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

    def add_list(self, run: str, list_id: str, recipients: Iterable[Recipient]) -> ListSummary:
        """Keep a list of recipients encrypted; see `People.add_list`."""
        sealer = self._sealer
        with self._file.transaction() as connection:
            return add_rows(connection, sealer, run=run, list_id=list_id, recipients=recipients)

    def recipients(self, list_id: str) -> Iterator[Recipient]:
        """Return the list's recipients in order; see `People.recipients`."""
        return rows_of(self._file, self._sealer, list_id)

    def recipient(self, list_id: str, row: int) -> Recipient:
        """Return one recipient; see `People.recipient`."""
        return one_row(self._file, self._sealer, list_id=list_id, row=row)

    def key_of(self, address: str) -> str:
        """Return the keyed hash of an address; see `People.key_of`."""
        hashed = self._sealer.keyed_hash("addresses")
        hashed.update(_normalised(address).encode())
        return hashed.hexdigest()

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
    return unicodedata.normalize("NFKC", address.strip()).casefold()
