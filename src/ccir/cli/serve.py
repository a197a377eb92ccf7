"""`ccir serve`: serves pages to people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.options import command, plain
from ccir.cli.session import Session
from ccir.errors import UnavailableError, UsageError

if TYPE_CHECKING:
    from ccir.web.ack_server import AckServer

app = plain()
_LISTEN = "127.0.0.1:8080"
_ADDRESS = re.compile(r"(?P<host>[0-9A-Za-z.-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>\d{1,5})")
_OWN = ("127.", "localhost", "::1")
_LAST_PORT = 65_535
_EXTRA = {"starlette", "uvicorn", "anyio", "h11"}


@command(app, examples=("ccir serve --acks", "ccir serve --acks --listen 127.0.0.1:8090"))
def serve(
    session: Session,
    listen: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Where to listen; a proxy brings TLS.")
    ] = _LISTEN,
    *,
    acks: Annotated[
        bool, typer.Option("--acks", help="Serve the links by which recipients confirm.")
    ] = False,
) -> None:
    """Serve the links by which recipients confirm.

    Until Ctrl-C. Opening a link counts for nothing, its buttons confirm. Needs the extra 'web'.
    It stands behind a proxy that brings TLS.
    """
    session.refuse_at()
    if not acks:
        raise UsageError("nothing to serve is named", hint="add --acks")
    host, port = _address(listen)
    session.workspace.stores.people.key_of("")  # a key of another workspace is found out now
    server = _server(session)
    address = server.bind(host, port)
    if not host.startswith(_OWN):
        session.speech.warn(f"{host} is open to other machines, without TLS")
    if session.workspace.settings.acks.url is None:
        session.speech.warn("no link leads here yet: ccir.toml has no url in [acks]")
    server.run(lambda: _announce(session, address))
    session.speech.say("ended; every answer is kept")


def _announce(session: Session, address: str) -> None:
    if session.speech.is_json:
        session.speech.line({"address": address})
    session.speech.say(f"serving acknowledgements on {address}; Ctrl-C ends it")


def _server(session: Session) -> AckServer:
    try:
        from ccir.web.ack_server import AckServer
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        raise UnavailableError(
            "serving pages needs the extra 'web'", hint="pip install 'ccir[web]'"
        ) from error
    return AckServer(session.workspace, report=session.speech.warn)


def _address(text: str) -> tuple[str, int]:
    found = _ADDRESS.fullmatch(text)
    if found is None or int(found["port"]) > _LAST_PORT:
        raise UsageError(f"--listen {text!r} is no address with a port", hint=f"such as {_LISTEN}")
    return found["host"].strip("[]"), int(found["port"])
