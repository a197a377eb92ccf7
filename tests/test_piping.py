from __future__ import annotations

import pytest

from ccir.piping import Reading


def test_a_reading_that_never_began_is_over_and_tells_nothing() -> None:
    reading = Reading(lambda _stream: None)
    assert not reading.is_going_on()
    reading.end(0)
    reading.tell()


def test_what_is_written_is_read_to_its_end() -> None:
    read: list[bytes] = []
    reading = Reading(lambda stream: read.append(stream.read()))
    with reading.begin() as sink:
        sink.write(b"bytes")
        assert reading.is_going_on()
    reading.end(5)
    reading.tell()
    assert (read, reading.is_going_on()) == ([b"bytes"], False)


def test_a_reader_that_returns_early_closes_the_pipe() -> None:
    reading = Reading(lambda _stream: None)
    with reading.begin() as sink:
        reading.end(5)
        with pytest.raises(BrokenPipeError):
            sink.write(b"nobody reads this")
