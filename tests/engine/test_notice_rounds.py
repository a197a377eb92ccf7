from __future__ import annotations

from pathlib import Path

from ccir.domain.ledger import Mark, NoticeKey
from ccir.engine.handle import load
from ccir.engine.notice_rounds import UNGROUPED, roll_call, silent_rows
from ccir.engine.opening import open_workspace
from support.asking import ROWS, already_asked

RUN = "INC-2026-0001"
KEY = NoticeKey(run=RUN, notice="staff", version=1, channel="files")
BOUNCED = Mark(row=2, state="bounced", basis="report", known=frozenset({"accepted"}))


def test_those_whom_nothing_reached_stand_apart_from_those_who_are_silent(tmp_path: Path) -> None:
    cli, _ = already_asked(tmp_path)
    workspace = open_workspace(cli.surroundings, cli.folder)
    workspace.stores.ledger.mark(KEY, [BOUNCED])
    found = roll_call(workspace, load(workspace, RUN).run, "staff", by="site")
    assert (found.tally.unreachable, found.tally.not_confirmed) == (1, 3)
    assert found.groups["North"].unreachable == 1
    rows = [*silent_rows(workspace, load(workspace, RUN).run, "staff")]
    assert [(each.row, each.standing) for each in rows][1] == (2, "unreachable")
    workspace.stores.close()


def test_a_column_that_nobody_has_groups_nobody(tmp_path: Path) -> None:
    cli, _ = already_asked(tmp_path)
    found = cli.json("notice", "roll-call", "staff", "--by", "floor", status=1)
    assert [*found["groups"]] == [UNGROUPED]


def test_a_correction_begins_a_round_of_its_own(tmp_path: Path) -> None:
    cli, _ = already_asked(tmp_path)
    cli("notice", "ack", "staff", "--row", "1", "--answer", "safe", "--how", "by phone")
    correction = ("notice", "preview", "staff", "--recipients", "staff.csv", "--channel", "files")
    cli(*correction, "--again")
    cli("notice", "approve", "staff")
    cli("notice", "send", "staff", "--yes")
    found = cli.json("notice", "roll-call", "staff", status=1)
    assert found["versions"] == [2]
    assert found["tally"]["not_confirmed"] == len(ROWS)
