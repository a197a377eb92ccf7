"""Opens the workspace that a command means, and makes a new one."""

from __future__ import annotations

from pathlib import Path

from ccir import __version__
from ccir.catalog.sources import Sources
from ccir.config.account import login, via, zone_name
from ccir.config.choice import author
from ccir.config.example import example_settings
from ccir.config.loading import load_settings
from ccir.config.settings import DOCUMENT_FOLDERS, SETTINGS_FILE, STATE_FOLDER
from ccir.config.workspace import find_workspace
from ccir.engine.families import store_factory
from ccir.engine.surroundings import Surroundings
from ccir.engine.workspace import Workspace
from ccir.errors import UnavailableError
from ccir.store.people_interface import KeyHolders


def open_workspace(surroundings: Surroundings, given: Path | None) -> Workspace:
    """Return the workspace named by `given`, else by the environment, else the nearest one.

    Raises:
        NotFoundError: there is none.
        RefusedError: somebody else could have laid it out.
        InvalidDocumentError: its settings cannot be used.
    """
    environment = surroundings.environment
    folder = find_workspace(surroundings.here, given or environment.workspace)
    stores = store_factory().open(
        folder / STATE_FOLDER, clock=surroundings.clock, entropy=surroundings.entropy
    )
    settings = load_settings(folder)
    stores.people.set_holders(
        KeyHolders(public_keys=settings.privacy.age_recipients, identity=environment.age_identity)
    )
    return Workspace(
        folder=folder,
        settings=settings,
        sources=Sources(folder),
        stores=stores,
        clock=surroundings.clock,
        entropy=surroundings.entropy,
        environment=environment,
        via=via(__version__),
    )


def acting_person(workspace: Workspace, given: str | None) -> str:
    """Return the id of the person who acts, by `--as`, the environment or the login.

    Raises:
        UsageError: the settings leave it open.
    """
    return author(workspace.settings, given or workspace.environment.person, login())


def initialise(surroundings: Surroundings, folder: Path) -> list[Path]:
    """Make a workspace, adding only what is missing, and return what was made.

    Raises:
        UnavailableError: the folder cannot be written.
    """
    try:
        made = [path for path in _folders(folder) if _make(path)]
        settings = folder / SETTINGS_FILE
        if not settings.exists():
            settings.write_text(example_settings(login=login(), timezone=zone_name()), "utf-8")
            made.append(settings)
    except OSError as error:
        raise UnavailableError(
            f"'{error.filename or folder}' cannot be made: {error.strerror}",
            hint="choose a folder that you may write to",
        ) from error
    state = folder / STATE_FOLDER
    is_new = not state.exists()
    store_factory().create(state, clock=surroundings.clock, entropy=surroundings.entropy).close()
    return [*made, state] if is_new else made


def _folders(folder: Path) -> list[Path]:
    return [folder, *(folder / name for name in DOCUMENT_FOLDERS)]


def _make(path: Path) -> bool:
    is_new = not path.exists()
    path.mkdir(parents=True, exist_ok=True)
    return is_new
