from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from support.bound_notice import bound
from support.centre import make_centre, write_list
from support.cli import Cli
from support.mail_server import MailServer
from support.mini import add_mini


def _previewed(cli: Cli, *, count: int = 3) -> Path:
    path = write_list(cli.folder, name="affected", count=count)
    cli("notice", "preview", "customers", "--recipients", path)
    return path


def _approved(cli: Cli, *, count: int = 3) -> None:
    _previewed(cli, count=count)
    cli("notice", "approve", "customers")
    cli("notice", "approve", "customers", "--as", "kim")


def test_a_preview_shows_the_text_and_sends_nothing(mailing: Cli, mail: MailServer) -> None:
    path = write_list(mailing.folder, name="affected")
    answer = mailing("notice", "preview", "customers", "--recipients", path)
    assert "Dear Person 0, 4100 records are affected." in answer.out
    assert "version 1, digest " in answer.out
    assert "next: `ccir notice approve customers`" in answer.out
    assert mail.taken == []
    assert "Dear Person 0" in mailing("notice", "show", "customers").out
    assert mailing.json("notice", "show", "customers")["samples"]["en"]["subject"] == (
        "Dear Person 0"
    )


def test_rows_that_name_nobody_are_told_with_their_reason(mailing: Cli) -> None:
    (mailing.folder / "list.csv").write_text(
        "email,name,language\na@example.net,Ann,de\nbroken,Bob,en\nA@example.net,Ann,de\n"
        "c@example.net,Cyd,fr\n",
        encoding="utf-8",
    )
    shown = mailing("notice", "preview", "customers", "--recipients", "list.csv").out
    assert "left out: 1 rejected, 1 duplicates" in shown
    assert "row 2: not a plain mail address" in shown
    assert "broken" not in shown
    assert "Guten Tag Ann" in shown
    document = mailing.json("notice", "preview", "customers", "--recipients", "list.csv")
    assert document["version"] == 2
    assert document["languages"] == {"de": 1, "en": 1}
    assert document["rejected"] == [{"row": 2, "reason": "not a plain mail address"}]


def test_many_rejected_rows_are_cut_on_the_screen(mailing: Cli) -> None:
    rows = [f"broken{number},Bob,en" for number in range(14)]
    text = "\n".join(("email,name,language", "a@example.net,Ann,en", *rows, ""))
    (mailing.folder / "list.csv").write_text(text, encoding="utf-8")
    shown = mailing("notice", "preview", "customers", "--recipients", "list.csv").out
    assert "and 4 more" in shown


def test_a_missing_value_stops_the_whole_notice(begun: Cli) -> None:
    path = write_list(begun.folder, name="affected", count=12)
    answer = begun("notice", "preview", "customers", "--recipients", path, status=2)
    assert "row 1: no value for facts.records" in answer.err
    assert "row 11" not in answer.err
    assert begun.json("notice", "status", "customers")["state"] == "none"


def test_the_list_may_lie_in_the_workspace(mailing: Cli) -> None:
    refused = mailing("notice", "preview", "customers", status=2)
    assert "recipients/affected.csv" in refused.err
    (mailing.folder / "recipients").mkdir()
    write_list(mailing.folder / "recipients", name="affected")
    assert mailing.json("notice", "preview", "customers")["recipients"] == 3
    assert (
        "cannot be opened"
        in mailing("notice", "preview", "customers", "--recipients", "gone.csv", status=6).err
    )


def test_an_empty_list_is_no_notice(mailing: Cli) -> None:
    (mailing.folder / "list.csv").write_text("email,name,language\n", encoding="utf-8")
    answer = mailing("notice", "preview", "customers", "--recipients", "list.csv", status=2)
    assert "names nobody" in answer.err


def test_approvals_are_of_one_version_by_two_people(mailing: Cli) -> None:
    path = _previewed(mailing)
    assert "lacks 2 of 2 approvals" in mailing("notice", "send", "customers", status=5).err
    assert "1 of 2 approvals are missing" in mailing("notice", "approve", "customers").out
    assert "already approved" in mailing("notice", "approve", "customers", status=5).err
    mailing("notice", "preview", "customers", "--recipients", path)
    assert "2 of 2 approvals are missing" in mailing("notice", "status", "customers").out
    old = mailing("notice", "approve", "customers", "--version", "1", status=5)
    assert "is not the newest" in old.err
    mailing("notice", "approve", "customers", "--version", "2")
    status = mailing.json("notice", "approve", "customers", "--as", "kim")
    assert status["state"] == "approved"
    assert status["asserted"] is True
    assert "asserted, one account" in mailing("notice", "status", "customers").out


def test_an_approval_given_earlier_keeps_both_times(mailing: Cli) -> None:
    _previewed(mailing)
    mailing.clock.move(3_600)
    mailing("notice", "approve", "customers", "--at", "09:30")
    event = mailing.json("log")["events"][-1]
    assert event["at"] == "2026-01-02T08:30:00Z"
    assert event["recorded_at"].startswith("2026-01-02T09:00:00")


def test_one_account_can_be_made_to_count_once(mailing: Cli) -> None:
    settings = mailing.folder / "ccir.toml"
    more = '\n[approvals]\ntwo_person = "accounts"\n'
    settings.write_text(settings.read_text("utf-8") + more, encoding="utf-8")
    _previewed(mailing)
    mailing("notice", "approve", "customers")
    refused = mailing("notice", "approve", "customers", "--as", "kim", status=5)
    assert "an approval from the account" in refused.err


def test_sending_asks_shows_and_reaches_everybody_once(mailing: Cli, mail: MailServer) -> None:
    _approved(mailing)
    asked = mailing("notice", "send", "customers", status=5)
    assert "to 3 recipients through mail?" in asked.err
    assert "one account" in asked.err
    assert mail.taken == []
    sent = mailing("notice", "send", "customers", "--yes")
    assert "sending complete: 3 accepted of 3" in sent.out
    assert sorted(mail.recipients) == [f"affected{number}@example.net" for number in range(3)]
    again = mailing("notice", "send", "customers", "--yes")
    assert "nothing is left to send" in again.out
    assert len(mail.taken) == 3
    steps = {step["id"]: step["state"] for step in mailing.json("status")["steps"]}
    assert steps["tell"] == "done"
    assert mailing.json("notice", "list")["notices"][0]["state"] == "sent"


def test_who_was_told_is_not_told_again_by_a_new_version(mailing: Cli, mail: MailServer) -> None:
    _approved(mailing)
    mailing("notice", "send", "customers", "--yes")
    path = write_list(mailing.folder, name="affected", count=4)
    words = ("notice", "preview", "customers", "--recipients", path)
    assert mailing.json(*words)["already_told"] == 3
    assert mailing.json(*words, "--again")["recipients"] == 4
    few = write_list(mailing.folder, name="affected", count=2)
    refused = mailing("notice", "preview", "customers", "--recipients", few, status=5)
    assert "--again" in refused.err
    assert len(mail.taken) == 3


def test_refused_and_doubtful_rows_are_listed_masked(mailing: Cli, mail: MailServer) -> None:
    mail.faults["affected0@example.net"].append("rcpt:550 5.1.1 no such user")
    mail.faults["affected1@example.net"].append("drop-after")
    _approved(mailing)
    answer = mailing("notice", "send", "customers", "--yes", "--json", status=1)
    assert answer.json["counts"] == {
        "planned": 0,
        "claimed": 0,
        "accepted": 1,
        "refused": 1,
        "unknown": 1,
        "delivered": 0,
        "bounced": 0,
        "confirmed": 0,
        "superseded": 0,
    }
    shown = mailing("notice", "status", "customers").out
    assert "a***0@e***.net" in shown
    assert "550" in shown
    assert "affected0@" not in shown
    assert "1 unknown" in mailing("notice", "send", "customers", "--yes", status=1).out
    assert mail.recipients.count("affected1@example.net") == 1


def test_many_troubled_rows_are_cut_on_the_screen(mailing: Cli, mail: MailServer) -> None:
    for number in range(22):
        mail.faults[f"affected{number}@example.net"].append("rcpt:550 5.1.1 no such user")
    _approved(mailing, count=23)
    mailing("notice", "send", "customers", "--yes", status=1)
    assert "and more" in mailing("notice", "status", "customers").out


def test_a_server_that_is_away_leaves_the_rows_planned(mailing: Cli, mail: MailServer) -> None:
    _approved(mailing)
    settings = mailing.folder / "ccir.toml"
    right = settings.read_text(encoding="utf-8")
    settings.write_text(right.replace(f"port = {mail.port}", "port = 1"), encoding="utf-8")
    away = mailing("notice", "send", "customers", "--yes", status=3)
    assert "cannot be reached" in away.err + away.out
    status = mailing.json("notice", "status", "customers")
    assert (status["state"], status["counts"]["planned"]) == ("partial", 3)
    settings.write_text(right, encoding="utf-8")
    mailing("notice", "send", "customers", "--yes")
    assert len(mail.taken) == 3


def test_facts_that_change_after_the_approval_change_no_message(
    mailing: Cli, mail: MailServer
) -> None:
    _approved(mailing)
    mailing("fact", "set", "records=9")
    template = mailing.folder / "notify_templates" / "customers" / "mini.en.md.j2"
    template.write_text("nothing", encoding="utf-8")
    mailing("notice", "send", "customers", "--yes")
    assert all(b"4100 records" in taken.content for taken in mail.taken)


def test_a_channel_can_be_chosen_and_must_be_there(mailing: Cli) -> None:
    settings = mailing.folder / "ccir.toml"
    settings.write_text(
        settings.read_text("utf-8") + '\n[channels.files]\nkind = "outbox"\nfolder = "outbox"\n',
        encoding="utf-8",
    )
    path = write_list(mailing.folder, name="affected")
    words = ("notice", "preview", "customers", "--recipients", path)
    assert "no channel 'post'" in mailing(*words, "--channel", "post", status=6).err
    assert "no channel is bound" in mailing(*words, status=3).err
    mailing(*words, "--channel", "files")
    mailing("notice", "approve", "customers")
    mailing("notice", "approve", "customers", "--as", "kim")
    mailing("step", "run", "tell", "--yes")
    assert len(list((mailing.folder / "outbox").glob("*.eml"))) == 3
    settings.write_text(
        settings.read_text("utf-8").partition("\n[channels.files]")[0], encoding="utf-8"
    )
    assert mailing.json("notice", "status", "customers")["state"] == "sent"


def test_a_team_room_gets_one_message(tmp_path: Path) -> None:
    more = '[channels.team]\nkind = "apprise"\nurl = "json://127.0.0.1:1/"\n'
    cli = make_centre(tmp_path / "centre", more=more)
    add_mini(cli.folder)
    cli("start", "mini", "--fact", "records=1")
    made = cli.json("notice", "preview", "customers", "--channel", "team")
    assert (made["recipients"], made["rejected"]) == (1, [])


def test_unknown_notices_get_a_suggestion(mailing: Cli) -> None:
    for words in (("preview",), ("show",), ("approve",), ("send", "--yes"), ("status",)):
        answer = mailing("notice", words[0], "customer", *words[1:], status=6)
        assert "did you mean 'customers'?" in answer.err
    assert "has no version yet" in mailing("notice", "approve", "customers", status=5).err
    assert "ccir notice preview customers" in mailing("notice", "status", "customers").out
    assert "To customers" in mailing("notice", "list").out


def test_a_notice_waits_for_the_step_it_comes_after(centre: Cli) -> None:
    path = centre.folder / "playbooks" / "mini.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "    recipients: affected\n", "    recipients: affected\n    after: declare\n"
    )
    path.write_text(text, encoding="utf-8")
    centre("start", "mini", "--fact", "records=1")
    _approved(centre)
    refused = centre("notice", "send", "customers", "--yes", status=5)
    assert "goes out after step 'declare'" in refused.err


@pytest.mark.parametrize("table", ["texts", "recipients"])
def test_a_text_or_list_that_was_lost_sends_nothing(
    table: str, mailing: Cli, mail: MailServer
) -> None:
    _approved(mailing)
    with closing(sqlite3.connect(mailing.folder / ".ccir" / "people.db")) as database:
        database.execute(f"DELETE FROM {table}")  # noqa: S608 - one of two fixed words
        database.commit()
    mailing("notice", "send", "customers", "--yes", status=3)
    assert mail.taken == []


def test_a_preview_says_what_the_law_requires_and_the_text_lacks(tmp_path: Path) -> None:
    cli = bound(tmp_path, ("US-CA-IND", "US-MA-IND", "US-NJ-IND"))
    cli("start", "mini", "--fact", "awareness=08:30")
    cli("fact", "set", "jurisdictions=US-CA,US-NJ", "discovery=2026-01-01")
    path = write_list(cli.folder, name="affected")
    words = ("notice", "preview", "customers", "--recipients", path, "--channel", "files")
    shown = " ".join(cli(*words).out.split())
    assert "required content (US-CA-IND): 8 missing" in shown
    assert "error, en: the prescribed heading 'What Happened' is missing (US-CA-IND: Cal." in shown
    assert "no later than this notice, others must be told: US-NJ-" in shown
    assert "next: `ccir notice approve customers`" in shown
    cli("fact", "set", "jurisdictions=DE")
    quiet = cli(*words).out
    assert "required content" not in quiet
    assert "no later than" not in quiet
