"""Sends over as many connections at once as the way to the server is slow.

1. A sending begins with one lane. After `SAMPLE` messages it is known how long the server takes
   for one (a few round trips) and how long it takes to prepare one.
2. A channel with a rate gets as many lanes as reach it; one without gets as many as keep this
   process busy while each waits for the server. Where the server is as near as this machine,
   two lanes would only be in each other's way.
3. When one lane meets a channel that is away, or a text that cannot be rendered, all end after
   their present message.
4. When nothing may be sent at present because all rows left were put off, the lanes wait.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ccir.channels.interface import Session
from ccir.delivery.desk import Answer, Desk, Ticket
from ccir.delivery.interface import Ended, SendJob, SendKit
from ccir.delivery.patience import PatientSession
from ccir.errors import CcirError

SAMPLE = 20
_SLICE_SECONDS = 1.0  # of a wait, after each of which a stop is noticed
_WORTH = 2.0  # lanes pay where the server takes so many times as long as preparing does


class Lanes:
    """One sending, over one or several sessions of its channel."""

    def __init__(self, job: SendJob, kit: SendKit, *, planned: int) -> None:
        self._kit = kit
        self._planned = planned
        self._desk = Desk(job, kit, planned=planned)
        self._threads: list[threading.Thread] = []
        self._errors: list[BaseException] = []
        self._measured = _Measured()

    def work_off(self) -> Ended:
        """Send to every planned row and return how that ended.

        Raises:
            UnavailableError: the channel is away.
            CcirError: a text cannot be rendered; its row is planned again.
        """
        with self._kit.channel.open() as first, self._ended_together():
            self._run(first, widens=self._kit.channel.traits.lanes > 1)
        if self._errors:
            raise self._errors[0]
        if self._desk.done >= self._planned:
            return "complete"
        return "paused" if self._desk.halt() == "paused" else self._unfinished()

    def _unfinished(self) -> Ended:
        # A row may have been resolved by a person meanwhile: then nothing is left all the same.
        is_stopped = self._desk.is_closed or self._desk.halt() == "stopped"
        return "stopped" if is_stopped else "complete"

    @contextmanager
    def _ended_together(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._desk.close()
            raise
        finally:
            for thread in self._threads:
                while thread.is_alive():  # in slices, so that Ctrl-C is noticed
                    thread.join(_SLICE_SECONDS)

    def _run(self, session: Session, *, widens: bool = False) -> None:
        patient = PatientSession(
            session,
            self._kit.patience,
            clock=self._kit.clock,
            is_stopped=lambda: self._desk.is_closed,
        )
        answer: Answer | None = None
        while True:
            started = self._kit.clock.monotonic()
            ticket = self._desk.next(answer)
            if ticket is None:
                answer = None
                if not self._is_worth_waiting():
                    return
                continue
            prepared = self._kit.clock.monotonic()
            if not self._has_waited(ticket.wait):
                self._desk.give_back(ticket)
                return
            begun = self._kit.clock.monotonic()
            answer = self._sent(patient, ticket)
            if widens:
                self._measured.add(prepared - started, self._kit.clock.monotonic() - begun)
                widens = not self._widened()

    def _sent(self, session: PatientSession, ticket: Ticket) -> Answer:
        try:
            return Answer(ticket=ticket, receipt=session.send(ticket.message))
        except CcirError:  # a session raises one only where nothing was taken
            self._desk.give_back(ticket)
            raise

    def _is_worth_waiting(self) -> bool:
        """Wait until a row that was put off may go; tell whether there is one."""
        if self._desk.is_closed or self._desk.halt():
            return False
        due_at = self._desk.due_at()
        if due_at is None:
            return False
        seconds = (due_at - self._kit.clock.now()).total_seconds()
        return self._has_waited(max(seconds, 0.001))

    def _has_waited(self, seconds: float) -> bool:
        """Wait, unless a stop comes first; tell whether none did."""
        while not self._desk.is_closed:
            if seconds <= 0:
                return True
            self._kit.clock.sleep(min(seconds, _SLICE_SECONDS))
            seconds -= _SLICE_SECONDS
        return False

    def _widened(self) -> bool:
        """Open further lanes once it is known how many; tell whether that is settled."""
        if self._measured.count < SAMPLE:
            return False
        left = self._planned - self._desk.done - 1  # one is on its way in this lane
        wanted = min(self._measured.lanes(self._rate), self._kit.channel.traits.lanes, left)
        for number in range(2, wanted + 1):
            thread = threading.Thread(target=self._lane, name=f"lane {number}", daemon=True)
            self._threads.append(thread)
            thread.start()
        return True

    @property
    def _rate(self) -> float | None:
        return self._kit.channel.traits.per_second

    def _lane(self) -> None:
        try:
            with self._kit.channel.open() as session:
                self._run(session)
        except BaseException as error:  # noqa: BLE001 - the first lane raises it
            self._errors.append(error)
            self._desk.close()


class _Measured:
    """How long preparing and sending took, over so many messages, in seconds."""

    def __init__(self) -> None:
        self.count = 0
        self._preparing = 0.0
        self._sending = 0.0

    def add(self, preparing: float, sending: float) -> None:
        """Take note of one message."""
        self.count += 1
        self._preparing += preparing
        self._sending += sending

    def lanes(self, per_second: float | None) -> int:
        """Return how many lanes pay (rule 2)."""
        one = (self._preparing + self._sending) / self.count
        if per_second is not None:
            return max(math.ceil(per_second * one), 1)
        if not self._preparing or self._sending <= _WORTH * self._preparing:
            return 1
        return math.ceil(self._sending / self._preparing)
