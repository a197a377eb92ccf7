"""A proxy between a sender and a mail server that fails at one message, the way networks do."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import Literal, Self

Mode = Literal["refuse", "delay", "cut-before-dot", "cut-after-dot", "truncate", "duplicate-reply"]
DELAY_SECONDS = 1.0
_END = b"\r\n.\r\n"
_PATIENCE_SECONDS = 5


class FaultProxy:
    """Passes an SMTP conversation on, and spoils the content of the `at`-th mail once.

    `refuse` takes no connection at all.
    """

    def __init__(self, server_port: int, mode: Mode, *, at: int = 1) -> None:
        self._server_port = server_port
        self._mode = mode
        self._left = at
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        if self._mode == "refuse":
            self._socket.close()
        else:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self._server_port), _PATIENCE_SECONDS)
        client.settimeout(_PATIENCE_SECONDS)
        back = threading.Thread(target=_pass_on, args=(server, client), daemon=True)
        talk = _Conversation(client, server)
        back.start()
        with suppress(OSError):  # either side has gone, which ends the conversation
            self._forward(talk)
        _hang_up(client)
        _hang_up(server)

    def _forward(self, talk: _Conversation) -> None:
        while piece := talk.client.recv(65_536):
            talk.tail += piece
            if _END in talk.tail and self._is_the_one():
                self._spoil(talk, piece)
            else:
                talk.server.sendall(piece)
            if _END in talk.tail:
                talk.tail = b""

    def _is_the_one(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left == 0

    def _spoil(self, talk: _Conversation, piece: bytes) -> None:
        kept = {"cut-before-dot": piece.rindex(_END), "truncate": len(piece) // 2}
        if self._mode in kept:
            talk.server.sendall(piece[: kept[self._mode]])
            raise ConnectionError
        talk.faults.add(self._mode)
        talk.server.sendall(piece)
        if self._mode == "cut-after-dot":
            time.sleep(0.2)  # until the server has taken it
            raise ConnectionError


class _Conversation:
    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client = client
        self.server = server
        self.tail = b""
        self.faults: set[Mode] = set()
        _TALKS[server] = self


_TALKS: dict[socket.socket, _Conversation] = {}


def _pass_on(server: socket.socket, client: socket.socket) -> None:
    """Pass the server's words on, as far as the conversation's fault lets them."""
    talk = _TALKS[server]
    with suppress(OSError):
        while words := server.recv(65_536):
            due = frozenset(talk.faults)  # those that were there before these words were passed on
            if "cut-after-dot" in due:
                return
            if "delay" in due:
                time.sleep(DELAY_SECONDS)
            client.sendall(words * 2 if "duplicate-reply" in due else words)
            talk.faults -= due
    _hang_up(client)


def _hang_up(side: socket.socket) -> None:
    with suppress(OSError):  # it may have gone already
        side.shutdown(socket.SHUT_RDWR)
    side.close()
