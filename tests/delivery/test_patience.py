from __future__ import annotations

import pytest

from ccir.channels.interface import Message
from ccir.clock import FixedClock
from ccir.delivery.patience import Patience, PatientSession
from ccir.domain.notices import Receipt
from ccir.errors import InvalidDocumentError, UnavailableError
from support.mail import SENT_AT, message

TAKEN = Receipt(state="accepted", code=250)
LATER = Receipt(state="refused-temporary", code=451, retryable=True)
DOUBT = Receipt(state="unknown")
AWAY = UnavailableError("away", hint="come back")
UNFIT = InvalidDocumentError("unfit", hint="correct it")


class Answers:
    """A session that gives its answers in order and notes when each message was given to it."""

    def __init__(self, clock: FixedClock, *answers: Receipt | Exception) -> None:
        self._clock = clock
        self._answers = [*answers]
        self.given_at: list[float] = []

    def send(self, given: Message) -> Receipt:
        assert given.subject
        self.given_at.append(self._clock.monotonic())
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(SENT_AT)


def patient(
    clock: FixedClock, session: Answers, patience: Patience | None = None, *, stopped: bool = False
) -> PatientSession:
    return PatientSession(session, patience or Patience(), clock=clock, is_stopped=lambda: stopped)


@pytest.mark.parametrize("answer", [TAKEN, LATER, DOUBT])
def test_any_answer_stands(clock: FixedClock, answer: Receipt) -> None:
    session = Answers(clock, answer, TAKEN)
    assert patient(clock, session).send(message()) == answer
    assert session.given_at == [0]


def test_a_channel_that_is_away_is_waited_for(clock: FixedClock) -> None:
    session = Answers(clock, AWAY, AWAY, TAKEN)
    assert patient(clock, session).send(message()) == TAKEN
    assert session.given_at == [0, 1, 5]


def test_after_the_last_pause_the_channel_is_away(clock: FixedClock) -> None:
    with pytest.raises(UnavailableError):
        patient(clock, Answers(clock, AWAY, AWAY, AWAY)).send(message())


def test_a_message_that_does_not_fit_is_not_given_again(clock: FixedClock) -> None:
    session = Answers(clock, UNFIT, TAKEN)
    with pytest.raises(InvalidDocumentError):
        patient(clock, session).send(message())
    assert session.given_at == [0]


def test_a_stop_ends_all_patience(clock: FixedClock) -> None:
    with pytest.raises(UnavailableError):
        patient(clock, Answers(clock, AWAY), stopped=True).send(message())
    assert clock.monotonic() == 0
