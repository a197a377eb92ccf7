"""Hands what a program writes to a reader, as raw bytes and in a thread of its own."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable
from threading import Thread
from typing import IO

_PIPE_BYTES = 1 << 20


class Reading:
    """One pipe and its reader; the writing end is the program's.

    A reader that returns before the end closes the pipe, and the program's next write fails.
    """

    def __init__(self, reader: Callable[[IO[bytes]], None]) -> None:
        self._reader = reader
        self._thread: Thread | None = None
        self._raised: BaseException | None = None

    def begin(self) -> IO[bytes]:
        """Begin to read and return the end to write to, which the caller closes."""
        source, sink = os.pipe()
        with contextlib.suppress(OSError):  # a small pipe is only slower
            fcntl.fcntl(sink, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._thread = Thread(target=self._read, args=(source,), daemon=True)
        self._thread.start()
        return os.fdopen(sink, "wb", buffering=0)

    def is_going_on(self) -> bool:
        """Tell whether something is still read."""
        return self._thread is not None and self._thread.is_alive()

    def end(self, seconds: float) -> None:
        """Wait so long at most until everything is read."""
        if self._thread is not None:
            self._thread.join(seconds)

    def tell(self) -> None:
        """Raise what the reader raised, if it did."""
        if self._raised is not None:
            raise self._raised

    def _read(self, source: int) -> None:
        try:
            with os.fdopen(source, "rb", buffering=_PIPE_BYTES) as stream:
                self._reader(stream)
        except BaseException as error:  # noqa: BLE001 - raised again where the program is waited for
            self._raised = error
