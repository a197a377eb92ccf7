from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.centre import make_centre
from support.cli import Cli
from support.mail_server import MailServer
from support.mini import add_mini
from support.restic_repository import Repository


@pytest.fixture
def centre(tmp_path: Path) -> Cli:
    """A workspace with two people and an outbox, and no run."""
    cli = make_centre(tmp_path / "centre")
    add_mini(cli.folder)
    return cli


@pytest.fixture
def begun(centre: Cli) -> Cli:
    """The workspace with a run of the small playbook."""
    centre("start", "mini", "--fact", "awareness=08:30")
    return centre


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def mailing(tmp_path: Path, mail: MailServer) -> Cli:
    """A run of the small playbook whose notice is ready to be previewed, with a mail server."""
    cli = make_centre(tmp_path / "centre", mail_port=mail.port)
    add_mini(cli.folder)
    cli("start", "mini", "--fact", "awareness=08:30", "--fact", "records=4100")
    return cli


@pytest.fixture
def protected(tmp_path: Path, healthy: Repository) -> Cli:
    """A run of the small playbook, declared, with a healthy backup."""
    cli = make_centre(tmp_path / "centre", repository=healthy)
    add_mini(cli.folder)
    cli("start", "mini", "--fact", "awareness=08:30")
    cli("step", "done", "declare")
    return cli
