from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from ccir.domain.record import first_break
from ccir.engine.handle import load
from ccir.engine.opening import open_workspace
from support.bound_notice import bound, write_rows
from support.centre import write_list
from support.cli import Cli
from support.doubtful import DECIDE, RESOLVE, address, sent_in_doubt
from support.mail_server import MailServer

PROOF = ("notice", "proof", "customers")
FULL = ("--full", "--reason", "the authority asks for samples")


@pytest.fixture
def sent(mailing: Cli, mail: MailServer) -> Cli:
    """A notice of six: one refused, one in doubt, the others taken."""
    mail.faults[address(2)].append("rcpt:550 5.1.1 no such user")
    sent_in_doubt(mailing, mail, doubtful=(1,), count=6)
    return mailing


def lines(path: Path) -> list[Any]:
    return [json.loads(each) for each in path.read_bytes().splitlines()]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_proof_says_who_was_told_when_and_with_which_text(sent: Cli) -> None:
    made = sent.json(*PROOF, "--to", "proof")["proof"]
    folder = sent.folder / "proof"
    [version] = made["versions"]
    assert (version["recipients"], version["reached"], version["unknown"]) == (6, 4, 1)
    assert version["troubles"] == [
        {"state": "refused-permanent", "code": 550, "count": 1},
        {"state": "unknown", "code": 0, "count": 1},
    ]
    assert [given["by"] for given in version["approvals"]] == ["alex", "kim"]
    assert [deed["type"] for deed in version["deeds"]][-2:] == ["SendingStarted", "SendingEnded"]
    assert version["first_told_at"].startswith("2026-01-02T08:00:00")
    assert json.loads((folder / "proof.json").read_bytes()) == made
    rows = lines(folder / "version-1" / "ledger.jsonl")
    assert [row["row"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert {row["state"] for row in rows} == {"accepted", "unknown", "refused-permanent"}
    assert all(row["message_id"].endswith("@example.org") for row in rows)
    assert [row["row"] for row in lines(folder / "version-1" / "troubled.jsonl")] == [2, 3]
    page = (folder / "README.md").read_text("utf-8")
    assert "| 1 | 6 | 4 | 1 | 4 accepted, 1 refused, 1 unknown |" in page
    assert "approved by | kim as privacy-counsel" in page
    assert "| refused-permanent | 550 | 1 |" in page


def test_a_proof_names_nobody_who_was_told(sent: Cli) -> None:
    sent(*PROOF, "--to", "proof")
    everything = b"\n".join(contents(sent.folder / "proof").values())
    assert b"@example.net" not in everything
    assert b"affected0" not in everything
    assert b"Person" not in everything
    sample = (sent.folder / "proof" / "version-1" / "text" / "en.sample.txt").read_text("utf-8")
    assert sample.startswith("Subject: Dear [name]\n\nDear [name], 4100 records are affected.")
    template = (sent.folder / "proof" / "version-1" / "text" / "de.md.j2").read_text("utf-8")
    assert "{{ recipient.name }}" in template


def test_its_files_and_its_part_of_the_log_can_be_checked(sent: Cli) -> None:
    made = sent.json(*PROOF, "--to", "proof")
    folder = sent.folder / "proof"
    subprocess.run(["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"], cwd=folder, check=True)
    assert {each["path"] for each in made["files"]} == set(contents(folder))
    chain = lines(folder / "log" / "chain.jsonl")
    prevs = [each["prev"] for each in chain]
    assert prevs == ["0" * 64, *(each["hash"] for each in chain[:-1])]
    assert made["proof"]["as_of"]["hash"] == chain[-1]["hash"]
    hashes = {each["hash"] for each in chain}
    related = (folder / "log" / "events.jsonl").read_bytes().splitlines(keepends=True)
    assert all(hashlib.sha256(line).hexdigest() in hashes for line in related)
    assert first_break(related[:1]) is None
    types = [json.loads(line)["type"] for line in related]
    assert types[:2] == ["RunStarted", "NoticePreviewed"]


def test_the_same_state_gives_the_same_bytes(sent: Cli) -> None:
    sent(*PROOF, "--to", "one.zip")
    sent.clock.move(86_400)
    sent(*PROOF, "--to", "two.zip")
    first, second = ((sent.folder / name).read_bytes() for name in ("one.zip", "two.zip"))
    assert first == second
    with zipfile.ZipFile(sent.folder / "one.zip") as archive:
        assert "proof-INC-2026-0001-customers/README.md" in archive.namelist()
    assert "is there already" in sent(*PROOF, "--to", "one.zip", status=2).err
    shown = sent(*PROOF).out
    assert "customers version 1: 4 told, 1 unknown of 6" in shown
    assert (sent.folder / "proof-INC-2026-0001-customers" / "SHA256SUMS").is_file()


def test_whole_messages_are_rebuilt_byte_for_byte(sent: Cli, mail: MailServer) -> None:
    made = sent.json(*PROOF, "--to", "proof", "--samples", "3", *FULL)["proof"]
    full = [each for each in made["samples"] if each["row"] is not None]
    assert [each["row"] for each in full] == [1, 4, 5]
    assert {each["compared"] for each in full} == {"bytes match the ledger"}
    taken = {hashlib.sha256(each.content).hexdigest() for each in mail.taken}
    assert {each["sha256"] for each in full} <= taken
    message = message_from_bytes((sent.folder / "proof" / full[0]["file"]).read_bytes())
    assert message["To"] == f"<{address(0)}>"
    [event] = [each for each in sent.json("log")["events"] if each["type"] == "RecipientsUnmasked"]
    assert (event["body"]["rows"], event["body"]["role"]) == (3, "commander")
    assert event["said"] == ["the authority asks for samples"]


def test_a_letterhead_that_changed_since_is_told(sent: Cli) -> None:
    settings = sent.folder / "ccir.toml"
    text = settings.read_text("utf-8")
    settings.write_text(
        text.replace('from = "incident', 'from_name = "New"\nfrom = "incident'), encoding="utf-8"
    )
    shown = sent(*PROOF, "--samples", "1", *FULL).out
    assert "row-1.eml: bytes differ from the ledger's" in shown


def test_whole_messages_are_for_those_who_may_see_them(sent: Cli) -> None:
    before = sent.json("log")["events"]
    settings = sent.folder / "ccir.toml"
    text = settings.read_text("utf-8")
    settings.write_text(f'{text}\n[privacy]\nunmask_roles = ["scribe"]\n', encoding="utf-8")
    assert "it takes scribe" in sent(*PROOF, *FULL, "--as", "kim", status=5).err
    assert "--full and --reason" in sent(*PROOF, "--full", status=2).err
    assert "--full and --reason" in sent(*PROOF, "--reason", "x", status=2).err
    assert sent.json("log")["events"] == before
    assert not [*sent.folder.glob("*proof*")]


def test_every_version_is_in_it_with_what_became_of_its_doubts(sent: Cli) -> None:
    sent(*RESOLVE, "--all", *DECIDE, "other-channel")
    path = write_list(sent.folder, name="affected", count=8)
    sent("notice", "preview", "customers", "--recipients", path)
    sent("notice", "deny", "customers", "--reason", "the count is wrong")
    made = sent.json(*PROOF, "--to", "proof")["proof"]
    first, second = made["versions"]
    assert first["counts"]["superseded"] == 1
    assert "1 in doubt resolved as other-channel by person" in first["deeds"][-1]["text"]
    assert (second["refusal"]["by"], second["approvals"]) == ("alex", [])
    assert second["left_out"]["already_told"] == 4
    assert (sent.folder / "proof" / "version-2" / "ledger.jsonl").read_bytes() == b""
    page = (sent.folder / "proof" / "README.md").read_text("utf-8")
    assert "refused by | alex as commander" in page
    assert "the count is wrong" not in page


def test_a_channel_without_mail_shows_its_messages_uncompared(centre: Cli) -> None:
    centre("start", "mini", "--fact", "records=4")
    path = write_list(centre.folder, name="affected", count=2)
    centre("notice", "preview", "customers", "--recipients", path)
    centre("notice", "approve", "customers")
    centre("notice", "approve", "customers", "--as", "kim")
    centre("notice", "send", "customers", "--yes")
    shown = centre(*PROOF, "--samples", "1", *FULL).out
    assert "row-1.txt: not compared: what a channel of this kind sends" in shown


def test_timing_is_told_for_every_rule_and_for_the_playbook(
    tmp_path: Path, mail: MailServer
) -> None:
    cli = bound(tmp_path, ["EU-GDPR-34-DS", "US-TX-IND", "US-NY-IND"], mail_port=mail.port)
    cli("start", "mini", "--fact", "awareness=08:30")
    facts = ("jurisdictions=DE,US-TX", "discovery=2025-10-01", "high_risk=yes")
    cli("fact", "set", *facts, "determination=2025-10-01")
    write_rows(cli, "language,us_state", "en,TX", "en,TX")
    cli("notice", "preview", "customers", "--recipients", "list.csv")
    cli("notice", "approve", "customers")
    cli("notice", "approve", "customers", "--as", "kim")
    cli("notice", "send", "customers", "--yes")
    timing = {each["rule"]: each for each in cli.json(*PROOF, "--to", "p")["proof"]["timing"]}
    assert {*timing} == {"EU-GDPR-34-DS", "US-TX-IND", "US-NY-IND", ""}
    assert timing["US-TX-IND"]["told_after"] == 2
    assert timing[""]["told_after"] == 0
    page = (cli.folder / "p" / "README.md").read_text("utf-8")
    assert "| `US-TX-IND` |" in page
    assert "no time is known" in page


def test_there_is_no_proof_of_what_never_was(mailing: Cli) -> None:
    assert "has no version yet" in mailing(*PROOF, status=5).err
    assert not [*mailing.folder.glob("*proof*")]


def test_what_was_erased_is_missing_and_the_rest_is_proved(sent: Cli) -> None:
    workspace = open_workspace(sent.surroundings, None)
    with closing(workspace.stores) as stores:
        version = load(workspace, "INC-2026-0001").run.notices["customers"][0]
        stores.people.erase(version.text.ref)
    made = sent.json(*PROOF, "--to", "proof")["proof"]
    assert (made["versions"][0]["digest_parts"], made["samples"]) == (None, [])
    assert "| text | erased since |" in (sent.folder / "proof" / "README.md").read_text("utf-8")
    assert len(lines(sent.folder / "proof" / "version-1" / "ledger.jsonl")) == 6


def test_a_list_that_was_erased_leaves_its_ledger(sent: Cli) -> None:
    with closing(sqlite3.connect(sent.folder / ".ccir" / "people.db")) as connection, connection:
        connection.execute("DELETE FROM recipients")
        connection.execute("DELETE FROM blocks")
        connection.execute("DELETE FROM lists")
    made = sent.json(*PROOF, "--to", "proof")["proof"]
    assert made["samples"] == []
    assert made["versions"][0]["digest_parts"]["list"] == ""
    assert made["versions"][0]["reached"] == 4


def test_a_text_that_masked_values_break_says_so(mailing: Cli) -> None:
    template = mailing.folder / "notify_templates" / "customers" / "mini.en.md.j2"
    text = template.read_text("utf-8")
    broken = text.replace("recipient.city]", "recipient.city, recipient.nope]").replace(
        "{{ recipient.city }}",
        '{% if recipient.nope is defined or recipient.city == "[city]" %}'
        "{{ recipient.nope }}{% endif %}",
    )
    template.write_text(broken, encoding="utf-8")
    list_ = "email,name,language,city,country\na@example.net,Ann,en,Rome,IT\n"
    (mailing.folder / "list.csv").write_text(list_, encoding="utf-8")
    mailing("notice", "preview", "customers", "--recipients", "list.csv")
    mailing(*PROOF, "--to", "proof")
    sample = mailing.folder / "proof" / "version-1" / "text" / "en.sample.txt"
    assert sample.read_text("utf-8").startswith("With masked values this text cannot be rendered")
