"""What a store of people's data promises: sealed texts and lists of recipients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

import msgspec

from ccir.domain.events import Sealed
from ccir.domain.notices import Recipient


class ListSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A stored list of recipients: how many, the keyed hash of all, rows per language."""

    id: str
    count: int
    digest: str
    languages: dict[str, int]


class People(Protocol):
    """Free text and people's data, sealed outside the log and erasable."""

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

    def add_list(self, run: str, list_id: str, recipients: Iterable[Recipient]) -> ListSummary:
        """Keep a list of recipients encrypted, row by row; the same list again changes nothing.

        Raises:
            ConflictError: the id is taken by another list.
        """
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
