"""Sends one version of a notice to the recipients that are still planned, never to one twice.

1. Hold the notice's sender lock; rows that a dead sender left claimed become `unknown`.
2. Claim a row: the claim is durable before the first byte leaves.
3. Render and send its message.
4. Record the answer and claim the next row in one transaction.
5. Where surely nothing left (the channel is away, the text cannot be rendered), the row is
   released to `planned`. Everything else that interrupts leaves it claimed, for rule 1.
"""

from __future__ import annotations

from ccir.channels.interface import Message, Session
from ccir.delivery.interface import Ended, Progress, SendJob, SendKit, SendReport
from ccir.delivery.message_ids import message_id
from ccir.delivery.wrappers import PacedSession, PatientSession
from ccir.domain.ledger import LedgerRow
from ccir.domain.notices import Receipt
from ccir.errors import CcirError, RefusedError, UnavailableError


def send(job: SendJob, kit: SendKit) -> SendReport:
    """Send to every row that is still planned and return how it ended.

    Raises:
        ConflictError: another process is sending this notice.
        RefusedError: a list of recipients is to go to a channel that is one room.
        CcirError: a text cannot be rendered; its row is planned again.
    """
    with kit.ledger.sender(job.key):
        abandoned = kit.ledger.abandon(job.key)
        before = kit.ledger.counts(job.key)
        _refuse_crowd(job, kit, rows=before.total)
        detail = hint = ""
        try:
            ended = _send_planned(job, kit, planned=before.planned)
        except UnavailableError as error:
            ended, detail, hint = "unavailable", error.message, error.hint
        counts = kit.ledger.counts(job.key)
    return SendReport(ended=ended, counts=counts, abandoned=abandoned, detail=detail, hint=hint)


def _refuse_crowd(job: SendJob, kit: SendKit, *, rows: int) -> None:
    if rows > 1 and not kit.channel.traits.personal:
        raise RefusedError(
            f"the channel '{job.key.channel}' is one room, and the notice has {rows} recipients",
            hint="choose a channel that reaches each recipient, then preview again",
        )


def _send_planned(job: SendJob, kit: SendKit, *, planned: int) -> Ended:
    if not planned:
        return "complete"
    if kit.is_stopped():
        return "stopped"
    with kit.channel.open() as bare:
        return _Sending(job, kit, session=_wrapped(bare, kit)).work_off(planned)


def _wrapped(session: Session, kit: SendKit) -> Session:
    rate = kit.channel.traits.per_second
    paced = PacedSession(session, per_second=rate, clock=kit.clock) if rate else session
    return PatientSession(paced, kit.patience, clock=kit.clock, is_stopped=kit.is_stopped)


class _Sending:
    def __init__(self, job: SendJob, kit: SendKit, *, session: Session) -> None:
        self._job = job
        self._kit = kit
        self._session = session

    def work_off(self, planned: int) -> Ended:
        row = self._kit.ledger.claim(self._job.key, self._job.sender)
        for done in range(1, planned + 1):
            if row is None:
                break
            message = self._prepared(row)
            receipt = self._given(row, message)
            is_last = done == planned or self._kit.is_stopped()
            row = self._settled(row, message, receipt=receipt, is_last=is_last)
            self._kit.progress(Progress(done=done, planned=planned, receipt=receipt))
            if is_last and done < planned:
                return "stopped"
        return "complete"

    def _prepared(self, row: LedgerRow) -> Message:
        job = self._job
        try:
            recipient = job.recipient(row.row)
            rendered = job.render(recipient)
        except BaseException:  # whatever it is: nothing has left, so the row is not in doubt
            self._release(row)
            raise
        domain = self._kit.channel.traits.domain
        return Message(
            to=recipient.address,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            language=rendered.language,
            message_id=message_id(job.key, row.recipient_key, domain=domain),
            date=job.date,
        )

    def _given(self, row: LedgerRow, message: Message) -> Receipt:
        try:
            return self._session.send(message)
        except CcirError:  # a session raises one only where nothing was taken
            self._release(row)
            raise

    def _settled(
        self, row: LedgerRow, message: Message, *, receipt: Receipt, is_last: bool
    ) -> LedgerRow | None:
        key, ledger = self._job.key, self._kit.ledger
        if is_last:
            ledger.settle(key, row.row, receipt, message_id=message.message_id)
            return None
        return ledger.settle_and_claim(
            key, row.row, receipt, sender=self._job.sender, message_id=message.message_id
        )

    def _release(self, row: LedgerRow) -> None:
        self._kit.ledger.release(self._job.key, row.row)
