"""Asks a REST server whether it would delete backed-up data, without anything being deleted.

1. A name is made that no file of a repository has: each is called by the SHA-256 of its content.
2. The server is asked to delete that name from each folder that holds what a backup needs.
3. One that is append-only refuses (403, or 405); any other answers that there is no such file
   (404), or that it is done. Measured with `rclone serve restic`. Locks may always be removed.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import ssl
from collections.abc import Mapping
from urllib.parse import SplitResult, unquote, urlsplit

from ccir.backup.fault_interface import Sighting
from ccir.backup.interface import Outcome, Target, ToolKit
from ccir.backup.restic_faults import FAULTS

FOLDERS = ("data", "snapshots", "keys", "index")
_REST = "rest:"
_REFUSED = frozenset({403, 405})
_DELETES = frozenset({200, 202, 204, 404, 410})
_LONGEST_SECONDS = 20.0
_FAILURES = (OSError, http.client.HTTPException, ValueError)


def tamper(kit: ToolKit, target: Target) -> Outcome | None:
    """Return a pass for a server that refuses to delete; None for what is no REST repository.

    The answer is of these credentials, and no proxy is used.
    """
    if not target.repository.startswith(_REST):
        return None
    try:
        url = urlsplit(target.repository.removeprefix(_REST))
        if url.scheme not in {"http", "https"} or not url.hostname:
            return None
        return _judged(_answers(kit, target, url))
    except _FAILURES as error:
        return FAULTS.outcome(Sighting(reason="unreachable", line=_told(error)))


def _judged(answers: Mapping[str, int]) -> Outcome:
    """Judge the answers: one that deletes is proof, whatever the others say."""
    open_to = [folder for folder, status in answers.items() if status in _DELETES]
    if open_to:
        return FAULTS.outcome(Sighting(reason="not-append-only", line=", ".join(open_to)))
    if len(answers) == len(FOLDERS) and set(answers.values()) <= _REFUSED:
        return Outcome(verdict="pass")
    strange = sorted(set(answers.values()) - _REFUSED)
    line = "it answered " + ", ".join(f"HTTP {status}" for status in strange)
    return FAULTS.outcome(
        Sighting(reason="unreachable", line=line if strange else "it was not asked to the end")
    )


def _answers(kit: ToolKit, target: Target, url: SplitResult) -> dict[str, int]:
    name = _name_of_nothing(kit, target)
    headers = _credentials(target, url)
    answers: dict[str, int] = {}
    for folder in FOLDERS:
        if kit.is_cancelled():
            break
        path = f"{url.path.rstrip('/')}/{folder}/{name}"
        answers[folder] = _asked(_connection(kit, target, url), path, headers)
    return answers


def _asked(connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str]) -> int:
    """Return the status of one answer; a redirection is one, and nobody follows it."""
    try:
        connection.request("DELETE", path, headers=dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


def _connection(kit: ToolKit, target: Target, url: SplitResult) -> http.client.HTTPConnection:
    host = url.hostname or ""
    seconds = min(_LONGEST_SECONDS, kit.deadlines.open_seconds)
    if url.scheme == "http":
        return http.client.HTTPConnection(host, url.port, timeout=seconds)
    context = ssl.create_default_context(cafile=target.environment.get("RESTIC_CACERT"))
    return http.client.HTTPSConnection(host, url.port, timeout=seconds, context=context)


def _credentials(target: Target, url: SplitResult) -> dict[str, str]:
    """Return the header for the server; what stands in the address comes first, as in restic."""
    name, password = unquote(url.username or ""), unquote(url.password or "")
    if not name and not password:
        name = target.environment.get("RESTIC_REST_USERNAME", "")
        password = target.environment.get("RESTIC_REST_PASSWORD", "")
    if not name and not password:
        return {}
    token = base64.b64encode(f"{name}:{password}".encode()).decode("ascii")
    return {"Authorization": f"Basic {token}"}


def _name_of_nothing(kit: ToolKit, target: Target) -> str:
    text = f"ccir: no backup holds this text: {target.name} {kit.clock.now().isoformat()}"
    return hashlib.sha256(text.encode()).hexdigest()


def _told(error: Exception) -> str:
    """Return what went wrong without what was sent; an address may hold a password."""
    said = error.strerror if isinstance(error, OSError) else None
    return said or type(error).__name__
