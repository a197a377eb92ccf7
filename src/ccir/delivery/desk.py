"""The one place where all lanes of a sending take their next message and hand in the answers.

What is done here is done by one lane at a time: the ledger, the list of recipients and the
rendering are not made for several at once, and their order is that of the claims.
"""

from __future__ import annotations

import datetime as dt
import threading

import msgspec

from ccir.channels.interface import Message
from ccir.delivery.interface import Addressed, Progress, SendJob, SendKit
from ccir.delivery.message_ids import message_id
from ccir.delivery.pacing import Pacing
from ccir.delivery.postal import address_lines
from ccir.domain.ledger import Halt, LedgerRow, Settlement
from ccir.domain.notices import Receipt

HERE_SECONDS = 0.5  # a slot that comes within this is waited for, a later one is left to its time


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """A claimed row with its message, and how many seconds to wait before it may go."""

    row: LedgerRow
    message: Message
    wait: float = 0.0


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the other side said about a ticket's message."""

    ticket: Ticket
    receipt: Receipt


class Desk:
    """Hands out tickets and takes answers; every lane of a sending shares it.

    `done` counts the rows that got their final answer here.
    """

    def __init__(self, job: SendJob, kit: SendKit, *, planned: int) -> None:
        self._job = job
        self._kit = kit
        self._planned = planned
        self._lock = threading.Lock()
        self._is_closed = False
        self._pacing = Pacing(job, kit)
        self._domain = kit.channel.traits.domain
        self.done = 0

    @property
    def is_closed(self) -> bool:
        """Return whether no more tickets are handed out."""
        return self._is_closed or self._kit.is_stopped()

    def close(self) -> None:
        """Hand out no more tickets; answers are still taken."""
        self._is_closed = True

    def next(self, answer: Answer | None = None) -> Ticket | None:
        """Take an answer, if there is one, and return the next ticket; None without one.

        Raises:
            CcirError: a text cannot be rendered; its row is planned again.
        """
        with self._lock:
            row = self._turned_in(answer)
            while row is not None:
                ticket = self._ticket(row)
                if ticket is not None:
                    return ticket
                row = None if self.is_closed else self._claimed()
            return None

    def give_back(self, ticket: Ticket) -> None:
        """Make a ticket's row planned again, because surely nothing of it left."""
        with self._lock:
            self._release(ticket.row)

    def due_at(self) -> dt.datetime | None:
        """Return when the first row that was put off may go; None where none was."""
        with self._lock:
            return self._kit.ledger.next_due(self._job.key)

    def halt(self) -> Halt:
        """Return whether a person has paused or stopped the notice."""
        with self._lock:
            return self._kit.ledger.halt(self._job.key)

    def _turned_in(self, answer: Answer | None) -> LedgerRow | None:
        if answer is None:
            return None if self.is_closed else self._claimed()
        settlement = self._settlement(answer)
        if settlement.again_at is None:
            self.done += 1
        key, ledger = self._job.key, self._kit.ledger
        row = None
        if self.is_closed or self.done >= self._planned:
            ledger.settle(key, settlement)
        else:
            row = ledger.settle_and_claim(key, settlement, sender=self._job.sender)
        if settlement.again_at is None:
            self._kit.progress(
                Progress(done=self.done, planned=self._planned, receipt=answer.receipt)
            )
        return row

    def _settlement(self, answer: Answer) -> Settlement:
        row, receipt, pauses = answer.ticket.row, answer.receipt, self._kit.patience.pauses
        again_at = None
        if receipt.retryable and row.attempts <= len(pauses):
            again_at = self._kit.clock.now() + dt.timedelta(seconds=pauses[row.attempts - 1])
        return Settlement(
            row=row.row,
            receipt=receipt,
            message_id=answer.ticket.message.message_id,
            again_at=again_at,
        )

    def _claimed(self) -> LedgerRow | None:
        return self._kit.ledger.claim(self._job.key, self._job.sender)

    def _ticket(self, row: LedgerRow) -> Ticket | None:
        """Return the row's ticket; None where it has to wait for its domain's slot."""
        try:
            addressed = self._job.prepare(row.row)
            message = self._message(row, addressed)
            slot = 0.0 if row.is_reserved else self._pacing.domain_wait(message.to)
            if slot > HERE_SECONDS:
                until = self._kit.clock.now() + dt.timedelta(seconds=slot)
                self._kit.ledger.release(self._job.key, row.row, until=until)
                return None
            return Ticket(row=row, message=message, wait=max(slot, self._pacing.wait()))
        except BaseException:  # whatever it is: nothing has left, so the row is not in doubt
            self._release(row)
            raise

    def _message(self, row: LedgerRow, addressed: Addressed) -> Message:
        recipient, rendered = addressed.recipient, addressed.rendered
        return Message(
            to=recipient.address,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            sms=rendered.sms,
            language=rendered.language,
            message_id=message_id(self._job.key, row.recipient_key, domain=self._domain),
            date=self._job.date,
            bounce_tag=self._job.tag(row),
            postal=address_lines(recipient),
            phone=recipient.columns.get("phone", ""),
        )

    def _release(self, row: LedgerRow) -> None:
        self._kit.ledger.release(self._job.key, row.row)
