"""A web service on loopback that records what it is posted and answers on order."""

from __future__ import annotations

import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

PATIENCE_SECONDS = 10


class HttpSink:
    """Answers 200 until it is closed; `answers` are the statuses to come, in order.

    A status of 0 takes the request and breaks the connection instead; -1 answers nothing until
    the sink is closed or `PATIENCE_SECONDS` are over.
    """

    def __init__(self) -> None:
        self.posted: list[bytes] = []
        self.paths: list[str] = []
        self.answers: deque[int] = deque()
        self.is_closing = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.port = self._server.server_address[1]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_closing.set()
        self._server.shutdown()
        self._thread.join(PATIENCE_SECONDS)
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    def __init__(self, sink: HttpSink) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.sink = sink


class _Request(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        sink = self.server.sink
        sink.paths.append(self.path)
        sink.posted.append(self.rfile.read(int(self.headers["Content-Length"])))
        status = sink.answers.popleft() if sink.answers else 200
        if status == -1:
            sink.is_closing.wait(PATIENCE_SECONDS)
        if status <= 0:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - http.server's name
        """Stay silent: a test's output is for its failures."""
