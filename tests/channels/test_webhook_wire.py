from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from ccir.channels.webhook_wire import BROKEN, LIMIT_REPLY_BYTES, Wire
from ccir.clock import FixedClock
from support.mail import SENT_AT


class Ends(NamedTuple):
    """A wire and the socket at its other end."""

    wire: Wire
    near: socket.socket
    other: socket.socket


class Ticking(FixedClock):
    """Moves on by a fifth of a second whenever it is looked at."""

    def monotonic(self) -> float:
        self.move(0.2)
        return super().monotonic()


@pytest.fixture
def ends() -> Iterator[Ends]:
    near, far = socket.socketpair()
    wire = Wire(near, FixedClock(SENT_AT), seconds=0.3)
    with far:
        yield Ends(wire, near, far)
    wire.close()


def head(*lines: str) -> bytes:
    return "\r\n".join(("HTTP/1.1 200 OK", *lines, "", "")).encode()


WHOLE = [
    (head("Content-Length: 3") + b"abc", b"abc", False),
    (head("Content-Length: 0"), b"", False),
    (head("Content-Length: 3", "Connection: close") + b"abc", b"abc", True),
    (head("Transfer-Encoding: chunked") + b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", b"abc", False),
    (b"HTTP/1.1 204 No Content\r\n\r\n", b"", False),
    (b"HTTP/1.1 100 Continue\r\n\r\n" + head("Content-Length: 1") + b"a", b"a", False),
    (b"HTTP/1.1 103 Early Hints\r\n\r\n", b"", True),
    (b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc", b"abc", True),
]


@pytest.mark.parametrize(("said", "content", "is_last"), WHOLE, ids=range(len(WHOLE)))
def test_a_whole_reply_is_read(said: bytes, content: bytes, *, is_last: bool, ends: Ends) -> None:
    ends.other.sendall(said)
    reply = ends.wire.reply()
    assert reply.digest == hashlib.sha256(content).hexdigest()
    assert reply.is_last is is_last


def test_a_reply_may_end_with_the_connection(ends: Ends) -> None:
    ends.other.sendall(head() + b"abc")
    ends.other.close()
    reply = ends.wire.reply()
    assert (reply.digest, reply.is_last) == (hashlib.sha256(b"abc").hexdigest(), True)


def test_a_reply_that_is_too_long_counts_and_is_the_last(ends: Ends) -> None:
    text = b"x" * (LIMIT_REPLY_BYTES + 10)
    ends.other.sendall(head(f"Content-Length: {len(text)}", "Retry-After: 3") + text)
    reply = ends.wire.reply()
    assert reply.digest == hashlib.sha256(text[:LIMIT_REPLY_BYTES]).hexdigest()
    assert (reply.status, reply.retry_after, reply.is_last) == (200, "3", True)


BAD = [
    b"",
    b"HTTP/1.1 2",
    b"HTTP/1.1 200 OK\r\nContent-Le",
    head("Content-Length: 5") + b"abc",
    head("Transfer-Encoding: chunked") + b"5\r\nabc",
    head("Transfer-Encoding: chunked") + b"3\r\nabc\r\n",
    head("Transfer-Encoding: chunked") + b"-5\r\nabc\r\n",
    head("Transfer-Encoding: chunked") + b"many\r\nabc\r\n",
    b"250 Ok: queued\r\n",
    b"HTTP/2 200\r\n\r\n",
    b"HTTP/1.1 OK 200\r\n\r\n",
    b"HTTP/1.1 99999 OK\r\n\r\n",
    b"\x00\xff" * 100,
    b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 101 + b"\r\n",
    b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000,
    b"HTTP/1.1 100 Continue\r\n\r\n" * 9_000,
    head("Transfer-Encoding: chunked") + b"1\r\na\r\n" * 40_000,
]


@pytest.mark.parametrize("said", BAD, ids=range(len(BAD)))
def test_a_reply_that_is_cut_or_garbage_or_endless_is_broken(said: bytes, ends: Ends) -> None:
    ends.other.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    ends.other.sendall(said)
    ends.other.shutdown(socket.SHUT_WR)
    with pytest.raises(BROKEN):
        ends.wire.reply()


def test_silence_has_an_end(ends: Ends) -> None:
    ends.other.sendall(b"HTTP/1.1 200 OK\r\n")
    with pytest.raises(TimeoutError):
        ends.wire.reply()


def test_the_time_is_that_of_the_whole_reply(ends: Ends) -> None:
    wire = Wire(ends.near, Ticking(SENT_AT), seconds=0.3)
    ends.other.sendall(head("Content-Length: 1"))
    with pytest.raises(TimeoutError, match="did not come in time"):
        wire.reply()


def test_a_wire_is_quiet_until_something_comes_or_it_ends(ends: Ends) -> None:
    assert ends.wire.is_quiet()
    assert ends.wire.is_quiet()
    ends.other.sendall(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
    assert not ends.wire.is_quiet()


def test_a_wire_that_ended_is_not_quiet(ends: Ends) -> None:
    ends.other.close()
    assert not ends.wire.is_quiet()
    ends.wire.close()
    assert not ends.wire.is_quiet()


def test_a_request_that_does_not_leave_is_an_error(ends: Ends) -> None:
    with pytest.raises(OSError, match="timed out"):
        ends.wire.give(b"x" * 10_000_000)
