"""How long a sending waits for a server that is away, and for one that asks to come again."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ccir.channels.interface import Message, Session
from ccir.clock import Clock
from ccir.domain.notices import Receipt
from ccir.errors import UnavailableError


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds before each further try.

    `pauses` are those of a message that was put off: it is planned again, and others go out
    meanwhile. A server that greylists takes it after five minutes (RFC 6647 §5). `away` are
    those of a channel that is away, when nothing can be sent.
    """

    pauses: tuple[float, ...] = (5.0, 60.0, 300.0, 900.0)
    away: tuple[float, ...] = (1.0, 4.0)


class PatientSession:
    """Tries again where the channel is away, unless it is told to stop."""

    def __init__(
        self,
        session: Session,
        patience: Patience,
        *,
        clock: Clock,
        is_stopped: Callable[[], bool],
    ) -> None:
        self._session = session
        self._pauses = patience.away
        self._clock = clock
        self._is_stopped = is_stopped

    def send(self, message: Message) -> Receipt:
        """Send, again after each pause while the channel is away, and return the answer.

        Raises:
            UnavailableError: the channel was away at the last try as well.
        """
        for pause in self._pauses:
            try:
                return self._session.send(message)
            except UnavailableError:
                if self._is_stopped():
                    raise
                self._clock.sleep(pause)
        return self._session.send(message)
