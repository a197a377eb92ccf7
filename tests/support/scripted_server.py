"""A server on loopback that answers each line with the next prepared words, whatever was said."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable
from typing import Self

PATIENCE_SECONDS = 5
SILENCE = ""


class ScriptedServer:
    """Plays one script a connection: the greeting, then an answer to each line; then it hangs up.

    An answer that opens with 354 lets the lines up to the lone dot pass before the next answer.
    `SILENCE` says nothing more until the server is closed.
    """

    def __init__(self, *scripts: tuple[str, ...]) -> None:
        self._scripts = scripts
        self._is_closing = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(PATIENCE_SECONDS)
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._play)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_closing.set()
        self._socket.close()
        self._thread.join(PATIENCE_SECONDS * 2)

    def _play(self) -> None:
        for script in self._scripts:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            connection.settimeout(PATIENCE_SECONDS)
            with connection, connection.makefile("rb") as lines:
                for answer in script:
                    if not self._answer(connection, lines, answer=answer):
                        break

    def _answer(self, connection: socket.socket, lines: Iterable[bytes], *, answer: str) -> bool:
        """Give one answer; return whether the client said something to it."""
        if answer == SILENCE:
            self._is_closing.wait(PATIENCE_SECONDS)
            return False
        connection.sendall(f"{answer}\r\n".encode())
        end = b".\r\n" if answer.startswith("354") else b""
        return any(line.endswith(end) for line in lines)
