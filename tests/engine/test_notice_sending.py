from __future__ import annotations

from pathlib import Path

import pytest

from ccir.engine.attendant import Attendant
from ccir.engine.handle import load
from ccir.engine.notice_rows import key_of
from ccir.engine.notice_sending import send_notice
from ccir.engine.workspace import Workspace
from ccir.errors import ConflictError
from support.centre import make_centre, write_list
from support.cli import Cli
from support.mail_server import MailServer
from support.mini import add_mini


def _approved(cli: Cli) -> None:
    cli("fact", "set", "records=1")
    path = write_list(cli.folder, name="affected")
    cli("notice", "preview", "customers", "--recipients", path)
    cli("notice", "approve", "customers")
    cli("notice", "approve", "customers", "--as", "kim")


def _yes(question: str) -> None:
    assert question


def test_while_one_process_sends_another_is_refused(
    begun: Cli, workspace: Workspace, run_id: str
) -> None:
    _approved(begun)
    version = load(workspace, run_id).run.latest("customers")
    assert version is not None
    before = begun.json("log")["events"]
    with (
        workspace.stores.ledger.sender(key_of(load(workspace, run_id).run, version)),
        pytest.raises(ConflictError),
    ):
        send_notice(
            workspace, run_id, notice="customers", by="alex", attendant=Attendant(confirm=_yes)
        )
    assert begun.json("log")["events"] == before


def test_a_person_who_stops_the_sending_leaves_the_rest_planned(tmp_path: Path) -> None:
    with MailServer() as mail:
        cli = make_centre(tmp_path / "centre", mail_port=mail.port)
        add_mini(cli.folder)
        cli("start", "mini")
        _approved(cli)
        from ccir.engine.opening import open_workspace

        workspace = open_workspace(cli.surroundings, cli.folder)
        stopped = Attendant(confirm=_yes, is_cancelled=lambda: len(mail.taken) > 0)
        sending = send_notice(
            workspace, "INC-2026-0001", notice="customers", by="alex", attendant=stopped
        )
    assert sending.report is not None
    assert sending.report.ended == "stopped"
    assert (sending.counts.accepted, sending.counts.planned) == (1, 2)
    assert not sending.is_complete


def test_a_text_that_no_channel_takes_is_recorded_before_it_is_told(tmp_path: Path) -> None:
    cli = make_centre(tmp_path / "centre")
    add_mini(cli.folder)
    cli("start", "mini")
    _approved(cli)
    (cli.folder / "outbox").write_text("a file in the way", encoding="utf-8")
    answer = cli("notice", "send", "customers", "--yes", status=3)
    assert answer.out + answer.err
    ended = [e for e in cli.json("log")["events"] if e["type"] == "SendingEnded"]
    assert ended[-1]["body"]["counts"]["planned"] == 3
