"""Calls a monitor's address when a drill begins and ends, as healthchecks.io understands it.

1. At the begin `URL/start`, at the end `URL/STATUS`, STATUS being the drill's exit status; both
   with `rid`, an id by which the monitor tells two runs of one drill apart.
2. A call that did not arrive is tried once more, each time for a few seconds. It fails no drill.
3. The address is a secret: nothing that is told holds it, and redirects are not followed.

Source: https://healthchecks.io/docs/http_api/, 2026-11.
"""

from __future__ import annotations

import hashlib
import threading
import uuid
from urllib.parse import SplitResult, urlencode, urlsplit

import msgspec

from ccir.channels.secret_file import read_secret
from ccir.config.values import Secret
from ccir.engine.workspace import Workspace
from ccir.errors import InvalidDocumentError

_TRIES = 2
_PLACE = "{drill}"
_NONCE_BYTES = 16
_OK, _REDIRECTS, _ASKS_AGAIN = range(200, 300), range(300, 400), range(500, 600)


class Ping(msgspec.Struct, frozen=True, kw_only=True):
    """A monitor's address for one run of one drill, and the id of that run to the monitor.

    `patience_seconds` is how long one call may take, from the look-up of the name on.
    """

    url: Secret
    rid: str
    patience_seconds: float = 5.0


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a call: the status, or 0 and the kind of failure where there was none."""

    status: int = 0
    failure: str = ""


def ping_of(workspace: Workspace, drill: str, *, run: str) -> Ping | None:
    """Return the ping of a drill's run; None where the settings have none.

    Raises:
        UnavailableError: the file with the address is missing.
        InvalidDocumentError: it can be read by others, or holds no web address.
    """
    url = _address(workspace)
    if url is None:
        return None
    seed = f"{run}\n".encode() + workspace.entropy.octets(_NONCE_BYTES)
    rid = uuid.UUID(bytes=hashlib.sha256(seed).digest()[:16], version=4)
    return Ping(url=Secret(url.reveal().replace(_PLACE, drill)), rid=str(rid))


def call(ping: Ping, signal: str, *, body: str = "") -> str:
    """Call the monitor and return why that failed, empty where it did not.

    `signal` is `start` or an exit status; `body` is one line that the monitor shows.
    """
    url = _signalled(ping, signal)
    answer = Answer()
    for _ in range(_TRIES):
        answer = _bounded(url, body, seconds=ping.patience_seconds)
        if answer.status and answer.status not in _ASKS_AGAIN:
            break
    if answer.status in _REDIRECTS:
        return f"it answered {answer.status}, and redirects are not followed"
    if answer.status in _OK:
        return ""
    return f"it answered {answer.status}" if answer.status else answer.failure


def _address(workspace: Workspace) -> Secret | None:
    settings = workspace.settings.drills
    if settings.ping_url_file is None:
        return None if settings.ping_url is None else Secret(settings.ping_url)
    found = read_secret(workspace.folder / settings.ping_url_file)
    if not found.reveal().startswith(("https://", "http://")):
        raise InvalidDocumentError(
            f"{settings.ping_url_file} holds no web address", hint="write https://… into it"
        )
    return found


def _signalled(ping: Ping, signal: str) -> SplitResult:
    url = urlsplit(ping.url.reveal())
    query = "&".join(each for each in (url.query, urlencode({"rid": ping.rid})) if each)
    path = f"{url.path.rstrip('/')}/{signal}"
    return url._replace(path=path, query=query, fragment="")


def _bounded(url: SplitResult, body: str, *, seconds: float) -> Answer:
    """Wait no longer than the patience: a name server or a slow answer has no bound of its own."""
    found: list[Answer] = []
    caller = threading.Thread(
        target=lambda: found.append(_answer(url, body, seconds=seconds)), daemon=True
    )
    caller.start()
    caller.join(seconds)
    return found[0] if found else Answer(failure=f"no answer within {seconds:g} s")


def _answer(url: SplitResult, body: str, *, seconds: float) -> Answer:
    from http.client import HTTPConnection, HTTPException, HTTPSConnection

    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    try:
        line = kind(url.hostname or "", url.port, timeout=seconds)
        try:
            headers = {"User-Agent": "ccir", "Content-Type": "text/plain; charset=utf-8"}
            target = url._replace(scheme="", netloc="").geturl()
            line.request("POST", target, body.encode("utf-8"), headers)
            return Answer(status=line.getresponse().status)
        finally:
            line.close()
    except (OSError, HTTPException, ValueError) as error:
        return Answer(failure=type(error).__name__)  # its words may hold the address
