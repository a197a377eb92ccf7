"""What ccir takes from the process's environment; nothing else reads it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

# What programs need to run as this user does: no credentials of any service are among them.
_PASSED_ON = frozenset(
    {
        "ALL_PROXY",
        "COLORTERM",
        "GNUPGHOME",
        "GPG_TTY",
        "HOME",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "LANG",
        "LANGUAGE",
        "LOGNAME",
        "NO_PROXY",
        "PASSWORD_STORE_DIR",
        "PATH",
        "SHELL",
        "SSH_AUTH_SOCK",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
        "TERM",
        "TMPDIR",
        "TZ",
        "USER",
        "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_RUNTIME_DIR",
        "all_proxy",
        "http_proxy",
        "https_proxy",
        "no_proxy",
    }
)
_PASSED_ON_BEGINNING = "LC_"
_OFF = frozenset({"", "0", "false", "no"})
_WIDEST = 10_000


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """The variables ccir knows, read once at the start of a command.

    `workspace`, `run` and `person` stand for `--workspace`, `--run` and `--as`. `age_identity` is
    the file with a key holder's private key. `columns` is
    the terminal's width where somebody set it. `passed_on` is what a child process gets.
    """

    workspace: Path | None = None
    run: str | None = None
    person: str | None = None
    age_identity: Path | None = None
    debug: bool = False
    no_color: bool = False
    columns: int | None = None
    passed_on: dict[str, str] = {}


def environment() -> Environment:
    """Return what this process's environment says."""
    return environment_of(os.environ)


def environment_of(variables: Mapping[str, str]) -> Environment:
    """Return what the variables say; an empty variable counts as unset."""
    workspace = variables.get("CCIR_WORKSPACE")
    identity = variables.get("CCIR_AGE_IDENTITY")
    return Environment(
        workspace=Path(workspace) if workspace else None,
        run=variables.get("CCIR_RUN") or None,
        person=variables.get("CCIR_AS") or None,
        age_identity=Path(identity) if identity else None,
        debug=variables.get("CCIR_DEBUG", "").lower() not in _OFF,
        no_color=bool(variables.get("NO_COLOR")),
        columns=_columns(variables.get("COLUMNS", "")),
        passed_on={name: text for name, text in variables.items() if _is_passed_on(name)},
    )


def _columns(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_WIDEST))):
        return None
    return min(int(text), _WIDEST) or None


def _is_passed_on(name: str) -> bool:
    return name in _PASSED_ON or name.startswith(_PASSED_ON_BEGINNING)
