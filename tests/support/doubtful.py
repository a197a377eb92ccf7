"""A notice of which some rows are in doubt, and the relay's log about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from support.centre import write_list
from support.cli import NOW, Cli
from support.mail_server import MailServer
from support.relay_logs import line, named, tried

RESOLVE = ("notice", "resolve", "customers")
DECIDE = ("--reason", "she called us", "--decision")


def address(number: int) -> str:
    return f"affected{number}@example.net"


def sent_in_doubt(cli: Cli, mail: MailServer, *, doubtful: Sequence[int], count: int = 4) -> None:
    """Send the notice to that many; the server never answers about the doubtful ones."""
    for number in doubtful:
        mail.faults[address(number)].append("drop-after")
    path = write_list(cli.folder, name="affected", count=count)
    cli("notice", "preview", "customers", "--recipients", path)
    cli("notice", "approve", "customers")
    cli("notice", "approve", "customers", "--as", "kim")
    cli("notice", "send", "customers", "--yes", status=1)


def message_id(mail: MailServer, number: int) -> str:
    """The Message-ID of the first message that the server has taken for that recipient."""
    content = next(each.content for each in mail.taken if each.recipient == address(number))
    return content.partition(b"\r\nMessage-ID: <")[2].partition(b">")[0].decode()


def write_log(cli: Cli, *lines: bytes, name: str = "mail.log", hours: float = 1) -> Path:
    """Write a log that covers so many hours before and after now."""
    ends = [line("relay: nothing", at=NOW + side * dt.timedelta(hours=hours)) for side in (-1, 1)]
    path = cli.folder / name
    path.write_bytes(b"".join((ends[0], *lines, ends[1])))
    return path


def about(mail: MailServer, number: int, status: str = "sent", **more: str) -> bytes:
    """The lines about that recipient's message."""
    queue_id = f"4XkQ2v1Z{number}"
    return named(message_id(mail, number), queue_id=queue_id, at=NOW) + tried(
        address(number), status, queue_id=queue_id, **more
    )


def states(cli: Cli) -> dict[str, int]:
    """How many rows are in each state, without those that none is in."""
    counts = cli.json("notice", "status", "customers")["counts"]
    return {state: count for state, count in counts.items() if count}
