from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from ccir.domain.ledger import NoticeKey
from ccir.engine.handle import load
from ccir.engine.notice_acks import AckDesk, AckPage, Expired, version_of
from ccir.engine.opening import open_workspace
from ccir.entropy import SeededEntropy
from ccir.errors import CcirError, NotFoundError, UsageError
from ccir.store.sqlite import SqliteFactory
from support.asking import already_asked, asking, tokens
from support.cli import Cli

RUN = "INC-2026-0001"
KEY = NoticeKey(run=RUN, notice="staff", version=1, channel="files")


def desk(cli: Cli) -> AckDesk:
    return AckDesk(open_workspace(cli.surroundings, cli.folder))


def test_customers_confirm_that_they_have_read_it_and_staff_say_how_they_are(
    tmp_path: Path,
) -> None:
    cli = asking(tmp_path, audience="customers")
    cli("notice", "preview", "staff", "--recipients", "staff.csv", "--channel", "files")
    cli("notice", "approve", "staff", "--as", "kim")
    cli("notice", "send", "staff", "--yes")
    token = tokens(cli)["ann@example.net"]
    page = desk(cli).look(token)
    assert isinstance(page, AckPage)
    assert (page.title, page.language, page.answers) == ("Are you safe & well?", "en", ("read",))
    with pytest.raises(UsageError):
        desk(cli).confirm(token, "safe")
    taken = desk(cli).confirm(token, "read")
    assert isinstance(taken, AckPage)
    assert taken.answer == "read"
    said = cli("notice", "ack", "staff", "--row", "2", "--how", "she wrote back").out
    assert said == "staff: 1 confirmed\n"


def test_a_link_of_nobody_opens_nothing(tmp_path: Path) -> None:
    cli, sent = already_asked(tmp_path)
    counter = desk(cli)
    assert counter.look("nonsense") is None
    assert counter.confirm("nonsense", "safe") is None
    cli.clock.move(60 * 86_400)
    assert isinstance(counter.look(sent["ann@example.net"]), Expired)


def test_who_confirms_by_the_second_links_is_late_by_the_first_ones_time(tmp_path: Path) -> None:
    cli, _ = already_asked(tmp_path)
    cli.clock.move(3_600)
    cli("notice", "escalate", "staff")
    cli("notice", "approve", "staff")
    cli("notice", "send", "staff", "--yes")
    second = tokens(cli, folder="second")
    counter = desk(cli)
    counter.confirm(second["ann@example.net"], "safe")
    tally = cli.json("notice", "roll-call", "staff", status=1)["tally"]
    assert (tally["late"], tally["confirmed"]) == (1, 0)
    first = cli("notice", "status", "staff").out
    assert "1 confirmed" in first


def test_what_the_log_does_not_take_now_is_told_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli, sent = already_asked(tmp_path)
    counter = desk(cli)
    counter.confirm(sent["ann@example.net"], "safe")

    def refuse(*_: object, **__: object) -> None:
        raise CcirError("the disk is full", hint="free some space")

    monkeypatch.setattr("ccir.engine.notice_acks.handle", refuse)
    with pytest.raises(CcirError, match="disk is full"):
        counter.record()
    monkeypatch.undo()
    assert counter.record() == 1
    assert counter.record() == 0


def test_confirmations_are_told_to_the_log_of_a_run_that_is_over(tmp_path: Path) -> None:
    cli, sent = already_asked(tmp_path)
    cli(
        "close",
        "--outcome",
        "false-alarm",
        "--reason",
        "a drill",
        "--waive",
        "a drill",
        status=None,
    )
    counter = desk(cli)
    counter.confirm(sent["bob@example.net"], "help")
    assert counter.record() == 1


def test_who_answers_after_her_data_was_erased_is_taken_in_english(tmp_path: Path) -> None:
    cli, sent = already_asked(tmp_path)
    (cli.folder / ".ccir" / "people.db").unlink()
    SqliteFactory().create(cli.folder / ".ccir", clock=cli.clock, entropy=SeededEntropy(9)).close()
    page = desk(cli).confirm(sent["bob@example.net"], "safe")
    assert isinstance(page, AckPage)
    assert (page.language, page.answer) == ("", "safe")


def test_a_version_that_the_log_does_not_know_is_named(tmp_path: Path) -> None:
    cli = asking(tmp_path)
    workspace = open_workspace(cli.surroundings, cli.folder)
    run = load(workspace, RUN).run
    with pytest.raises(NotFoundError, match="has no version 7"):
        version_of(run, msgspec.structs.replace(KEY, version=7))
    workspace.stores.close()
