"""The counts that are kept beside a list, so that nobody reads a million rows for them."""

from __future__ import annotations

from collections import Counter

import msgspec

from ccir.domain.manual_queue import QueueReason
from ccir.domain.notices import Recipient
from ccir.store.people_interface import PlaceCount


class StoredCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The counts in the form in which they are stored; see `ListSummary`."""

    places: tuple[PlaceCount, ...] = ()
    channels: dict[str, int] = {}
    queued: dict[str, int] = {}


class ListTally:
    """Counts recipients by language, place and channel, and the queue by reason."""

    def __init__(self) -> None:
        self._languages: Counter[str] = Counter()
        self._places: Counter[tuple[str, str]] = Counter()
        self._channels: Counter[str] = Counter()
        self._queued: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """Return how many recipients there are."""
        return self._languages.total()

    @property
    def languages(self) -> dict[str, int]:
        """Return how many there are of each language."""
        return dict(sorted((+self._languages).items()))

    def add(self, recipient: Recipient, *, times: int = 1) -> None:
        """Count a recipient; -1 takes her out again."""
        self._languages[recipient.language] += times
        self._places[recipient.country, recipient.subdivision] += times
        self._channels[recipient.channel] += times

    def queue(self, reasons: tuple[QueueReason, ...]) -> None:
        """Count one who waits for a decision, under her gravest reason."""
        self._queued[reasons[0]] += 1

    def counts(self) -> StoredCounts:
        """Return what is stored beside the list."""
        places = sorted((+self._places).items())
        return StoredCounts(
            places=tuple(
                PlaceCount(country=country, subdivision=subdivision, count=count)
                for (country, subdivision), count in places
            ),
            channels=dict(sorted((+self._channels).items())),
            queued=dict(sorted(self._queued.items())),
        )
