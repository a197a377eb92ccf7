"""Finds PostgreSQL's programs, and the user that they run as: never root."""

from __future__ import annotations

import os
import pwd
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from ccir.checks.reading import NoVerdictError
from ccir.errors import UnavailableError
from ccir.process import find_tool

_NEEDED = ("initdb", "postgres", "psql", "pg_restore")
# Debian and Red Hat keep every version's programs in a folder of its own.
_FOLDERS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin")
_USERS = ("postgres", "nobody")
_HINT = "install PostgreSQL's server (Debian: apt-get install postgresql)"


class Programs(msgspec.Struct, frozen=True, kw_only=True):
    """The folder of the programs, what is put in front of each, and whose they are then.

    `user_id` and `group_id` are None where they run as the one who runs ccir.
    """

    folder: Path
    wrapper: tuple[str, ...] = ()
    user_id: int | None = None
    group_id: int | None = None


def find_programs(wanted: str | None, environment: Mapping[str, str]) -> Programs:
    """Return the programs in the wanted folder, or of the newest installed version.

    `initdb` refuses to run as root: there they run as the system's user `postgres`, or else
    `nobody`. Where `setpriv` is installed, the server ends if ccir is killed.

    Raises:
        UnavailableError: a program is missing.
        NoVerdictError: this is root, and there is nobody else to be.
    """
    path = environment.get("PATH", "")
    folder = _folder(wanted, path)
    wrapper = _setpriv(path)
    if os.geteuid() != 0:
        return Programs(folder=folder, wrapper=wrapper)
    user = _other_user()
    if not wrapper or user is None:
        hint = "run the drill as another user than root"
        raise NoVerdictError("permission-denied", "PostgreSQL does not run as root", hint=hint)
    ids = (f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--inh-caps=-all")
    return Programs(
        folder=folder, wrapper=(*wrapper, *ids), user_id=user.pw_uid, group_id=user.pw_gid
    )


def _folder(wanted: str | None, path: str) -> Path:
    newest_first = sorted(
        (found for pattern in _FOLDERS for found in Path("/").glob(pattern)),
        key=_version,
        reverse=True,
    )
    looked_in = wanted if wanted is not None else os.pathsep.join([*map(str, newest_first), path])
    try:
        folder = find_tool(_NEEDED[0], path=looked_in).resolve().parent
        for name in _NEEDED:
            find_tool(name, path=str(folder))
    except UnavailableError as error:
        raise UnavailableError(error.message, hint=_HINT) from error
    return folder


def _version(folder: Path) -> int:
    found = re.search(r"\d+", str(folder))
    return int(found[0]) if found else 0


def _setpriv(path: str) -> tuple[str, ...]:
    try:
        return str(find_tool("setpriv", path=path)), "--no-new-privs", "--pdeathsig=QUIT"
    except UnavailableError:
        return ()


def _other_user() -> pwd.struct_passwd | None:
    known = {user.pw_name: user for user in pwd.getpwall()}
    return next((known[name] for name in _USERS if name in known), None)
