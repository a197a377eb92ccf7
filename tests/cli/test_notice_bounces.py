from __future__ import annotations

import io

import pytest

from support import bounces
from support.centre import write_list
from support.cli import Cli
from support.mail_server import MailServer

SUPPRESSIONS = ("notice", "suppressions")


@pytest.fixture
def sent(mailing: Cli, mail: MailServer) -> Cli:
    """A run whose notice to three customers has gone out, with an address for bounces."""
    settings = mailing.folder / "ccir.toml"
    text = settings.read_text(encoding="utf-8")
    here = 'from = "incident@example.org"\n'
    settings.write_text(text.replace(here, f'{here}bounces = "b@example.org"\n'), encoding="utf-8")
    path = write_list(mailing.folder, name="affected")
    mailing("notice", "preview", "customers", "--recipients", path)
    mailing("notice", "approve", "customers")
    mailing("notice", "approve", "customers", "--as", "kim")
    mailing("notice", "send", "customers", "--yes")
    box = [bounces.postfix(mail.taken[0].sender), bounces.out_of_office(mail.taken[1].sender)]
    bounces.mbox(mailing.folder / "box", *box, bounces.gmail("b+1.1.0123456789@example.org"))
    return mailing


def test_what_came_back_is_told_without_an_address_and_once(sent: Cli) -> None:
    assert "dry run: nothing was kept" in sent("notice", "bounces", "box", "--dry-run").out
    assert sent.json("notice", "status", "customers")["counts"]["bounced"] == 0
    assert sent.json("notice", "bounces", "box", "--dry-run")["dry_run"] is True
    assert "no longer written to: nobody" in sent(*SUPPRESSIONS).out
    shown = sent("notice", "bounces", "box").out
    assert "mails: 3 read, 1 no reports, 1 with a wrong tag" in shown
    assert "reports: 1 failed" in shown
    assert "INC-2026-0001 customers version 1: 1 bounced, 0 delivered, 0 changed nothing" in shown
    assert "1 addresses are no longer written to" in shown
    assert "next: `ccir notice preview customers --only-unreached --channel NAME`" in shown
    assert "@" not in shown
    assert "User unknown" not in shown
    again = sent("notice", "bounces", "box").out
    assert "mails: 3 read, 3 read before" in again
    assert "reports: none" in again
    assert "no longer written to: 1 dead-address" in sent(*SUPPRESSIONS).out
    assert sent.json(*SUPPRESSIONS) == {"suppressions": {"dead-address": 1}}
    _is_left_out(sent)


def _is_left_out(sent: Cli) -> None:
    preview = ("notice", "preview", "customers", "--recipients", "affected.csv", "--again")
    assert "1 no longer written to" in sent(*preview).out
    write_list(sent.folder, name="affected", count=1)
    refused = sent(*preview, status=5)
    assert "all 1 recipients have an address that is no longer written to" in refused.err


def test_an_empty_mailbox_holds_nothing_and_what_is_none_is_refused(begun: Cli) -> None:
    (begun.folder / "box").touch()
    assert "mails: none" in begun("notice", "bounces", "box").out
    (begun.folder / "box").write_text("Dear all", encoding="utf-8")
    assert "is no mbox" in begun("notice", "bounces", "box", status=2).err
    assert "cannot be read" in begun("notice", "bounces", "gone", status=6).err


def test_again_and_only_the_unreached_contradict(begun: Cli) -> None:
    words = ("notice", "preview", "customers", "--again", "--only-unreached")
    assert "contradict" in begun(*words, status=2).err


def test_a_person_adds_and_takes_off_addresses_with_her_reason(
    begun: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    (begun.folder / "add.txt").write_text("ann@example.net\n\n bea@example.net\n", encoding="utf-8")
    added = begun.json(*SUPPRESSIONS, "--add", "add.txt", "--reason", "they moved")
    assert added == {"suppressions": {"by-hand": 2}}
    monkeypatch.setattr("sys.stdin", io.StringIO("ann@example.net\n"))
    begun(*SUPPRESSIONS, "--remove", "-", "--reason", "she is back")
    assert begun.json(*SUPPRESSIONS) == {"suppressions": {"by-hand": 1}}
    log = begun("log").out
    assert "no longer written to: 2 added, 0 taken off: they moved" in log
    assert "no longer written to: 0 added, 1 taken off: she is back" in log
    assert "example.net" not in log


def test_an_unclear_change_of_the_list_is_refused(begun: Cli) -> None:
    (begun.folder / "add.txt").write_text("nobody\n", encoding="utf-8")
    with (begun.folder / "big.txt").open("wb") as file:
        file.truncate(16 * 1024 * 1024 + 1)
    for words, status, complaint in (
        (("--add", "add.txt"), 2, "need --reason"),
        (("--remove", "add.txt", "--reason", " "), 2, "need --reason"),
        (("--reason", "why"), 2, "goes with --add or --remove"),
        (("--add", "gone.txt", "--reason", "why"), 6, "cannot be read"),
        (("--add", "add.txt", "--reason", "why"), 2, "address 1: not a plain mail address"),
        (("--add", "big.txt", "--reason", "why"), 2, "more than 16 MiB"),
    ):
        assert complaint in begun(*SUPPRESSIONS, *words, status=status).err
    assert begun.json(*SUPPRESSIONS) == {"suppressions": {}}
