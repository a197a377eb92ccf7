"""The stores of one workspace in SQLite files: the log with the ledger, people, backups."""

from __future__ import annotations

from pathlib import Path

from ccir.clock import Clock
from ccir.entropy import Entropy
from ccir.errors import ConflictError, UnavailableError
from ccir.store.installation_key import make_key
from ccir.store.interface import Library, StoreFactory
from ccir.store.sqlite_acks import SqliteAcks
from ccir.store.sqlite_backups import SqliteBackups
from ccir.store.sqlite_driver import MODULE, VERSION, Connect, connect, journal_mode
from ccir.store.sqlite_events import SqliteEvents
from ccir.store.sqlite_file import StoreFile
from ccir.store.sqlite_ledger import SqliteLedger
from ccir.store.sqlite_paces import SqlitePaces
from ccir.store.sqlite_people import SqlitePeople
from ccir.store.sqlite_schema import BACKUPS, LOG, PEOPLE
from ccir.store.state_folder import held, make_private


class SqliteStores:
    """The log, the ledgers and people of one state folder (`.ccir`), opened on first use.

    One thread uses it; other processes may use the same folder at the same time.
    """

    def __init__(
        self, folder: Path, *, clock: Clock, entropy: Entropy, connect: Connect = connect
    ) -> None:
        self._folder = folder
        self._entropy = entropy
        self._log = StoreFile(folder / "ccir.db", LOG, journal=journal_mode(), connect=connect)
        # A write-ahead log would keep copies of what was erased.
        self._people = StoreFile(folder / "people.db", PEOPLE, journal="delete", connect=connect)
        self._backups = StoreFile(
            folder / "backups.db", BACKUPS, journal=journal_mode(), connect=connect
        )
        self._key = folder / "keys" / "installation.key"
        self.events = SqliteEvents(self._log, clock=clock, entropy=entropy)
        self.ledger = SqliteLedger(self._log, locks=folder / "locks", clock=clock)
        self.paces = SqlitePaces(self._log, clock=clock)
        self.acks = SqliteAcks(self._log, key=self._key, clock=clock, entropy=entropy)
        self.people = SqlitePeople(self._people, key=self._key, entropy=entropy)
        self.backups = SqliteBackups(self._backups, locks=folder / "locks")

    def create(self) -> None:
        """Make the folder, the key, the log and people's file where they are missing.

        Raises:
            UnavailableError: the key of existing boxes is missing, or the disk refuses.
        """
        make_private(self._folder)
        taken = ConflictError("another `ccir init` is at work", hint="wait for it, then repeat")
        with held(self._folder / "locks" / "create.lock", taken=taken, wait=True):
            self._refuse_lost_key()
            make_key(self._key, entropy=self._entropy)
            self._people.create()
            self.people.mark_key()
            self._log.create()

    def close(self) -> None:
        """Let go of all files; another use opens them again."""
        self._log.close()
        self._people.close()
        self._backups.close()

    def _refuse_lost_key(self) -> None:
        if self._people.path.exists() and not self._key.exists():
            raise UnavailableError(
                f"{self._people.path} is there, but its key {self._key} is missing",
                hint="bring the key back from its copy; a new one would open nothing",
            )


class SqliteFactory:
    """Makes and opens the stores of a state folder."""

    def __init__(self, *, connect: Connect = connect) -> None:
        self._connect = connect

    def library(self) -> Library:
        """Return which SQLite is in use; see `StoreFactory.library`."""
        safest = journal_mode() == "wal"
        return Library(
            name=MODULE,
            version=".".join(str(part) for part in VERSION),
            journal=journal_mode(),
            advice="" if safest else "slower until pysqlite3 is installed: pip install pysqlite3",
        )

    def create(self, folder: Path, *, clock: Clock, entropy: Entropy) -> SqliteStores:
        """Make what is missing, change nothing that is there; see `StoreFactory.create`."""
        stores = self.open(folder, clock=clock, entropy=entropy)
        stores.create()
        return stores

    def open(self, folder: Path, *, clock: Clock, entropy: Entropy) -> SqliteStores:
        """Return the stores; see `StoreFactory.open`."""
        return SqliteStores(folder, clock=clock, entropy=entropy, connect=self._connect)


MEMBER: StoreFactory = SqliteFactory()
