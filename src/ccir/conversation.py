"""Talks with a running program in frames over its pipes, bounded in time and size.

A frame is its length in four bytes, the highest first, and then as many bytes.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import selectors
import struct
from collections.abc import Callable
from typing import IO, Literal

from ccir.clock import Clock

Loss = Literal["ended", "late", "garbled"]

_HEAD = struct.Struct(">I")
_PIPE_BYTES = 1 << 20
_CHUNK_BYTES = 1 << 18
_TICK_SECONDS = 0.05


class ConversationError(Exception):
    """The program does not answer any more, or not in frames.

    `status` is its exit status, or its signal's number below zero, where it ended and told.
    """

    def __init__(self, loss: Loss, *, status: int | None = None) -> None:
        super().__init__(loss)
        self.loss = loss
        self.status = status


class Conversation:
    """Both pipes of one program; neither side ever waits for the other to make room.

    What is said is kept until the program reads it, so the caller bounds how much that is. What
    it says is read only while a frame is awaited, `frame_bytes` of one at most.
    """

    def __init__(
        self,
        sink: IO[bytes],
        source: IO[bytes],
        *,
        clock: Clock,
        frame_bytes: int,
        status: Callable[[], int | None],
    ) -> None:
        self._sink = sink
        self._source = source
        self._clock = clock
        self._frame_bytes = frame_bytes
        self._status = status
        self._outgoing = bytearray()
        self._incoming = bytearray()
        self._selector = selectors.DefaultSelector()
        for pipe in (sink, source):
            os.set_blocking(pipe.fileno(), False)
            with contextlib.suppress(OSError):  # a small pipe is only slower
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._selector.register(source, selectors.EVENT_READ, self._read)

    def say(self, payload: bytes) -> None:
        """Send a frame as far as the pipe takes it now; the rest goes while one is awaited."""
        self._outgoing += _HEAD.pack(len(payload)) + payload
        self._write()

    def heard(self, seconds: float) -> bytes:
        """Return the program's next frame, awaited so long at most.

        Raises:
            ConversationError: it ended, said nothing in time, or something that is no frame.
        """
        until = self._clock.monotonic() + seconds
        while (frame := self._next_frame()) is None:
            if self._clock.monotonic() >= until:
                raise ConversationError("late")
            for key, _ in self._selector.select(_TICK_SECONDS):
                key.data()
        return frame

    def close(self) -> None:
        """Close both pipes: the program reads the end of its input."""
        self._selector.close()
        self._sink.close()
        self._source.close()

    def _next_frame(self) -> bytes | None:
        if len(self._incoming) < _HEAD.size:
            return None
        end = _HEAD.size + _HEAD.unpack_from(self._incoming)[0]
        if end > _HEAD.size + self._frame_bytes:
            raise ConversationError("garbled")
        if len(self._incoming) < end:
            return None
        frame = bytes(self._incoming[_HEAD.size : end])
        del self._incoming[:end]
        return frame

    def _read(self) -> None:
        chunk = os.read(self._source.fileno(), _CHUNK_BYTES)
        if not chunk:
            raise ConversationError("ended", status=self._status())
        self._incoming += chunk

    def _write(self) -> None:
        try:
            taken = os.write(self._sink.fileno(), self._outgoing)
        except BlockingIOError:  # the pipe is full
            taken = 0
        except BrokenPipeError:  # it reads no more: the end of its output says how it ended
            taken = len(self._outgoing)
        del self._outgoing[:taken]
        self._await_room()

    def _await_room(self) -> None:
        is_awaited = self._sink in self._selector.get_map()
        if self._outgoing and not is_awaited:
            self._selector.register(self._sink, selectors.EVENT_WRITE, self._write)
        elif is_awaited and not self._outgoing:
            self._selector.unregister(self._sink)


def write_frame(stream: IO[bytes], payload: bytes) -> None:
    """Write a frame: the program's side."""
    stream.write(_HEAD.pack(len(payload)) + payload)
    stream.flush()


def read_frame(stream: IO[bytes], *, frame_bytes: int) -> bytes | None:
    """Read a frame, or None where the other side has closed: the program's side.

    Raises:
        ValueError: it is longer than `frame_bytes`, or cut short.
    """
    head = stream.read(_HEAD.size)
    if not head:
        return None
    length = _HEAD.unpack(head)[0] if len(head) == _HEAD.size else 0
    payload = stream.read(length) if length <= frame_bytes else b""
    if len(head) < _HEAD.size or len(payload) < length:
        raise ValueError("no whole frame")
    return payload
