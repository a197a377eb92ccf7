from __future__ import annotations

import socket
from pathlib import Path

from support.centre import make_centre
from support.cli import Cli
from support.mail_server import MailServer
from support.mini import add_mini


def test_roles_are_called_through_their_mail(mailing: Cli, mail: MailServer) -> None:
    answer = mailing("alert", "commander", "privacy-counsel", "--message", "Bridge 4711")
    assert "alex: accepted" in answer.out
    assert sorted(mail.recipients) == ["alex@example.org", "kim@example.org"]
    assert b"Bridge 4711" in mail.taken[0].content
    event = mailing.json("log")["events"][-1]
    assert (event["type"], event["body"]["state"]) == ("RolesAlerted", "accepted")


def test_an_alert_that_fails_stands_in_the_log_too(mailing: Cli, mail: MailServer) -> None:
    mail.faults["alex@example.org"].append("rcpt:550 5.1.1 no such user")
    answer = mailing("alert", "commander", status=3)
    assert "refused-permanent" in answer.out
    assert "ccir contacts" in answer.out


def test_a_channel_that_is_away_is_told_and_recorded(mailing: Cli) -> None:
    settings = mailing.folder / "ccir.toml"
    text = settings.read_text(encoding="utf-8")
    port = text.partition("port = ")[2].partition("\n")[0]
    settings.write_text(text.replace(f"port = {port}", f"port = {_closed_port()}"), "utf-8")
    away = mailing.json("alert", "commander", status=3)["alert"]
    assert away["state"] == "refused-temporary"
    assert mailing.json("log")["events"][-1]["body"] == away


def test_an_alert_needs_roles_a_channel_and_one_line(mailing: Cli) -> None:
    assert "no role 'nobody'" in mailing("alert", "nobody", status=6).err
    assert "one line" in mailing("alert", "commander", "--message", "a\nb", status=2).err
    assert "no longer" in mailing("alert", "commander", "--channel", "x", status=6).err


def test_nobody_can_be_called_without_a_channel_or_an_address(tmp_path: Path) -> None:
    cli = make_centre(tmp_path / "centre", more='[people.noa]\nname = "Noa"\n')
    add_mini(cli.folder)
    settings = cli.folder / "ccir.toml"
    cli("start", "mini")
    cli("role", "assign", "technical-lead", "noa")
    answer = cli("alert", "technical-lead", status=3)
    assert "'noa' (technical-lead) has no mail address" in answer.err
    settings.write_text(settings.read_text("utf-8").partition("[channels")[0], "utf-8")
    assert "[channels.staff-alert]" in cli("alert", "commander", status=3).err


def _closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number
