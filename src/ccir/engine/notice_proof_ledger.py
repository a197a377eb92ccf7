"""Streams a version's ledger into a proof, and counts on the way; no address is in it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ccir.domain.ledger import LedgerRow
from ccir.domain.notices import LedgerState
from ccir.domain.record import canonical
from ccir.engine.notice_proof_model import Trouble

_TOLD: frozenset[LedgerState] = frozenset({"accepted", "delivered", "confirmed"})
_TROUBLED: frozenset[LedgerState] = frozenset(
    {
        "bounced",
        "claimed",
        "refused-permanent",
        "refused-temporary",
        "unknown",
    }
)


class LedgerTally:
    """What is counted while rows pass; `limits` are instants after which telling was late.

    `after` has for each limit how many were told later. `rows` are the wanted places of the list
    in the ledger's order, and `picked` the rows of those told that were found there.
    """

    def __init__(self, *, limits: Sequence[dt.datetime | None], total: int, samples: int) -> None:
        self._limits = limits
        self._wanted = _places(total, samples)
        self._troubles: Counter[tuple[str, int]] = Counter()
        self.after = [0] * len(limits)
        self.first_at: dt.datetime | None = None
        self.last_at: dt.datetime | None = None
        self.picked: list[LedgerRow] = []

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """Return how many rows are in each state that is none of being told, by code."""
        return tuple(
            Trouble(state=state, code=code, count=count)
            for (state, code), count in sorted(self._troubles.items())
        )

    def lines(self, rows: Iterable[LedgerRow]) -> Iterator[bytes]:
        """Yield each row as a line of JSON, and count it."""
        for place, row in enumerate(rows):
            self._count(place, row)
            yield line(row)

    def _count(self, place: int, row: LedgerRow) -> None:
        if row.state in _TOLD:
            self._pick(place, row)
            self._time(told_at(row))
        elif row.state in _TROUBLED:
            self._troubles[row.state, row.code] += 1

    def _pick(self, place: int, row: LedgerRow) -> None:
        picked = len(self.picked)
        if picked < len(self._wanted) and place >= self._wanted[picked]:
            self.picked.append(row)

    def _time(self, at: dt.datetime | None) -> None:
        if at is None:
            return
        self.first_at = at if self.first_at is None else min(self.first_at, at)
        self.last_at = at if self.last_at is None else max(self.last_at, at)
        for number, limit in enumerate(self._limits):
            if limit is not None and at > limit:
                self.after[number] += 1


def line(row: LedgerRow) -> bytes:
    """Return a row as one line of JSON with its end."""
    return canonical(row) + b"\n"


def troubled(rows: Iterable[LedgerRow]) -> Iterator[bytes]:
    """Yield the lines of those who were refused, came back or are in doubt."""
    return (line(row) for row in rows if row.state in _TROUBLED)


def told_at(row: LedgerRow) -> dt.datetime | None:
    """Return when the row's message was taken, as well as the ledger knows it.

    That is the answer's moment as long as nothing more is known of the row, and later the moment
    before its first byte, where that is known.
    """
    if row.state == "accepted" and row.basis in {"", "answer"}:
        return row.changed_at
    return row.changed_at if row.evidence is None else row.evidence.sent_at


def _places(total: int, samples: int) -> list[int]:
    """Return places spread evenly over that many rows, the same each time."""
    count = min(total, samples)
    return [number * total // count for number in range(count)]
