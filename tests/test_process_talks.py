"""One program that is talked with: how it starts, how its end is told, and that it is gone."""

from __future__ import annotations

import os
import signal

import pytest

from ccir.clock import SystemClock
from ccir.conversation import Conversation, ConversationError
from ccir.errors import UnavailableError
from ccir.process import conversation
from ccir.program import Program
from support.processes import has_died


def shell(script: str) -> Program:
    return Program(
        argv=("/bin/sh", "-c", script), environment={"PATH": os.defpath}, deadline_seconds=0
    )


def told_pid(talk: Conversation) -> int:
    return int(talk.heard(5))


def test_one_can_talk_with_a_program() -> None:
    with conversation(shell("exec cat"), clock=SystemClock(), frame_bytes=100) as talk:
        talk.say(b"one")
        talk.say(b"two")
        assert (talk.heard(5), talk.heard(5)) == (b"one", b"two")


def test_a_program_that_was_talked_with_is_gone_with_all_its_children() -> None:
    tell = r"printf '\000\000\000\010%08d'"  # a frame of eight bytes
    program = shell(f"sleep 60 & {tell} $!; {tell} $$; exec sleep 60")
    pids = []

    def broken_off() -> None:
        with conversation(program, clock=SystemClock(), frame_bytes=100) as talk:
            pids.extend([told_pid(talk), told_pid(talk)])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert [has_died(pid) for pid in pids] == [True, True]


@pytest.mark.parametrize(
    ("script", "status"),
    [("exit 3", 3), ("kill -TERM $$", -signal.SIGTERM), ("exec >&-; exec sleep 60", None)],
)
def test_how_a_talk_ended_is_told(script: str, status: int | None) -> None:
    with (
        conversation(shell(script), clock=SystemClock(), frame_bytes=100) as talk,
        pytest.raises(ConversationError, match="ended") as caught,
    ):
        talk.heard(5)
    assert caught.value.status == status


def test_a_talk_whose_end_the_system_forgets_ends_too() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        with (
            conversation(shell("exit 3"), clock=SystemClock(), frame_bytes=100) as talk,
            pytest.raises(ConversationError, match="ended"),
        ):
            talk.heard(5)
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_nobody_talks_with_a_program_that_is_not_there() -> None:
    absent = Program(argv=("/absent",), environment={}, deadline_seconds=1)
    with (
        pytest.raises(UnavailableError, match="'/absent' cannot be started"),
        conversation(absent, clock=SystemClock(), frame_bytes=100),
    ):
        pass
