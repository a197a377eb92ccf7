"""What a store is: the event log, and the four stores of a workspace together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Protocol

import msgspec

from ccir.clock import Clock
from ccir.domain.events import RunKind
from ccir.domain.record import Draft, Entry
from ccir.entropy import Entropy
from ccir.errors import ConflictError
from ccir.store.acks_interface import Acks
from ccir.store.backups_interface import BackupLedger
from ccir.store.ledger_interface import Ledger
from ccir.store.people_interface import People

RUN_PREFIXES: dict[RunKind, str] = {"incident": "INC", "exercise": "EX", "drill": "DR"}

NO_PINS: Mapping[str, bytes] = MappingProxyType({})

BreakKind = Literal["line", "chain", "column", "head", "runs", "document", "file"]


class VersionConflict(ConflictError):  # noqa: N818 - the event log's own term
    """The run's log grew since it was read: load it again, decide again, append again."""


class RunRow(msgspec.Struct, frozen=True, kw_only=True):
    """One run as the list of runs shows it; `seq` and `hash` are of its last event."""

    id: str
    kind: RunKind
    playbook: str
    open: bool
    started_at: dt.datetime
    seq: int
    hash: str


class Break(msgspec.Struct, frozen=True, kw_only=True):
    """One place where the store contradicts itself; `seq` is None where no event is meant."""

    run: str
    seq: int | None
    kind: BreakKind
    detail: str


class EventStore(Protocol):
    """Appends events durably and gives them back as they were written."""

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
        """Record a new run's first events under the next free id of its kind and UTC year.

        The first draft is `RunStarted`. `pins` are documents by the SHA-256 of their bytes.
        A key that began a run before gives that run's entries and records nothing.

        Raises:
            ConflictError: a run of that playbook is open and `another` is not set.
        """
        ...

    def append(
        self,
        run: str,
        drafts: Sequence[Draft],
        *,
        expected: int,
        key: str,
        pins: Mapping[str, bytes] = NO_PINS,
    ) -> list[Entry]:
        """Record all drafts of one command after event number `expected`, or none.

        `pins` are documents that they name, by the SHA-256 of their bytes.

        A key recorded in this run before gives those entries and records nothing.

        Raises:
            VersionConflict: the run's last event is not number `expected`.
            NotFoundError: there is no such run.
        """
        ...

    def read(self, run: str, *, after: int = 0) -> list[Entry]:
        """Return the run's events whose number is greater than `after`, in order.

        Raises:
            NotFoundError: there is no such run.
        """
        ...

    def lines(self, run: str) -> list[bytes]:
        """Return the run's events as the bytes that were written and hashed.

        Raises:
            NotFoundError: there is no such run.
        """
        ...

    def runs(self) -> list[RunRow]:
        """Return every run in the order they were started."""
        ...

    def pinned(self, digest: str) -> bytes:
        """Return the document with that SHA-256.

        Raises:
            NotFoundError: none is kept.
            StoreDamagedError: the bytes that are kept have another digest.
        """
        ...

    def verify(self, run: str | None = None) -> list[Break]:
        """Return every contradiction in one run's log, or in the whole store: none if sound."""
        ...


class Paces(Protocol):
    """How fast channels may send; all senders of a workspace share each pace."""

    def reserve(self, name: str, *, per_second: float) -> float:
        """Take the next free slot of a pace and return in how many seconds it comes.

        What was reserved is used up, whether or not a message goes out then.
        """
        ...


class Stores(Protocol):
    """The six stores of a workspace, opened together and closed together."""

    @property
    def events(self) -> EventStore:
        """Return the event log."""
        ...

    @property
    def ledger(self) -> Ledger:
        """Return the ledger of notices."""
        ...

    @property
    def paces(self) -> Paces:
        """Return how fast channels may send."""
        ...

    @property
    def acks(self) -> Acks:
        """Return who is asked to confirm a notice, and the answers."""
        ...

    @property
    def people(self) -> People:
        """Return sealed texts and recipients."""
        ...

    @property
    def backups(self) -> BackupLedger:
        """Return what the targets' backups were seen with."""
        ...

    def close(self) -> None:
        """Let go of every file; another use opens them again."""
        ...


class Library(msgspec.Struct, frozen=True, kw_only=True):
    """What a store is built on, for `ccir doctor`; `advice` is empty where all is well."""

    name: str
    version: str
    journal: str
    advice: str = ""


class StoreFactory(Protocol):
    """What a member of this family is: makes and opens the stores of a workspace."""

    def library(self) -> Library:
        """Return which library keeps the stores, and how."""
        ...

    def create(self, folder: Path, *, clock: Clock, entropy: Entropy) -> Stores:
        """Make what is missing in the state folder, change nothing that is there, and open it."""
        ...

    def open(self, folder: Path, *, clock: Clock, entropy: Entropy) -> Stores:
        """Return the stores of a state folder; nothing is read before the first use."""
        ...
