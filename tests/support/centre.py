"""A contact centre's workspace for tests: people, targets, channels, lists of recipients."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from support.cli import Cli
from support.restic_repository import Repository

LOGIN = pwd.getpwuid(os.getuid()).pw_name

_ORGANISATION = """\
[organisation]
name = "Example Contact Centre"
timezone = "Europe/Berlin"
hotline = "+49 30 5550100"
email = "privacy@example.org"

[people.alex]
name = "Alex Kim"
email = "alex@example.org"
out_of_band = "Signal: alex.07"
login = "{login}"
roles = ["commander", "deputy", "technical-lead", "backup-operator", "scribe"]

[people.kim]
name = "Kim Weber"
email = "kim@example.org"
roles = ["communications-lead", "privacy-counsel", "continuity-lead", "people-lead"]
"""
_TARGET = """\
[targets.crm]
tool = "restic"
repository = "{repository}"
password_file = "{password}"
rpo = "24h"
rto = "15m"
"""
_MAIL = """\
[channels.mail]
kind = "smtp"
host = "127.0.0.1"
port = {port}
starttls = "never"
from = "incident@example.org"
"""
_FILES = """\
[channels.files]
kind = "outbox"
folder = "outbox"
"""


def make_centre(
    folder: Path,
    *,
    repository: Repository | None = None,
    mail_port: int | None = None,
    more: str = "",
) -> Cli:
    """Return a command line in a new workspace with these targets and channels."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = [_ORGANISATION.format(login=LOGIN)]
    if repository is not None:
        parts.append(
            _TARGET.format(repository=repository.folder, password=repository.password_file)
        )
    parts.append(_FILES if mail_port is None else _MAIL.format(port=mail_port))
    (folder / "ccir.toml").write_text("\n".join((*parts, more)), encoding="utf-8")
    cli = Cli(folder)
    cli("init")
    return cli


def write_list(folder: Path, *, name: str, count: int = 3, language: str = "en") -> Path:
    """Write a list of recipients and return its file."""
    rows = [f"{name}{number}@example.net,Person {number},{language}" for number in range(count)]
    path = folder / f"{name}.csv"
    path.write_text("\n".join(("email,name,language", *rows, "")), encoding="utf-8")
    return path
