"""Sessions around a session: one keeps the pace, one has patience."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ccir.channels.interface import Message, Session
from ccir.clock import Clock
from ccir.domain.notices import Receipt
from ccir.errors import UnavailableError


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long to wait before each further try, and in one sending altogether, in seconds.

    The total keeps a server that puts off everybody from holding up thousands of rows.
    """

    pauses: tuple[float, ...] = (1.0, 4.0)
    total: float = 120.0


class PacedSession:
    """Gives at most so many messages a second to the session within."""

    def __init__(self, session: Session, *, per_second: float, clock: Clock) -> None:
        self._session = session
        self._interval = 1 / per_second
        self._clock = clock
        self._next_at = clock.monotonic()

    def send(self, message: Message) -> Receipt:
        """Wait for the next slot, then send."""
        now = self._clock.monotonic()
        if self._next_at > now:
            self._clock.sleep(self._next_at - now)
        self._next_at = max(self._next_at, now) + self._interval
        return self._session.send(message)


class PatientSession:
    """Tries again where surely nothing was taken: a retryable refusal, a channel that is away."""

    def __init__(
        self,
        session: Session,
        patience: Patience,
        *,
        clock: Clock,
        is_stopped: Callable[[], bool],
    ) -> None:
        self._session = session
        self._pauses = patience.pauses
        self._left = patience.total
        self._clock = clock
        self._is_stopped = is_stopped

    def send(self, message: Message) -> Receipt:
        """Send, again after each pause while that is safe, and return the last answer.

        Raises:
            UnavailableError: the channel was away at the last try as well.
        """
        for pause in self._pauses:
            answer = self._answer(message)
            if isinstance(answer, Receipt) and not answer.retryable:
                return answer
            if not self._has_waited(pause):
                return _unless_away(answer)
        return self._session.send(message)

    def _answer(self, message: Message) -> Receipt | UnavailableError:
        try:
            return self._session.send(message)
        except UnavailableError as error:
            return error

    def _has_waited(self, pause: float) -> bool:
        if self._is_stopped() or pause > self._left:
            return False
        self._left -= pause
        self._clock.sleep(pause)
        return True


def _unless_away(answer: Receipt | UnavailableError) -> Receipt:
    if isinstance(answer, UnavailableError):
        raise answer
    return answer
