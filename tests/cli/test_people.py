"""Roles, hand-over, contacts, notes, evidence, alert and log."""

from __future__ import annotations

import socket
from pathlib import Path

from support.centre import make_centre
from support.cli import Cli
from support.mail_server import MailServer
from support.mini import add_mini


def test_a_role_is_given_to_a_known_person(begun: Cli) -> None:
    assert "kim is commander" in begun("role", "assign", "commander", "kim").out
    assert "did you mean 'kim'?" in begun("role", "assign", "commander", "kin", status=6).err
    assert "did you mean 'commander'?" in begun("role", "assign", "comander", "kim", status=6).err
    assert begun.json("role", "list")["roles"]["commander"] == "kim"
    assert "Leads." in begun("role", "list").out


def test_a_handover_moves_the_role_and_prints_one_page(begun: Cli) -> None:
    begun("step", "done", "declare")
    page = begun("handover", "kim").out
    assert "commander is kim now" in page
    assert "open decision choose" in page
    assert "awareness = " in page
    given = begun.json("handover", "alex", "--as", "kim")
    assert (given["person"], given["decisions"]) == ("alex", ["choose"])
    refused = begun("handover", "kim", "--role", "technical-lead", "--as", "kim", status=5)
    assert "does not hold" in refused.err


def test_the_card_needs_no_database(begun: Cli) -> None:
    (begun.folder / ".ccir" / "ccir.db").unlink()
    card = begun("contacts").out
    assert "Signal: alex.07" in card
    assert "none in ccir.toml" in card
    assert begun.json("contacts")["people"]["alex"]["out_of_band"] == "Signal: alex.07"


def test_a_privileged_note_stays_out_unless_asked_for(begun: Cli) -> None:
    begun("note", "--privileged", "counsel says wait")
    assert begun.json("note", "plain words")["seq"] == 4
    assert "noted as event 5" in begun("note", "more").out
    assert "counsel says wait" not in begun("log").out
    assert "counsel says wait" in begun("log", "--privileged").out
    assert "counsel says wait" not in begun("report").out
    assert "counsel says wait" in begun("report", "--privileged").out
    assert "counsel says wait" not in str(begun.json("log"))


def test_a_note_has_bounds(begun: Cli) -> None:
    assert "1 to 20000" in begun("note", "  ", status=2).err
    assert "1 to 20000" in begun("note", "x" * 20_001, status=2).err


def test_evidence_is_kept_listed_and_verified(begun: Cli) -> None:
    (begun.folder / "sign-in.log").write_text("seen\n", encoding="utf-8")
    answer = begun("evidence", "add", "sign-in.log", "--step", "preserve")
    assert "SHA-256" in answer.out
    assert "sign-in.log" in begun("evidence", "list").out
    assert "1 of 1 files are as taken" in begun("evidence", "verify").out
    digest = begun.json("evidence", "list")["evidence"][0]["sha256"]
    kept = begun.folder / ".ccir" / "evidence" / digest
    kept.chmod(0o600)
    kept.write_text("changed", encoding="utf-8")
    assert "changed" in begun("evidence", "verify", status=1).out
    assert begun.json("evidence", "verify", status=1)["evidence"][0]["difference"]


def test_evidence_has_to_be_there(begun: Cli) -> None:
    begun("evidence", "add", "gone.txt", status=6)
    begun("evidence", "add", ".", status=2)


def test_the_log_goes_on_from_a_number(begun: Cli) -> None:
    begun("note", "one")
    events = begun.json("log", "--after", "2")["events"]
    assert [event["seq"] for event in events] == [3]
    assert set(events[0]) >= {"seq", "at", "by", "type", "body", "hash"}


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
