"""A server on loopback that answers DELETE as a REST repository's does, or as it is told to."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

PATIENCE_SECONDS = 10
APPEND_ONLY: Mapping[str, int] = dict.fromkeys(("data", "snapshots", "keys", "index"), 403)
# As `rclone serve restic` answers for a name that is not there.
PLAIN: Mapping[str, int] = dict.fromkeys(APPEND_ONLY, 404)


class RestServer:
    """Remembers what it was asked to delete, and with which credentials.

    `answers` are the statuses by the folder that the name is in; 0 breaks the connection. With
    a `certificate`, a file of both key and certificate, it speaks TLS.
    """

    def __init__(self, answers: Mapping[str, int], *, certificate: Path | None = None) -> None:
        self.answers = answers
        self.deleted: list[str] = []
        self.credentials: set[str | None] = set()
        self._server = _Server(self)
        self.scheme = "http" if certificate is None else "https"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        """The address of a repository below a folder of the server."""
        return f"rest:{self.scheme}://{self.host}/crm/"

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(PATIENCE_SECONDS)
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, rest: RestServer) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.rest = rest

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent: a client that does not trust the certificate hangs up."""


class _Request(BaseHTTPRequestHandler):
    server: _Server

    def do_DELETE(self) -> None:
        rest = self.server.rest
        rest.deleted.append(self.path)
        rest.credentials.add(self.headers.get("Authorization"))
        status = rest.answers[self.path.split("/")[-2]]
        if status == 0:
            self.close_connection = True
            return
        self.send_response(status)
        if status == 307:
            self.send_header("Location", f"http://{rest.host}/elsewhere{self.path}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - http.server's name
        """Stay silent: a test's output is for its failures."""
