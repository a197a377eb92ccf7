from __future__ import annotations

import gzip
from contextlib import closing
from pathlib import Path

import pytest

from ccir.delivery.message_ids import message_id as message_id_of
from ccir.domain.ledger import NoticeKey
from ccir.engine.opening import open_workspace
from support.bound_notice import bound, write_rows
from support.centre import write_list
from support.cli import Cli
from support.doubtful import (
    DECIDE,
    RESOLVE,
    about,
    address,
    message_id,
    sent_in_doubt,
    states,
    write_log,
)
from support.mail_server import MailServer
from support.relay_logs import named, tried


def test_the_relays_log_closes_whom_it_names(mailing: Cli, mail: MailServer) -> None:
    sent_in_doubt(mailing, mail, doubtful=(0, 1, 2, 3), count=6)
    log = write_log(
        mailing,
        about(mail, 0),
        about(mail, 1, "bounced", dsn="5.1.1", reply=f"said: 550 <{address(1)}> unknown"),
        about(mail, 2, "deferred", dsn="4.4.1", reply="timed out"),
    )
    dry = mailing.json(*RESOLVE, "--relay-log", log, "--dry-run")
    assert states(mailing) == {"accepted": 2, "unknown": 4}
    found = mailing.json(*RESOLVE, "--relay-log", log)
    assert found["closed"] == dry["closed"] == {"accepted": 1, "bounced": 1}
    assert found["left"] == dry["left"] == {"queued": 1, "not-found": 1}
    assert found["log"]["lines"] == 8
    assert states(mailing) == {"accepted": 3, "unknown": 2, "bounced": 1}
    shown = mailing("notice", "status", "customers").out
    assert "550 5.1.1 said: 550 <a***1@e***.net> unknown" in shown
    events = [each for each in mailing.json("log")["events"] if each["type"] == "RowsResolved"]
    assert [(each["body"]["decision"], each["body"]["basis"]) for each in events] == [
        ("told", "relay-log"),
        ("not-told", "relay-log"),
    ]


def test_whom_a_covering_log_does_not_name_is_sent_to_again_only_on_purpose(
    mailing: Cli, mail: MailServer
) -> None:
    sent_in_doubt(mailing, mail, doubtful=(1,))
    mailing.clock.move(3_600)
    short = write_log(mailing, name="short.log", hours=0.05)
    left = mailing.json(*RESOLVE, "--relay-log", short, "--not-found", "resend")
    assert (left["closed"], left["left"]) == ({}, {"not-covered": 1})
    log = write_log(mailing)
    shown = mailing(*RESOLVE, "--relay-log", log).out
    assert "1 left in doubt, not in the log though it covers their time" in shown
    assert states(mailing)["unknown"] == 1
    words = ("--relay-log", short, "--log-covers", "2026-01-02T08:00..2026-01-02T10:00")
    asked = mailing(*RESOLVE, *words, "--not-found", "resend", "--reason", "only relay")
    assert "1 planned" in asked.out
    assert "next: `ccir notice send customers`" in asked.out
    mailing("notice", "send", "customers", "--yes")
    first, second = (each.content for each in mail.taken if each.recipient == address(1))
    assert first == second


def test_rows_of_a_sender_that_died_are_found_by_the_id_they_would_have_left_with(
    mailing: Cli, mail: MailServer
) -> None:
    settings = mailing.folder / "ccir.toml"
    right = settings.read_text("utf-8")
    settings.write_text(right.replace(f"port = {mail.port}", "port = 1"), encoding="utf-8")
    path = write_list(mailing.folder, name="affected", count=2)
    mailing("notice", "preview", "customers", "--recipients", path)
    mailing("notice", "approve", "customers")
    mailing("notice", "approve", "customers", "--as", "kim")
    mailing("notice", "send", "customers", "--yes", status=3)
    key = NoticeKey(run="INC-2026-0001", notice="customers", version=1, channel="mail")
    with closing(open_workspace(mailing.surroundings, None).stores) as stores:
        claimed = stores.ledger.claim(key, "dead")
        assert claimed is not None
    lost = message_id_of(key, claimed.recipient_key, domain="example.org")
    log = mailing.folder / "mail.log.gz"
    log.write_bytes(gzip.compress(named(lost) + tried(address(0))))
    dry = mailing.json(*RESOLVE, "--relay-log", log, "--dry-run")
    assert dry["closed"] == {"accepted": 1}
    assert states(mailing) == {"claimed": 1, "planned": 1}
    assert mailing.json(*RESOLVE, "--relay-log", log)["closed"] == {"accepted": 1}
    assert states(mailing) == {"accepted": 1, "planned": 1}


def test_rows_are_not_touched_while_somebody_sends(mailing: Cli, mail: MailServer) -> None:
    sent_in_doubt(mailing, mail, doubtful=(0,), count=2)
    key = NoticeKey(run="INC-2026-0001", notice="customers", version=1, channel="mail")
    other = open_workspace(mailing.surroundings, None).stores
    with closing(other), other.ledger.sender(key):
        refused = mailing(*RESOLVE, "--all", *DECIDE, "told", status=4)
    assert "is being sent by another process" in refused.err


@pytest.mark.parametrize(
    ("decision", "state"),
    [("told", "accepted"), ("not-told", "refused"), ("other-channel", "superseded")],
)
def test_a_person_decides_what_became_of_a_row(
    mailing: Cli, mail: MailServer, *, decision: str, state: str
) -> None:
    sent_in_doubt(mailing, mail, doubtful=(0, 1), count=2)
    found = mailing.json(*RESOLVE, "--row", "1", *DECIDE, decision)
    assert states(mailing) == {"unknown": 1, state: 1}
    assert found["left"] == {"undecided": 1}
    event = mailing.json("log")["events"][-1]
    assert event["said"] == ["she called us"]
    assert event["text"] == (
        f"notice customers version 1: 1 in doubt resolved as {decision} by person"
    )
    path = write_list(mailing.folder, name="affected", count=2)
    preview = ("notice", "preview", "customers", "--recipients", path)
    listed = mailing.json(*preview, status=None)
    if decision == "told":
        assert listed["error"]["code"] == "refused"
    else:
        assert (listed["recipients"], listed["already_told"]) == (1, 1)


def test_a_person_lets_all_be_sent_again_and_no_byte_differs(
    mailing: Cli, mail: MailServer
) -> None:
    sent_in_doubt(mailing, mail, doubtful=(0, 2), count=3)
    assert "2 planned" in mailing(*RESOLVE, "--all", *DECIDE, "resend").out
    mailing.clock.move(7_200)
    mailing("notice", "send", "customers", "--yes")
    assert states(mailing) == {"accepted": 3}
    by_recipient: dict[str, list[bytes]] = {}
    for taken in mail.taken:
        by_recipient.setdefault(taken.recipient, []).append(taken.content)
    assert {name: len(copies) for name, copies in by_recipient.items()} == {
        address(0): 2,
        address(1): 1,
        address(2): 2,
    }
    assert all(len(set(copies)) == 1 for copies in by_recipient.values())


def test_a_held_row_is_closed_by_evidence_alone(mailing: Cli, mail: MailServer) -> None:
    sent_in_doubt(mailing, mail, doubtful=(0, 1), count=2)
    held = mailing.json(*RESOLVE, "--row", "1", *DECIDE, "hold")
    assert (held["closed"], held["left"]) == ({}, {"held": 1, "undecided": 1})
    assert "only evidence" in mailing(*RESOLVE, "--row", "1", *DECIDE, "told", status=5).err
    rest = mailing.json(*RESOLVE, "--all", *DECIDE, "told")
    assert (rest["closed"], rest["left"]) == ({"accepted": 1}, {"held": 1})
    assert "1 left in doubt, held" in mailing(*RESOLVE, "--all", *DECIDE, "told").out
    log = write_log(mailing, about(mail, 0))
    assert mailing.json(*RESOLVE, "--relay-log", log)["closed"] == {"accepted": 1}


def test_the_playbook_may_leave_every_row_to_evidence(centre_of: Cli, mail: MailServer) -> None:
    sent_in_doubt(centre_of, mail, doubtful=(0,), count=2)
    refused = centre_of(*RESOLVE, "--all", *DECIDE, "told", status=5)
    assert "when_unknown: hold" in refused.err
    assert centre_of.json(*RESOLVE, "--all", *DECIDE, "hold")["left"] == {"held": 1}


@pytest.fixture
def centre_of(mailing: Cli) -> Cli:
    """As `mailing`, in a run whose notice has the policy `hold`."""
    path = mailing.folder / "playbooks" / "mini.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace(
            "    recipients: affected\n", "    recipients: affected\n    when_unknown: hold\n"
        ),
        encoding="utf-8",
    )
    mailing("close", "--outcome", "false-alarm", status=None)
    started = mailing.json("start", "mini", "--another", "--fact", "records=4100")
    mailing.variables["CCIR_RUN"] = started["run"]
    return mailing


def test_an_earlier_versions_rows_are_closed_by_its_number(mailing: Cli, mail: MailServer) -> None:
    sent_in_doubt(mailing, mail, doubtful=(0,), count=2)
    path = write_list(mailing.folder, name="affected", count=3)
    mailing("notice", "preview", "customers", "--recipients", path)
    assert "not in doubt" in mailing(*RESOLVE, "--row", "1", *DECIDE, "told", status=6).err
    again = mailing(*RESOLVE, "--version", "1", "--all", *DECIDE, "resend", status=5)
    assert "does not go out any more" in again.err
    log = ("--relay-log", write_log(mailing), "--not-found", "resend")
    assert "other-channel" in mailing(*RESOLVE, "--version", "1", *log, status=5).err
    found = mailing.json(*RESOLVE, "--version", "1", "--row", "1", *DECIDE, "told")
    assert found["closed"] == {"accepted": 1}
    assert (
        "no version 9"
        in mailing(*RESOLVE, "--version", "9", "--all", *DECIDE, "told", status=6).err
    )


def test_when_the_last_doubt_is_gone_the_rules_that_are_met_are_named(
    tmp_path: Path, mail: MailServer
) -> None:
    cli = bound(tmp_path, ["EU-GDPR-34-DS"], mail_port=mail.port)
    cli("start", "mini", "--fact", "awareness=08:30")
    cli("fact", "set", "jurisdictions=DE", "discovery=2026-01-01", "high_risk=yes")
    cli("fact", "set", "determination=2026-01-01")
    write_rows(cli, "language,country", "en,DE")
    mail.faults["p0@example.net"].append("drop-after")
    cli("notice", "preview", "customers", "--recipients", "list.csv")
    cli("notice", "approve", "customers")
    cli("notice", "approve", "customers", "--as", "kim")
    cli("notice", "send", "customers", "--yes", status=1)
    shown = cli(*RESOLVE, "--all", *DECIDE, "told").out
    assert "everybody was told: `ccir clocks submit EU-GDPR-34-DS --at TIME`" in shown


def test_deliveries_to_another_address_do_not_count(mailing: Cli, mail: MailServer) -> None:
    sent_in_doubt(mailing, mail, doubtful=(0,), count=2)
    log = write_log(mailing, named(message_id(mail, 0)), tried("archive@example.org"))
    shown = mailing(*RESOLVE, "--relay-log", log).out
    assert "1 deliveries of these messages name another address" in shown
    assert "1 left in doubt, still in the relay's queue" in shown
    assert "archive" not in shown


def test_nothing_is_resolved_of_a_notice_that_never_went_out(mailing: Cli) -> None:
    path = write_list(mailing.folder, name="affected", count=1)
    mailing("notice", "preview", "customers", "--recipients", path)
    before = mailing.json("log")["events"]
    assert "no row is closed" in mailing(*RESOLVE, "--all", *DECIDE, "told").out
    assert mailing.json("log")["events"] == before
    (mailing.folder / "words.log").write_text("words\n", encoding="utf-8")
    shown = mailing(*RESOLVE, "--relay-log", "words.log", "--reason", "why not").out
    assert "log: 1 lines, no time that can be read" in shown


_UNFIT: tuple[tuple[tuple[str, ...], str], ...] = (
    ((), "either the relay's log closes rows"),
    (("--relay-log", "x", "--decision", "told"), "either the relay's log"),
    (("--relay-log", "x", "--all"), "go with --decision"),
    (("--relay-log", "x", "--not-found", "told"), "--not-found told is not known"),
    (("--relay-log", "x", "--log-covers", "08:00"), "no span of time"),
    (("--relay-log", "x", "--log-covers", "09:00..08:00"), "ends before it begins"),
    (("--decision", "told", "--all", "--not-found", "resend"), "go with --relay-log"),
    (("--decision", "perhaps", "--all", "--reason", "x"), "--decision perhaps is not known"),
    (("--decision", "told", "--reason", "x"), "needs rows"),
    (("--decision", "told", "--all", "--row", "1", "--reason", "x"), "needs rows"),
    (("--decision", "told", "--all"), "needs --reason"),
    (("--decision", "told", "--all", "--reason", "x", "--at", "08:00"), "--at"),
)


def test_words_that_do_not_fit_are_refused(mailing: Cli) -> None:
    before = mailing.json("log")["events"]
    for words, complaint in _UNFIT:
        assert complaint in mailing(*RESOLVE, *words, status=2).err
    assert mailing.json("log")["events"] == before


def test_no_address_of_a_hostile_log_is_ever_shown(mailing: Cli, mail: MailServer) -> None:
    sent_in_doubt(mailing, mail, doubtful=(0,), count=2)
    words = f"said: 550 {address(0)} and eve@evil.example in prose, ask bob@evil.example"
    log = write_log(mailing, about(mail, 0, "bounced", dsn="5.1.1", reply=words))
    answer = mailing(*RESOLVE, "--relay-log", log)
    seen = answer.out + answer.err + mailing("notice", "status", "customers").out
    seen += mailing("log").out + mailing("notice", "status", "customers", "--json").out
    for name in ("affected0@", "eve@", "bob@"):
        assert name not in seen
