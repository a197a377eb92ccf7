from __future__ import annotations

from pathlib import Path

import pytest

from ccir.domain.ledger import Mark, NoticeKey
from ccir.engine.opening import open_workspace
from support.asking import ACKS, BOUND, SECOND, already_asked, asked, asking

KEY = NoticeKey(run="INC-2026-0001", notice="staff", version=1, channel="files")
BOUNCED = Mark(row=2, state="bounced", basis="report", known=frozenset({"accepted"}))
ESCALATE = ("notice", "escalate", "staff")


def test_those_whom_nothing_reached_are_asked_again_at_once(tmp_path: Path) -> None:
    cli, _ = already_asked(tmp_path)
    workspace = open_workspace(cli.surroundings, cli.folder)
    workspace.stores.ledger.mark(KEY, [BOUNCED])
    workspace.stores.close()
    done = cli.json(*ESCALATE)
    assert (done["silent"], done["overdue"], done["recipients"]) == (4, 1, 1)


@pytest.mark.parametrize(
    ("acknowledge", "status", "said"),
    [
        ("{within: 30m}", 5, "does not say whom to turn to next"),
        ("{within: 30m, channel: nowhere}", 3, "no channel is bound to 'nowhere'"),
    ],
)
def test_a_notice_that_leads_nowhere_says_so(
    tmp_path: Path, acknowledge: str, *, status: int, said: str
) -> None:
    more = ACKS + SECOND + BOUND
    cli = asking(tmp_path, acknowledge=acknowledge, more=more)
    asked(cli)
    cli.clock.move(3_600)
    assert said in cli(*ESCALATE, status=status).err


def test_a_run_that_is_over_asks_nobody(tmp_path: Path) -> None:
    cli, _ = already_asked(tmp_path)
    cli.clock.move(3_600)
    cli("close", "--outcome", "false-alarm", "--reason", "a drill")
    assert "is closed" in cli(*ESCALATE, "--run", KEY.run, status=5).err
