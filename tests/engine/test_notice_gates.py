from __future__ import annotations

from pathlib import Path

import pytest

from support.bound_notice import bound
from support.centre import make_centre, write_list
from support.cli import Cli
from support.mail_server import MailServer
from support.mini import PLAYBOOK, add_mini

AFFECTED = "    recipients: affected\n"


def approved(cli: Cli) -> None:
    path = write_list(cli.folder, name="affected")
    cli("notice", "preview", "customers", "--recipients", path)
    cli("notice", "approve", "customers")
    cli("notice", "approve", "customers", "--as", "kim")


def begun(folder: Path, keys: str, *, mail_port: int) -> Cli:
    """Return a centre with a run whose notice to the customers has these keys too."""
    cli = make_centre(folder / "centre", mail_port=mail_port)
    add_mini(cli.folder)
    playbook = PLAYBOOK.replace(AFFECTED, AFFECTED + keys, 1)
    (cli.folder / "playbooks" / "mini.yaml").write_text(playbook, encoding="utf-8")
    cli("start", "mini", "--fact", "awareness=08:30", "--fact", "records=4100")
    return cli


def test_what_law_enforcement_holds_back_does_not_go_out_until_it_is_released(
    tmp_path: Path,
) -> None:
    facts = ("jurisdictions=US-CA", "discovery=2026-01-01", "le_hold_start=2026-01-02")
    with MailServer() as mail:
        cli = bound(tmp_path, ["US-CA-IND"], mail_port=mail.port)
        cli("start", "mini", *(word for fact in facts for word in ("--fact", fact)))
        approved(cli)
        refused = cli("notice", "send", "customers", "--yes", status=5)
        assert "law enforcement holds it up (US-CA-IND)" in refused.err
        assert "le_hold_end" in refused.err
        assert mail.taken == []
        cli.clock.move(2 * 86_400)
        cli("fact", "set", "le_hold_end=2026-01-03")
        cli("notice", "send", "customers", "--yes")
        assert len(mail.taken) == 3


@pytest.mark.parametrize("policy", ["ask", "resend", "hold"])
def test_whoever_is_in_doubt_is_told_again_only_where_the_playbook_says_so(
    tmp_path: Path, *, policy: str
) -> None:
    with MailServer() as mail:
        cli = begun(tmp_path, f"    when_unknown: {policy}\n", mail_port=mail.port)
        approved(cli)
        mail.faults["affected1@example.net"].append("drop-after")
        cli("notice", "send", "customers", "--yes", status=1)
        again = cli("notice", "send", "customers", "--yes", status=0 if policy == "resend" else 1)
    copies = [taken for taken in mail.taken if taken.recipient == "affected1@example.net"]
    assert len(mail.taken) == (4 if policy == "resend" else 3)
    assert len({copy.content for copy in copies}) == 1, "the second copy is the same bytes"
    assert ("1 unknown" in again.out) is (policy != "resend")


def test_an_approval_that_is_too_old_lets_nothing_out(tmp_path: Path) -> None:
    with MailServer() as mail:
        cli = make_centre(tmp_path / "centre", mail_port=mail.port)
        add_mini(cli.folder)
        playbook = PLAYBOOK.replace("approvals: {count: 2", "approvals: {valid_for: 12h, count: 2")
        assert playbook != PLAYBOOK
        (cli.folder / "playbooks" / "mini.yaml").write_text(playbook, encoding="utf-8")
        cli("start", "mini", "--fact", "records=1")
        approved(cli)
        cli.clock.move(13 * 3_600)
        assert "lacks 2 of 2 approvals" in cli("notice", "send", "customers", "--yes", status=5).err
        cli("notice", "approve", "customers")
        cli("notice", "approve", "customers", "--as", "kim")
        cli("notice", "send", "customers", "--yes")
        assert len(mail.taken) == 3


def test_rows_of_a_version_whose_place_another_takes_wait_no_longer(tmp_path: Path) -> None:
    with MailServer() as mail:
        cli = begun(tmp_path, "", mail_port=mail.port)
        approved(cli)
        mail.sender_faults.extend(["421 4.3.2 closing"] * 9)
        cli("notice", "send", "customers", "--yes", status=3)
        mail.sender_faults.clear()
        approved(cli)
        cli("notice", "send", "customers", "--yes")
        assert len(mail.taken) == 3
    shown = cli("report", "--format", "json").json["notices"]
    assert shown


def test_when_those_put_off_may_go_is_told(tmp_path: Path) -> None:
    with MailServer() as mail:
        cli = begun(tmp_path, "", mail_port=mail.port)
        approved(cli)
        assert cli.json("notice", "status", "customers")["next_try"] is None
        mail.faults["affected0@example.net"].append("rcpt:451 4.7.1 greylisted")
        mail.sender_faults.extend(["", *["421 4.3.2 closing"] * 9])
        cli("notice", "send", "customers", "--yes", status=3)
        next_try = cli.json("notice", "status", "customers")["next_try"]
        assert next_try.startswith("2026-01-02T08:00:05")
        shown = cli("notice", "status", "customers").out
        assert "the first of those put off may go at 2026-01-02 09:00" in shown
        mail.sender_faults.clear()
        cli("notice", "send", "customers", "--yes")
        assert len(mail.taken) == 3
