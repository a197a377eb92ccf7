"""A real server of acknowledgement links on loopback, and requests to it as programs make them."""

from __future__ import annotations

import threading
from http.client import HTTPConnection
from typing import Self

import msgspec

from ccir.engine.opening import open_workspace
from ccir.web.ack_server import AckServer
from support.cli import Cli

PATIENCE_SECONDS = 20
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What the server answered."""

    status: int
    headers: dict[str, str]
    text: str


class AckService:
    """Serves a centre's links in a thread until it is left; `said` is what it reported."""

    def __init__(self, cli: Cli) -> None:
        self.said: list[str] = []
        self.workspace = open_workspace(cli.surroundings, cli.folder)
        self.server = AckServer(self.workspace, report=self.said.append)
        self.port = int(self.server.bind("127.0.0.1", 0).rpartition(":")[2])
        self._thread = threading.Thread(target=self.server.run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop()
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()
        self.workspace.stores.close()

    def get(self, token: str, **headers: str) -> Reply:
        return request(self.port, "GET", f"/a/{token}", headers=headers)

    def post(self, token: str, answer: str = "safe", **headers: str) -> Reply:
        return request(
            self.port, "POST", f"/a/{token}", body=f"answer={answer}", headers=FORM | headers
        )


class Staff(msgspec.Struct, frozen=True, kw_only=True):
    """A centre that has asked its staff, each one's token, and the server of their links."""

    cli: Cli
    tokens: list[str]
    service: AckService

    def row(self, number: int) -> dict[str, object]:
        """Return how the person of a row stands."""
        rows = self.cli.json("notice", "roll-call", "staff", "--rows", status=None)["rows"]
        found: dict[str, object] = next((row for row in rows if row["row"] == number), {})
        return found


def request(
    port: int, method: str, path: str, *, body: str = "", headers: dict[str, str] | None = None
) -> Reply:
    """Make one request on a connection of its own."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request(method, path, body=body.encode() or None, headers=dict(headers or {}))
        reply = connection.getresponse()
        return Reply(
            status=reply.status,
            headers={name.lower(): value for name, value in reply.getheaders()},
            text=reply.read().decode(),
        )
    finally:
        connection.close()
