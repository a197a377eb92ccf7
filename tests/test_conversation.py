from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from typing import IO

import msgspec
import pytest

from ccir.clock import SystemClock
from ccir.conversation import Conversation, ConversationError, read_frame, write_frame

BOUND = 4 << 20


class Sides(msgspec.Struct, frozen=True, kw_only=True):
    """Both sides of a conversation: ours, and what the program reads and writes."""

    ours: Conversation
    source: IO[bytes]
    sink: IO[bytes]

    def hear(self) -> bytes | None:
        return read_frame(self.source, frame_bytes=BOUND)

    def say(self, payload: bytes) -> None:
        write_frame(self.sink, payload)


@pytest.fixture
def sides() -> Iterator[Sides]:
    (source, our_sink), (our_source, sink) = os.pipe(), os.pipe()
    ours = Conversation(
        os.fdopen(our_sink, "wb"),
        os.fdopen(our_source, "rb"),
        clock=SystemClock(),
        frame_bytes=BOUND,
        status=lambda: 3,
    )
    with os.fdopen(source, "rb") as asked, os.fdopen(sink, "wb", buffering=0) as said:
        yield Sides(ours=ours, source=asked, sink=said)
        ours.close()


def test_frames_go_both_ways_in_their_order(sides: Sides) -> None:
    for payload in (b"one", b"", b"\x00\xff"):
        sides.ours.say(payload)
    assert [sides.hear() for _ in range(3)] == [b"one", b"", b"\x00\xff"]
    sides.say(b"first")
    sides.say(b"")
    assert (sides.ours.heard(5), sides.ours.heard(5)) == (b"first", b"")


def test_more_than_a_pipe_holds_is_said_while_an_answer_is_awaited(sides: Sides) -> None:
    long = os.urandom(3 << 20)
    sides.ours.say(long)
    sides.ours.say(b"after")
    with pytest.raises(ConversationError, match="late"):
        sides.ours.heard(0.01)  # nobody reads: the pipe stays full
    program = threading.Thread(target=lambda: sides.say(b"%d" % len(sides.hear() or b"")))
    program.start()
    assert sides.ours.heard(5) == b"%d" % len(long)
    program.join()
    assert sides.hear() == b"after"


def test_a_frame_may_come_in_pieces(sides: Sides) -> None:
    for piece in (b"\x00\x00", b"\x00\x03a", b"b"):
        sides.sink.write(piece)
        with pytest.raises(ConversationError, match="late"):
            sides.ours.heard(0.06)
    sides.sink.write(b"c")
    assert sides.ours.heard(5) == b"abc"


def test_what_has_the_length_of_no_frame_is_garbled(sides: Sides) -> None:
    sides.sink.write(b"Traceback (most recent call last):")
    with pytest.raises(ConversationError, match="garbled"):
        sides.ours.heard(5)


def test_the_end_of_the_programs_output_tells_how_it_ended(sides: Sides) -> None:
    sides.sink.write(b"\x00\x00\x00\x09half")
    sides.sink.close()
    with pytest.raises(ConversationError, match="ended") as caught:
        sides.ours.heard(5)
    assert caught.value.status == 3


def test_speaking_to_one_who_reads_no_more_is_no_fault_by_itself(sides: Sides) -> None:
    sides.source.close()
    sides.ours.say(b"nobody hears this")
    sides.say(b"farewell")
    assert sides.ours.heard(5) == b"farewell"


def test_closing_ends_the_programs_input(sides: Sides) -> None:
    sides.ours.close()
    assert sides.hear() is None


@pytest.mark.parametrize("octets", [b"\x00\x00", b"\x00\x00\x00\x05four", b"\x7f\x00\x00\x00more"])
def test_the_programs_side_takes_whole_frames_only(octets: bytes) -> None:
    with pytest.raises(ValueError, match="no whole frame"):
        read_frame(io.BytesIO(octets), frame_bytes=BOUND)
