"""The four playbooks from start to closed, with real restic and a real mail server."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.centre import make_centre
from support.mail_server import MailServer
from support.player import Player
from support.restic_repository import Repository, clean_repository

PLAYBOOKS = ("data-breach", "ransomware", "payment-card-exposure", "agent-account-takeover")


@pytest.fixture
def clean(tmp_path: Path) -> Repository:
    return clean_repository(tmp_path / "made")


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_playbook_is_led_from_start_to_closed(
    playbook: str, clean: Repository, tmp_path: Path
) -> None:
    with MailServer() as mail:
        cli = make_centre(tmp_path / "centre", repository=clean, mail_port=mail.port)
        run = cli.json("start", playbook)["run"]
        player = Player(cli)
        player.set_facts()
        player.play()
        closed = cli.json("close", "--outcome", "resolved")
        assert closed == {"run": run, "state": "closed", "outcome": "resolved", "waived": []}
    assert set(player.statuses.values()) == {0}
    assert len(mail.recipients) == len(set(mail.recipients)) > 0
    _check_record(cli.folder, run, mail, cli=cli)


def _check_record(folder: Path, run: str, mail: MailServer, *, cli: object) -> None:
    from support.cli import Cli

    assert isinstance(cli, Cli)
    status = cli.json("status", "--run", run)
    assert {step["state"] for step in status["steps"]} <= {"done", "skipped"}
    sent = sum(notice["counts"]["accepted"] for notice in status["notices"])
    assert sent == len(mail.recipients)
    events = cli.json("log", "--run", run)["events"]
    types = [event["type"] for event in events]
    assert types[0] == "RunStarted"
    assert types[-1] == "RunClosed"
    assert {"BackupChecked", "DrillFinished", "SendingEnded", "DecisionMade"} <= set(types)
    if status["playbook"]["id"] == "ransomware":
        done = events[types.index("CleanSnapshotSought") + 1]
        assert "the recovery point before encryption: snapshot " in str(done["said"])
    report = cli("report", "--run", run).out
    assert "closed as resolved" in report
    assert not list((folder / ".ccir" / "scratch").glob("drill-*"))
    chain = [c for c in cli.json("doctor", status=None)["checks"] if c["name"] == "log"]
    assert [check["verdict"] for check in chain] == ["pass"]
