from __future__ import annotations

import signal

import pytest

from ccir.catalog.environment import RenderError
from ccir.conversation import ConversationError
from ccir.delivery.render_frames import MEMORY_STATUS, RenderLimits
from ccir.delivery.render_losses import lost_at_start, lost_for_good, row_fault
from ccir.errors import UnavailableError
from support.rendering import person

LIMITS = RenderLimits(cpu_seconds=0.5, batch_seconds=60, start_seconds=30, losses=2)
REASONS = {
    "rendering needs more than 512 MiB of memory": ConversationError("ended", status=MEMORY_STATUS),
    "rendering needs more than 0.5 s of computing": ConversationError(
        "ended", status=-signal.SIGPROF
    ),
    "rendering takes longer than 60 s": ConversationError("late"),
    "the renderer answered something else than messages": ConversationError("garbled"),
    "the renderer was ended by SIGKILL": ConversationError("ended", status=-signal.SIGKILL),
    "the renderer ended with status 1": ConversationError("ended", status=1),
    "the renderer ended": ConversationError("ended"),
}


@pytest.mark.parametrize("reason", REASONS)
def test_every_loss_has_its_sentence_and_says_what_to_do(reason: str) -> None:
    fault = row_fault(person(7), REASONS[reason], LIMITS)
    assert (fault.row, fault.message) == (7, reason)
    assert fault.hint.startswith("shorten" if "needs more" in reason else "look what ended it")


def test_the_last_rows_are_named() -> None:
    people = [person(row) for row in range(417_001, 417_065)]
    lost = ConversationError("ended", status=MEMORY_STATUS)
    error = lost_for_good(people, lost, LIMITS)
    assert isinstance(error, RenderError)
    assert error.message == (
        "the renderer was lost 3 times, last in rows 417,001–417,064: "  # noqa: RUF001 - a range
        "rendering needs more than 512 MiB of memory"
    )


def test_a_loss_from_outside_is_no_fault_of_the_text() -> None:
    error = lost_for_good([person(5)], ConversationError("garbled"), LIMITS)
    assert isinstance(error, UnavailableError)
    assert "last in row 5: the renderer answered" in error.message


def test_a_start_has_a_time_of_its_own() -> None:
    error = lost_at_start(ConversationError("late"), LIMITS)
    assert isinstance(error, UnavailableError)
    assert error.message.endswith("made ready: rendering takes longer than 30 s")
