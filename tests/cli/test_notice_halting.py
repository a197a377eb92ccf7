"""What keeps a version from going out: a refusal, a pause, a stop, its time, the quiet hours."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.centre import write_list
from support.cli import Cli
from support.mail_server import MailServer


def approved(cli: Cli, *options: str, count: int = 3) -> None:
    path = write_list(cli.folder, name="affected", count=count)
    cli("notice", "preview", "customers", "--recipients", path, *options)
    cli("notice", "approve", "customers")
    cli("notice", "approve", "customers", "--as", "kim")


def settings(cli: Cli, old: str, new: str) -> None:
    path = Path(cli.folder) / "ccir.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_refused_version_tells_why_and_never_goes_out(mailing: Cli, mail: MailServer) -> None:
    approved(mailing)
    answer = mailing("notice", "deny", "customers", "--reason", "it names Ada", "--as", "kim")
    assert "customers is denied" in answer.out
    assert "it names Ada" in mailing("notice", "status", "customers").out
    assert mailing.json("notice", "status", "customers")["denied_by"] == "kim"
    refused = mailing("notice", "send", "customers", "--yes", status=5)
    assert "kim has refused version 1" in refused.err
    assert mail.taken == []
    lines = (Path(mailing.folder) / ".ccir" / "ccir.db").read_bytes()
    assert b"it names Ada" not in lines
    assert "ccir notice preview customers" in mailing("next").out


def test_a_paused_sending_goes_on_where_it_was(mailing: Cli, mail: MailServer) -> None:
    approved(mailing)
    assert "paused" in mailing("notice", "pause", "customers", "--reason", "wait").out
    assert "is paused" in mailing("notice", "send", "customers", "--yes", status=5).err
    assert mailing.json("notice", "status", "customers")["halt"] == "paused"
    mailing("notice", "resume", "customers")
    mailing("notice", "send", "customers", "--yes")
    assert len(mail.taken) == 3


def test_a_stopped_version_is_superseded_and_the_next_one_goes_to_the_rest(
    mailing: Cli, mail: MailServer
) -> None:
    approved(mailing)
    stopped = mailing.json("notice", "stop", "customers", "--reason", "the count was wrong")
    assert (stopped["state"], stopped["halt"]) == ("stopped", "stopped")
    assert "stopped for good" in mailing("notice", "send", "customers", "--yes", status=5).err
    approved(mailing)
    mailing("notice", "send", "customers", "--yes")
    assert len(mail.taken) == 3


def test_nothing_goes_out_before_its_time(mailing: Cli, mail: MailServer) -> None:
    approved(mailing, "--not-before", "2031-01-01T08:00", "--rate", "600/min")
    shown = mailing.json("notice", "status", "customers")
    assert shown["per_second"] == 10
    assert "not before" in mailing("notice", "status", "customers").out
    assert "not to go out before" in mailing("notice", "send", "customers", "--yes", status=5).err
    assert mail.taken == []


@pytest.mark.parametrize("urgent", [False, True])
def test_quiet_hours_hold_up_what_is_not_urgent(
    mailing: Cli, mail: MailServer, *, urgent: bool
) -> None:
    settings(mailing, 'kind = "smtp"', 'kind = "smtp"\nquiet = "00:00-23:59"')
    if urgent:
        playbook = next((Path(mailing.folder) / "playbooks").glob("*.yaml"))
        text = playbook.read_text(encoding="utf-8")
        playbook.write_text(
            text.replace("audience: customers", "audience: customers\n    urgency: safety", 1),
            encoding="utf-8",
        )
        mailing("close", "--outcome", "duplicate", "--reason", "again")
        mailing("start", playbook.stem)
        mailing("fact", "set", "records=4100")
    approved(mailing)
    answer = mailing("notice", "send", "customers", "--yes", status=0 if urgent else 5)
    assert len(mail.taken) == (3 if urgent else 0)
    assert ("end of the quiet hours" in answer.err) is not urgent
