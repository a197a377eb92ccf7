"""Sends one version of a notice to the recipients that are still planned, never to one twice.

1. Hold the notice's sender lock; rows that a dead sender left claimed become `unknown`.
2. Claim a row: the claim is durable before the first byte leaves.
3. Render and send its message.
4. Record the answer and claim the next row in one transaction.
5. Where surely nothing left (the channel is away, the text cannot be rendered), the row is
   released to `planned`. Everything else that interrupts leaves it claimed, for rule 1.
6. A message that was put off is planned again for later, a bounded number of times.
"""

from __future__ import annotations

from ccir.delivery.interface import Ended, SendJob, SendKit, SendReport
from ccir.delivery.lanes import Lanes
from ccir.errors import RefusedError, UnavailableError


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
    return Lanes(job, kit, planned=planned).work_off()
