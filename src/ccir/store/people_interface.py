"""What a store of people's data promises: sealed texts and lists of recipients."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from ccir.domain.events import Sealed
from ccir.domain.manual_queue import Decision, ListItem, Queued
from ccir.domain.notices import Recipient
from ccir.domain.suppressions import Suppression, SuppressionReason


class PlaceCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many recipients live in a place; country and subdivision are empty if undetermined."""

    country: str
    subdivision: str
    count: int


class KeyHolders(msgspec.Struct, frozen=True, kw_only=True):
    """Who may open lists: people's age public keys, and the file with the private key at hand.

    Without any, the installation's own key does.
    """

    public_keys: tuple[str, ...] = ()
    identity: Path | None = None


class ListSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A stored list of recipients: how many, the keyed hash of all, and counts of them.

    `channels` counts what they prefer, under '' for those who do not say. `queued` counts those
    who wait for a decision by their gravest reason; they are in no other count.
    """

    id: str
    count: int
    digest: str
    languages: dict[str, int]
    places: tuple[PlaceCount, ...] = ()
    channels: dict[str, int] = {}
    queued: dict[str, int] = {}


class People(Protocol):
    """Free text and people's data, sealed outside the log and erasable."""

    def set_holders(self, holders: KeyHolders) -> None:
        """Say who may open the lists that are made from now on, and with what to open others."""
        ...

    def seal(self, run: str, text: str) -> Sealed:
        """Keep a text encrypted and return its reference with a salted digest."""
        ...

    def seal_bytes(self, run: str, content: bytes) -> Sealed:
        """Keep bytes encrypted and return their reference with a salted digest."""
        ...

    def unseal(self, sealed: Sealed) -> str | None:
        """Return the text, or None where it was erased or its row is lost.

        Raises:
            StoreDamagedError: what is kept is not what was sealed.
        """
        ...

    def unseal_bytes(self, sealed: Sealed) -> bytes | None:
        """Return the bytes, or None where they were erased or their row is lost.

        Raises:
            StoreDamagedError: what is kept is not what was sealed.
        """
        ...

    def erase(self, ref: str) -> None:
        """Destroy a sealed text; its event and the chain stay whole."""
        ...

    def damaged(self, sealed: Iterable[Sealed]) -> list[str]:
        """Return the references of those that are lost or changed; an erased one is neither."""
        ...

    def add_list(self, run: str, list_id: str, items: Iterable[ListItem]) -> ListSummary:
        """Keep a list encrypted, row by row in ascending order; the same again changes nothing.

        It is written in blocks, and nobody can read it before its end is reached. Where an earlier
        try broke off, the blocks that are the same are kept and the rest is written anew.

        Raises:
            ConflictError: the id is taken by another list.
        """
        ...

    def unfinished_lists(self) -> list[str]:
        """Return the ids of the lists whose writing broke off."""
        ...

    def discard_list(self, list_id: str) -> None:
        """Destroy a list whose writing broke off; a finished one stays."""
        ...

    def list_summary(self, list_id: str) -> ListSummary:
        """Return the counts of a list.

        Raises:
            NotFoundError: there is no such list.
        """
        ...

    def queue(self, list_id: str) -> Iterator[Queued]:
        """Return those of the list who wait for a decision, in order.

        Raises:
            NotFoundError: there is no such list.
        """
        ...

    def decide_queued(self, run: str, notice: str, decisions: Iterable[Decision]) -> None:
        """Remember what a person decided of queued recipients; a later decision counts."""
        ...

    def queue_decisions(self, run: str, notice: str) -> dict[str, Decision]:
        """Return what was decided of a notice's queued recipients, by their keys."""
        ...

    def recipients(self, list_id: str) -> Iterator[Recipient]:
        """Return the list's recipients in order.

        Raises:
            NotFoundError: there is no such list.
        """
        ...

    def recipient(self, list_id: str, row: int) -> Recipient:
        """Return one recipient of a list.

        Raises:
            NotFoundError: there is no such list or row.
        """
        ...

    def key_of(self, address: str) -> str:
        """Return the keyed hash by which an address is known outside this store."""
        ...

    def bounce_mark(self, content: bytes) -> str:
        """Return a keyed hash that nobody else can make: for what is to come back by mail."""
        ...

    def suppress(self, entries: Iterable[Suppression]) -> int:
        """List addresses as no longer written to; return how many of the entries are new."""
        ...

    def unsuppress(self, keys: Iterable[str]) -> int:
        """Take addresses off that list, by their keys; return how many were on it."""
        ...

    def suppressed(self, reasons: Collection[SuppressionReason]) -> set[str]:
        """Return the keys of those on the list for one of the reasons."""
        ...

    def suppression_counts(self) -> dict[SuppressionReason, int]:
        """Return how many addresses are on the list, by reason."""
        ...

    def is_mail_read(self, mark: str) -> bool:
        """Return whether a mail with that keyed hash was read before."""
        ...

    def remember_mails(self, marks: Iterable[str]) -> None:
        """Remember mails as read, by their keyed hashes."""
        ...
