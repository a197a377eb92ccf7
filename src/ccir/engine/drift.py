"""Tells when a playbook's file is no longer what a run was started with.

Reading a playbook costs more than everything else that `ccir status` does. So the digest of a
file's meaning is remembered by the digest of its bytes, and read again only when these change.
"""

from __future__ import annotations

import hashlib

from ccir.config.settings import STATE_FOLDER
from ccir.domain.run import Run
from ccir.engine.workspace import Workspace
from ccir.errors import CcirError

_FOLDER = "cache"
_MODE = 0o600
_FOLDER_MODE = 0o700


def drift(workspace: Workspace, run: Run) -> str:
    """Return in a few words how the playbook's file differs from the pinned one; empty if not."""
    if run.pin is None:
        return ""
    try:
        octets = workspace.sources.find("playbooks", run.pin.id).read()
    except CcirError:
        return f"the file of playbook '{run.pin.id}' is gone; the run keeps its own copy"
    if _meaning(workspace, run.pin.id, octets) == run.pin.digest:
        return ""
    return f"the file of playbook '{run.pin.id}' has changed; the run keeps {run.pin.version}"


def _meaning(workspace: Workspace, name: str, octets: bytes) -> str:
    """Return the digest of what the file means, or of its bytes where it cannot be read."""
    key = hashlib.sha256(octets).hexdigest()
    place = workspace.folder / STATE_FOLDER / _FOLDER / key
    try:
        return place.read_text("ascii")
    except (OSError, ValueError):
        digest = _read(workspace, name) or key
    try:
        place.parent.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        place.write_text(digest, "ascii")
        place.chmod(_MODE)
    except OSError:
        pass  # it is only slower next time
    return digest


def _read(workspace: Workspace, name: str) -> str:
    from ccir.catalog.documents import load_playbook
    from ccir.catalog.pinned import digest
    from ccir.engine.families import step_arguments

    try:
        return digest(load_playbook(workspace.sources.find("playbooks", name), step_arguments()))
    except CcirError:
        return ""
