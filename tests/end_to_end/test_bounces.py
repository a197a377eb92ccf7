"""Mail that comes back: from the envelope it left in, through the mailbox, to another channel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support import bounces
from support.centre import make_centre, write_list
from support.cli import Cli
from support.mail_server import MailServer
from support.mini import add_mini

_POST = """\
[channels.post]
kind = "outbox"
folder = "post"
form = "print"

[bindings]
customer-mail = "mail"
"""
_TEXT = """\
---
id: mini
version: 1.0.0
audience: customers
language: en
languages: [en]
subject: Your data
requires: [recipient.name]
---
Dear {{ recipient.name }}, we lost it.
"""


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def centre(tmp_path: Path, server: MailServer) -> Cli:
    """A run whose notice may go out, with an address for what comes back."""
    cli = make_centre(tmp_path / "centre", mail_port=server.port, more=_POST)
    settings = cli.folder / "ccir.toml"
    text = settings.read_text(encoding="utf-8")
    sender = 'from = "incident@example.org"\n'
    settings.write_text(
        text.replace(sender, f'{sender}bounces = "bounces@example.org"\n'), encoding="utf-8"
    )
    add_mini(cli.folder)
    (cli.folder / "notify_templates/customers/mini.de.md.j2").unlink()
    (cli.folder / "notify_templates/customers/mini.en.md.j2").write_text(_TEXT, encoding="utf-8")
    cli("start", "mini", "--fact", "awareness=08:30", "--fact", "records=4100")
    return cli


def send(cli: Cli, *words: str, count: int = 4, status: int = 0) -> None:
    path = write_list(cli.folder, name="affected", count=count)
    cli("notice", "preview", "customers", "--recipients", path, *words)
    cli("notice", "approve", "customers")
    cli("notice", "approve", "customers", "--as", "kim")
    cli("notice", "send", "customers", "--yes", status=status)


def counts(cli: Cli) -> dict[str, int]:
    found = cli.json("notice", "status", "customers")["counts"]
    return {state: count for state, count in found.items() if count}


def returned(server: MailServer, row: int, **fields: str) -> bytes:
    """The report that a relay makes of a message that it took from us."""
    taken = server.taken[row]
    return bounces.postfix(taken.sender, recipient=taken.recipient, own_id=f"{row}@r", **fields)


def test_mail_that_comes_back_changes_its_row_and_another_channel_gets_its_owner(
    centre: Cli, server: MailServer
) -> None:
    server.faults["affected3@example.net"].append("drop-after")
    send(centre, status=1)
    assert counts(centre) == {"accepted": 3, "unknown": 1}
    senders = {taken.sender for taken in server.taken}
    assert len(senders) == 4, "each message has its own way back"
    box = bounces.maildir(
        centre.folder / "box",
        returned(server, 0),
        returned(server, 1, action="delayed", status="4.4.1", words="later"),
        returned(server, 3, action="delivered", status="2.0.0", words="250 ok"),
        bounces.out_of_office(server.taken[1].sender),
    )
    found = centre.json("notice", "bounces", "box")
    assert found == {
        "dry_run": False,
        "mails": {"read": 4, "known": 0, "other": 1, "forged": 0, "foreign": 0},
        "reports": {"failed": 1, "delayed": 1, "delivered": 1, "relayed": 0, "complained": 0},
        "notices": [
            {
                "run": "INC-2026-0001",
                "notice": "customers",
                "version": 1,
                "bounced": 1,
                "delivered": 1,
                "ignored": 1,
            }
        ],
        "suppressed": 1,
    }
    after = {"accepted": 2, "delivered": 1, "bounced": 1}
    assert counts(centre) == after, "the doubt is closed"
    assert centre.json("notice", "bounces", "box")["notices"] == []
    assert counts(centre) == after
    assert len([*(box / "new").iterdir(), *(box / "cur").iterdir()]) == 4
    assert "reports read: 1 bounced, 1 delivered" in centre("log").out
    _reach_by_post(centre)


def _reach_by_post(centre: Cli) -> None:
    path = centre.folder / "affected.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    lines = [f"{header},address_1,address_2", *(f"{row},Weg 1,10115 Berlin" for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    again = ("notice", "preview", "customers", "--recipients", "affected.csv")
    refused = centre(*again, status=5)
    assert "may have been told by an earlier version" in refused.err
    made = centre.json(*again, "--only-unreached", "--channel", "post")
    assert (made["recipients"], made["totals"]["already_told"]) == (1, 3)
    centre("notice", "approve", "customers")
    centre("notice", "approve", "customers", "--as", "kim")
    centre("notice", "send", "customers", "--yes")
    refused = centre(*again, "--only-unreached", "--channel", "post", status=5)
    assert "all 4 recipients may have been told" in refused.err, "she has a letter now"


def test_a_refusal_in_the_conversation_is_not_lost_as_in_listmonk(
    centre: Cli, server: MailServer
) -> None:
    """knadh/listmonk#2623, #1839, #1923: a 550 while sending was counted nowhere."""
    faults = ("rcpt:550 5.1.1 no such user", "data:550 5.7.1 not wanted", "go:550 5.7.0 no")
    for number, fault in enumerate(faults):
        server.faults[f"affected{number}@example.net"].append(fault)
    send(centre, status=1)
    assert counts(centre) == {"accepted": 1, "refused": 3}
    shown = centre("notice", "status", "customers").out
    assert shown.count("refused-permanent") == 3
    for fault in faults:
        assert fault.partition(":")[2] in shown


def test_a_notice_of_one_message_has_a_way_back_too_as_in_listmonk_2193(
    centre: Cli, server: MailServer
) -> None:
    """knadh/listmonk#2193: nothing came back of messages that were no campaign."""
    send(centre, count=1)
    bounces.mbox(centre.folder / "box", returned(server, 0))
    centre("notice", "bounces", "box")
    assert counts(centre) == {"bounced": 1}


def test_mail_without_an_address_for_bounces_bears_no_tag_and_is_known_by_its_id(
    centre: Cli, server: MailServer
) -> None:
    settings = centre.folder / "ccir.toml"
    text = settings.read_text(encoding="utf-8").replace('bounces = "bounces@example.org"\n', "")
    settings.write_text(text, encoding="utf-8")
    send(centre, count=2)
    assert {taken.sender for taken in server.taken} == {"incident@example.org"}
    [own] = [
        line.partition(b"<")[2].rstrip(b">").decode()
        for line in server.taken[1].content.splitlines()
        if line.lower().startswith(b"message-id:")
    ]
    bounces.mbox(centre.folder / "box", returned(server, 1, message_id=own))
    centre("notice", "bounces", "box")
    assert counts(centre) == {"accepted": 1, "bounced": 1}
