"""A request given and its reply taken over a connection, within bounds of time and size."""

from __future__ import annotations

import hashlib
import io
import socket
import ssl
from contextlib import suppress
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import TYPE_CHECKING, cast

import msgspec

from ccir.clock import Clock

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LIMIT_REPLY_BYTES = 64 * 1024  # of the content; what is beyond is not read
_LIMIT_RAW_BYTES = 3 * LIMIT_REPLY_BYTES  # with status lines, headers and marks of chunks
_FINAL = 200  # a lower status announces another reply, RFC 9110 §15.2

BROKEN = (OSError, HTTPException, ValueError)  # ValueError comes of sizes below zero


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What the service said: its status, and a digest of its words, which may name people.

    `retry_after` is the header as it came. `is_last` says that the connection is of no more use.
    """

    status: int
    digest: str
    retry_after: str
    is_last: bool


class Wire:
    """A connection that carries one request and its reply after the other.

    `seconds` bound the giving of a request, and again its whole reply.
    """

    def __init__(self, connection: socket.socket, clock: Clock, *, seconds: float) -> None:
        self._connection = connection
        self._clock = clock
        self._seconds = seconds

    def is_quiet(self) -> bool:
        """Return whether the connection stands and holds nothing that was not asked for."""
        try:
            self._connection.settimeout(0)
            self._connection.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        return False

    def give(self, request: bytes) -> None:
        """Hand over a whole request.

        Raises:
            OSError: its last byte was not handed over, so that it cannot have been taken.
        """
        self._connection.settimeout(self._seconds)
        self._connection.sendall(request)

    def reply(self) -> Reply:
        """Take the reply to the request that was given last.

        Raises:
            OSError: it did not come in time or in size, or the connection was lost.
            HTTPException: it was cut, or is no HTTP.
            ValueError: it is no HTTP.
        """
        source = _Source(self._connection, self._clock, seconds=self._seconds)
        with HTTPResponse(cast("socket.socket", source), method="POST") as response:
            response.begin()
            if source.has_ended:  # http.client takes headers that are cut for whole ones
                raise IncompleteRead(b"")
            content = _content(response)
            is_whole = response.isclosed()
            return Reply(
                status=response.status,
                digest=hashlib.sha256(content).hexdigest(),
                retry_after=response.getheader("Retry-After", ""),
                is_last=response.will_close or not is_whole or response.status < _FINAL,
            )

    def close(self) -> None:
        """Close the connection."""
        with suppress(OSError):
            self._connection.close()


class _Source(io.RawIOBase):
    """Reads one reply: for no longer and no more than is bounded from now on."""

    def __init__(self, connection: socket.socket, clock: Clock, *, seconds: float) -> None:
        super().__init__()
        self._connection = connection
        self._clock = clock
        self._end = clock.monotonic() + seconds
        self._left = _LIMIT_RAW_BYTES
        self.has_ended = False

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002 - as HTTPResponse calls it
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        seconds = self._end - self._clock.monotonic()
        if seconds <= 0:
            raise TimeoutError("the reply did not come in time")
        if self._left <= 0:
            raise OSError("the reply is too long")
        self._connection.settimeout(seconds)
        count = self._connection.recv_into(buffer)
        self._left -= count
        self.has_ended = not count
        return count


def _content(response: HTTPResponse) -> bytes:
    """Return the content, or its beginning where it is too long."""
    content = response.read(LIMIT_REPLY_BYTES)
    is_cut = len(content) < LIMIT_REPLY_BYTES and bool(response.length)
    if is_cut:
        raise IncompleteRead(content)
    return content
