"""Says why a renderer was lost, and whether the text is at fault or the machine."""

from __future__ import annotations

import signal
from collections.abc import Sequence

import msgspec

from ccir.catalog.environment import RenderError
from ccir.conversation import ConversationError
from ccir.delivery.render_frames import MEMORY_STATUS, RenderFault, RenderLimits
from ccir.domain.notices import Recipient
from ccir.errors import CcirError, UnavailableError

_TEXT_HINT = "shorten the values, or take loops and filters out of the template"
_MACHINE_HINT = "look what ended it (memory of the machine, a person), then try again"


def is_text_fault(loss: ConversationError) -> bool:
    """Return whether what was written took too much, and not something from outside."""
    return loss.status in {MEMORY_STATUS, -signal.SIGPROF}


def row_fault(recipient: Recipient, loss: ConversationError, limits: RenderLimits) -> RenderFault:
    """Return the fault of the one recipient whose message a renderer was lost with."""
    hint = _TEXT_HINT if is_text_fault(loss) else _MACHINE_HINT
    return RenderFault(row=recipient.row, message=_reason(loss, limits), hint=hint)


def lost_for_good(
    recipients: Sequence[Recipient], loss: ConversationError, limits: RenderLimits
) -> CcirError:
    """Return the error of too many lost renderers, with the rows of the last one."""
    often = f"the renderer was lost {limits.losses + 1} times, last in {_rows(recipients)}"
    return _error(f"{often}: {_reason(loss, limits)}", loss)


def lost_at_start(loss: ConversationError, limits: RenderLimits) -> CcirError:
    """Return the error of a renderer that was lost before it was given any recipient."""
    starting = msgspec.structs.replace(limits, batch_seconds=limits.start_seconds)
    return _error(f"the notice's text cannot be made ready: {_reason(loss, starting)}", loss)


def _error(message: str, loss: ConversationError) -> CcirError:
    if is_text_fault(loss):
        return RenderError(message, hint=_TEXT_HINT)
    return UnavailableError(message, hint=_MACHINE_HINT)


def _rows(recipients: Sequence[Recipient]) -> str:
    first, last = recipients[0].row, recipients[-1].row
    return f"row {first:,}" if first == last else f"rows {first:,}–{last:,}"  # noqa: RUF001 - a range


def _reason(loss: ConversationError, limits: RenderLimits) -> str:
    match loss.loss:
        case "late":
            return f"rendering takes longer than {limits.batch_seconds:g} s"
        case "garbled":
            return "the renderer answered something else than messages"
        case "ended":
            return _end(loss.status, limits)


def _end(status: int | None, limits: RenderLimits) -> str:
    if status == MEMORY_STATUS:
        return f"rendering needs more than {limits.memory_bytes >> 20} MiB of memory"
    if status == -signal.SIGPROF:
        return f"rendering needs more than {limits.cpu_seconds:g} s of computing"
    if status is not None and status < 0:
        return f"the renderer was ended by {signal.Signals(-status).name}"
    return "the renderer ended" + ("" if status is None else f" with status {status}")
