from __future__ import annotations

import pytest

from ccir.channels.interface import Message
from ccir.clock import FixedClock
from ccir.delivery.wrappers import PacedSession, Patience, PatientSession
from ccir.domain.notices import Receipt
from ccir.errors import InvalidDocumentError, UnavailableError
from support.mail import SENT_AT, message

TAKEN = Receipt(state="accepted", code=250)
LATER = Receipt(state="refused-temporary", code=451, retryable=True)
FULL = Receipt(state="refused-temporary", code=452)
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


@pytest.mark.parametrize("answer", [TAKEN, FULL, DOUBT])
def test_an_answer_that_may_stand_for_a_taken_message_is_never_asked_again(
    clock: FixedClock, answer: Receipt
) -> None:
    session = Answers(clock, answer, TAKEN)
    assert patient(clock, session).send(message()) == answer
    assert session.given_at == [0]


def test_a_greylisted_message_is_given_again_after_each_pause(clock: FixedClock) -> None:
    session = Answers(clock, LATER, AWAY, TAKEN)
    assert patient(clock, session).send(message()) == TAKEN
    assert session.given_at == [0, 1, 5]


def test_after_the_last_pause_the_last_answer_stands(clock: FixedClock) -> None:
    assert patient(clock, Answers(clock, AWAY, AWAY, LATER)).send(message()) == LATER
    with pytest.raises(UnavailableError):
        patient(clock, Answers(clock, LATER, LATER, AWAY)).send(message())


def test_a_message_that_does_not_fit_is_not_given_again(clock: FixedClock) -> None:
    session = Answers(clock, UNFIT, TAKEN)
    with pytest.raises(InvalidDocumentError):
        patient(clock, session).send(message())
    assert session.given_at == [0]


def test_all_pauses_together_are_bounded(clock: FixedClock) -> None:
    session = Answers(clock, *[LATER] * 7)
    waiting = patient(clock, session, Patience(pauses=(2.0, 2.0), total=5.0))
    assert [waiting.send(message()) for _ in range(4)] == [LATER] * 4
    assert clock.monotonic() == 4
    assert len(session.given_at) == 6, "three tries, then one each"


@pytest.mark.parametrize("answer", [LATER, AWAY])
def test_a_stop_ends_all_patience(clock: FixedClock, answer: Receipt | UnavailableError) -> None:
    session = Answers(clock, answer)
    stopped = patient(clock, session, stopped=True)
    if isinstance(answer, Receipt):
        assert stopped.send(message()) == answer
    else:
        with pytest.raises(UnavailableError):
            stopped.send(message())
    assert clock.monotonic() == 0


def test_without_pauses_there_is_one_try(clock: FixedClock) -> None:
    session = Answers(clock, LATER)
    assert patient(clock, session, Patience(pauses=())).send(message()) == LATER


def test_messages_keep_the_pace(clock: FixedClock) -> None:
    session = Answers(clock, *[TAKEN] * 6)
    paced = PacedSession(session, per_second=2, clock=clock)
    for _ in range(3):
        paced.send(message())
    clock.move(10)
    for _ in range(3):
        paced.send(message())
    assert session.given_at == [0, 0.5, 1.0, 11.0, 11.5, 12.0], "a pause is not made up for"
