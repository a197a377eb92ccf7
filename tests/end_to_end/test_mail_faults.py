"""What can go wrong with a mail, each ending in its row, exit code and timeline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.centre import make_centre, write_list
from support.cli import Cli
from support.mail_server import MailServer
from support.mini import add_mini


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def ready(tmp_path: Path, mail: MailServer) -> Cli:
    """A run with an approved notice to three customers."""
    cli = make_centre(tmp_path / "centre", mail_port=mail.port)
    add_mini(cli.folder)
    cli("start", "mini", "--fact", "records=4100", "--fact", "awareness=08:30")
    path = write_list(cli.folder, name="affected")
    cli("notice", "preview", "customers", "--recipients", path)
    cli("notice", "approve", "customers")
    cli("notice", "approve", "customers", "--as", "kim")
    return cli


@pytest.mark.parametrize(
    "case",
    [
        ("rcpt:550 5.1.1 no such user", "refused", 0),
        ("data:554 5.7.1 not wanted", "refused", 0),
        ("drop-data", "unknown", 0),  # how much of the text was taken, nobody here knows
        ("drop-after", "unknown", 1),
    ],
    ids=lambda case: case[0],
)
def test_a_row_that_goes_wrong_is_told_and_never_sent_again(
    case: tuple[str, str, int], ready: Cli, mail: MailServer
) -> None:
    fault, state, reached = case
    mail.faults["affected1@example.net"].append(fault)
    sent = ready.json("step", "run", "tell", "--yes", status=1)
    assert sent["state"] == "done"
    counts = ready.json("notice", "status", "customers")["counts"]
    assert (counts["accepted"], counts[state]) == (2, 1)
    ended = [e["body"] for e in ready.json("log")["events"] if e["type"] == "SendingEnded"]
    assert [body["counts"][state] for body in ended] == [1]
    ready("notice", "send", "customers", "--yes", status=1)
    assert mail.recipients.count("affected1@example.net") == reached
    assert len(mail.recipients) == len(set(mail.recipients))
    assert f"1 {state}" in ready("report").out


def test_a_connection_that_breaks_before_the_text_is_tried_again(
    ready: Cli, mail: MailServer
) -> None:
    mail.faults["affected1@example.net"].append("drop-rcpt")
    ready("notice", "send", "customers", "--yes")
    assert sorted(mail.recipients) == [f"affected{number}@example.net" for number in range(3)]


def test_no_address_is_in_log_report_or_ledger(ready: Cli, mail: MailServer) -> None:
    mail.faults["affected1@example.net"].append("rcpt:550 5.1.1 affected1@example.net is unknown")
    shown = ready("notice", "send", "customers", "--yes", status=1).out
    shown += ready("log").out + ready("report").out + ready("notice", "status", "customers").out
    assert "affected1@" not in shown
    assert b"affected1@" not in (ready.folder / ".ccir" / "ccir.db").read_bytes()
    assert b"affected1@" not in (ready.folder / ".ccir" / "people.db").read_bytes()
