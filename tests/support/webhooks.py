"""Web services on loopback that take messages: one speaks HTTP, one is scripted."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple, Self

from msgspec.structs import replace

from ccir.channels.interface import Channel, configure
from ccir.clock import SystemClock
from support.mail import surroundings

PATIENCE_SECONDS = 5
KEY = "0123456789abcdef-the-key"
TOKEN = "s3cret-token"


class Answer(NamedTuple):
    """A reply to come; a status of 0 takes the request and answers nothing until the end."""

    status: int
    content: bytes = b""
    headers: Mapping[str, str] = {}


class Posted(NamedTuple):
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes


class WebService:
    """Speaks HTTP/1.1 and answers 200 until it is closed, unless `answers` say otherwise.

    `decide` may answer by what was posted instead.
    """

    def __init__(self, *, certificate: Path | None = None) -> None:
        self.posted: list[Posted] = []
        self.answers: deque[Answer] = deque()
        self.decide: Callable[[Posted], Answer | None] = lambda _: None
        self.connections = 0
        self.is_closing = threading.Event()
        self._server = _Server(self)
        if certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_closing.set()
        self._server.shutdown()
        self._thread.join(PATIENCE_SECONDS)
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    def __init__(self, service: WebService) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.service = service

    def handle_error(self, *_: object) -> None:
        """Stay silent: clients that hang up are what the tests are about."""


class _Request(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE_SECONDS
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.service.connections += 1

    def do_POST(self) -> None:
        service = self.server.service
        body = self.rfile.read(int(self.headers["Content-Length"]))
        posted = Posted(path=self.path, headers=dict(self.headers), body=body)
        service.posted.append(posted)
        answer = service.answers.popleft() if service.answers else service.decide(posted)
        answer = answer or Answer(200)
        if answer.status == 0:
            service.is_closing.wait(PATIENCE_SECONDS)
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - http.server's name
        """Stay silent: a test's output is for its failures."""


class RawService:
    """Plays one script a connection: the bytes that answer each request; then it hangs up.

    `SILENCE` says nothing until the end, `DRIP` one byte of a reply after the other without
    end, and `RESET` breaks the connection when the first byte of a request has come.
    """

    SILENCE = b"(silence)"
    DRIP = b"(drip)"
    RESET = b"(reset)"

    def __init__(self, *scripts: tuple[bytes, ...]) -> None:
        self._scripts = scripts
        self.requests: list[bytes] = []
        self._is_closing = threading.Event()
        self._has_hung_up = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(PATIENCE_SECONDS)
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._play)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_closing.set()
        self._socket.shutdown(socket.SHUT_RDWR)  # a waiting accept() ends
        self._thread.join(PATIENCE_SECONDS * 2)
        self._socket.close()

    def await_hang_up(self) -> None:
        """Wait until the first connection is closed."""
        assert self._has_hung_up.wait(PATIENCE_SECONDS)

    def _play(self) -> None:
        for script in self._scripts:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            connection.settimeout(PATIENCE_SECONDS)
            with connection:
                for answer in script:
                    if not self._answer(connection, answer):
                        break
            self._has_hung_up.set()

    def _answer(self, connection: socket.socket, answer: bytes) -> bool:
        """Take one request and answer it; return whether the connection goes on."""
        if answer == self.RESET:
            connection.recv(1)
            at_once = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
            return False
        request = _taken(connection)
        if not request:
            return False
        self.requests.append(request)
        if answer == self.SILENCE:
            self._is_closing.wait(PATIENCE_SECONDS)
            return False
        if answer == self.DRIP:
            return self._drip(connection)
        connection.sendall(answer)
        return True

    def _drip(self, connection: socket.socket) -> bool:
        try:
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"z" * 1000:
                connection.sendall(bytes([byte]))
                self._is_closing.wait(0.02)
        except OSError:
            pass
        return False


def _taken(connection: socket.socket) -> bytes:
    request = b""
    with connection.makefile("rb") as lines:
        length = 0
        for line in lines:
            request += line
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
            if line == b"\r\n":
                return request + lines.read(length)
    return b""


def key_file(folder: Path, text: str = KEY) -> str:
    """Write the key into a private file of the workspace and return its name."""
    path = folder / "hook.key"
    path.touch(mode=0o600)
    path.write_text(f"{text}\n")
    return path.name


def hook_table(port: int, folder: Path, /, **settings: object) -> dict[str, object]:
    """Settings of a web service on loopback, whose URL holds a token."""
    return {
        "url": f"http://127.0.0.1:{port}/{TOKEN}?to=all",
        "secret_file": key_file(folder),
        "allow_private": True,
        "timeout": 2.0,
        **settings,
    }


def hook(port: int, folder: Path, /, **settings: object) -> Channel:
    """A webhook that leads to loopback, at a fixed moment."""
    table = {"kind": "webhook", **hook_table(port, folder, **settings)}
    return configure("hook", table, surroundings(folder))


def patient_hook(port: int, folder: Path, /, **settings: object) -> Channel:
    """As `hook`, with a clock that goes on: the bound of a whole reply can be reached."""
    table = {"kind": "webhook", **hook_table(port, folder, **settings)}
    return configure("hook", table, replace(surroundings(folder), clock=SystemClock()))
