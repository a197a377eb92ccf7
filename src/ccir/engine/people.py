"""The people of a workspace, by their ids."""

from __future__ import annotations

from ccir.catalog.findings import suggestion
from ccir.config.settings import SETTINGS_FILE
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError


def known_person(workspace: Workspace, given: str) -> str:
    """Return the id of a person of the settings.

    Raises:
        NotFoundError: nobody has it.
    """
    people = workspace.settings.people
    if given in people:
        return given
    hint = suggestion(given, people) if people else f"add [people.{given}] to {SETTINGS_FILE}"
    raise NotFoundError(f"no person of this workspace has the id '{given}'", hint=hint)
