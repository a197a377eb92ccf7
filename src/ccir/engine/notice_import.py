"""Keeps a notice's list of recipients, going on where a killed import of the same list stopped."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ccir.config.settings import STATE_FOLDER
from ccir.domain.manual_queue import ListItem
from ccir.engine.workspace import Workspace
from ccir.errors import CcirError, ConflictError
from ccir.store.people_interface import ListSummary
from ccir.store.state_folder import held

_LIST_BYTES = 8
_ENDING = re.compile(r"[0-9a-f]{16}")
_LOCK = "locks/recipients"


def import_list(
    workspace: Workspace, *, run: str, notice: str, items: Iterable[ListItem]
) -> ListSummary:
    """Keep a list under a new id, or under that of an earlier try which was killed.

    The store compares what the earlier try left with the rows of this one, and keeps only what is
    the same. What a killed import of another notice left is destroyed.

    Raises:
        ConflictError: another process imports a list of this workspace.
        CcirError: what reading the items raises; nothing of the list is kept then.
    """
    people = workspace.stores.people
    taken = ConflictError(
        "another process imports a list of recipients here", hint="wait until it is done"
    )
    with held(workspace.folder / STATE_FOLDER / _LOCK, taken=taken):
        list_id = _list_id(workspace, beginning=f"{run}-{notice}-")
        try:
            return people.add_list(run, list_id, items)
        except CcirError:
            people.discard_list(list_id)
            raise


def _list_id(workspace: Workspace, *, beginning: str) -> str:
    people = workspace.stores.people
    unfinished = people.unfinished_lists()
    own = [name for name in unfinished if _is_of(name, beginning)][:1]
    for name in unfinished:
        if name not in own:
            people.discard_list(name)
    return own[0] if own else f"{beginning}{workspace.entropy.octets(_LIST_BYTES).hex()}"


def _is_of(name: str, beginning: str) -> bool:
    return name.startswith(beginning) and _ENDING.fullmatch(name[len(beginning) :]) is not None
