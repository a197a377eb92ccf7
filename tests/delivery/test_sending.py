from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import msgspec
import pytest

from ccir.catalog.rendering import RenderedText
from ccir.channels.interface import configure
from ccir.clock import FixedClock
from ccir.delivery.interface import Progress, SendReport
from ccir.delivery.message_ids import message_id
from ccir.delivery.patience import Patience
from ccir.delivery.sending import send
from ccir.domain.notices import Counts, Recipient
from ccir.errors import ConflictError, InvalidDocumentError, RefusedError
from ccir.store.interface import Stores
from support.mail import SENT_AT, smtp, surroundings
from support.mail_server import MailServer
from support.sending import address, job, kit, planned, rendered, rows, states
from support.stores import NOTICE

PATIENCE = Patience(pauses=(60.0, 300.0), away=(1.0, 4.0))


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return planned(tmp_path, 4)


def sent(stores: Stores, server: MailServer, folder: Path, **more: object) -> SendReport:
    return send(job(), kit(stores, smtp(server.port, folder), **more))


def everybody(count: int) -> list[str]:
    return [address(row) for row in range(1, count + 1)]


# -------------------------------------------------------------------- each planned row, just once


def test_each_planned_recipient_gets_one_message_of_her_own(
    server: MailServer, stores: Stores, tmp_path: Path
) -> None:
    report = sent(stores, server, tmp_path)
    assert report == SendReport(ended="complete", counts=Counts(accepted=4))
    assert server.recipients == everybody(4)
    assert server.connections == 1
    for row, taken in zip(rows(stores), server.taken, strict=True):
        mail = message_from_bytes(taken.content, policy=default)
        assert (row.state, row.code, row.attempts) == ("accepted", 250, 1)
        assert mail["To"] == address(row.row)
        assert mail["Message-ID"] == f"<{row.message_id}>"
        assert f"Dear Person {row.row}," in str(mail.get_body(("plain",)))
        assert row.message_id == message_id(NOTICE, row.recipient_key, domain="centre.example")


def test_nothing_that_identifies_a_recipient_enters_the_ledger(
    server: MailServer, stores: Stores, tmp_path: Path
) -> None:
    server.faults[address(2)].append(f"rcpt:550 5.1.1 <{address(2)}>: person2 unknown here")
    sent(stores, server, tmp_path)
    assert rows(stores)[1].reply == "5.1.1 <p***2@c***.example>: … unknown here"
    stored = b"".join(path.read_bytes() for path in (tmp_path / ".ccir").glob("ccir.db*"))
    assert b"customers.example" not in stored


def test_sending_again_sends_nothing_and_connects_to_nobody(
    server: MailServer, stores: Stores, tmp_path: Path
) -> None:
    server.faults[address(1)].append("rcpt:550 no such user")
    server.faults[address(2)].append("rcpt:451 later")
    server.faults[address(3)].append("drop-after")
    first = sent(stores, server, tmp_path)
    assert states(stores) == ["refused-permanent", "refused-temporary", "unknown", "accepted"]
    before = rows(stores)
    connections = server.connections
    again = sent(stores, server, tmp_path)
    assert (again.ended, again.counts) == ("complete", first.counts)
    assert (rows(stores), server.connections) == (before, connections)


def test_the_same_message_is_the_same_bytes_whoever_sends_it_when(
    server: MailServer, tmp_path: Path
) -> None:
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        sent(planned(folder, 1, clock=FixedClock(SENT_AT)), server, tmp_path)
    first, second = server.taken
    assert first == second


def test_many_are_told_each_once_whatever_some_of_them_do(tmp_path: Path, *, soak: bool) -> None:
    rounds = 60 if soak else 5
    count = rounds * 97
    told: list[Progress] = []
    with MailServer() as server:
        stores = planned(tmp_path, count)
        for row in range(1, count + 1):
            fault = {0: "rcpt:550 no such user", 1: "drop-after", 2: "rcpt:451 later"}.get(row % 97)
            if fault:
                server.faults[address(row)].append(fault)
        report = sent(stores, server, tmp_path, progress=told.append)
    for state in ("refused-permanent", "unknown", "refused-temporary"):
        assert states(stores).count(state) == rounds
    assert report.counts == Counts(accepted=94 * rounds, refused=2 * rounds, unknown=rounds)
    assert len(server.recipients) == len({*server.recipients}) == 95 * rounds
    assert [progress.done for progress in told] == [*range(1, count + 1)]
    assert {progress.planned for progress in told} == {count}


# ------------------------------------------------------------------------- after a sender's death


def test_a_row_that_a_dead_sender_claimed_is_in_doubt_and_never_sent_again(
    server: MailServer, stores: Stores, tmp_path: Path
) -> None:
    stores.ledger.claim(NOTICE, "dead:9")
    report = sent(stores, server, tmp_path)
    assert (report.abandoned, report.counts) == (1, Counts(accepted=3, unknown=1))
    assert server.recipients == everybody(4)[1:]
    assert sent(stores, server, tmp_path).abandoned == 0
    assert server.recipients == everybody(4)[1:]


def test_two_senders_do_not_send_one_notice(
    server: MailServer, stores: Stores, tmp_path: Path
) -> None:
    with stores.ledger.sender(NOTICE), pytest.raises(ConflictError, match="another process"):
        sent(stores, server, tmp_path)
    assert (states(stores), server.taken) == (["planned"] * 4, [])


# ------------------------------------------------------------------------ a server that is away


def test_without_a_server_every_row_stays_planned(stores: Stores, tmp_path: Path) -> None:
    with MailServer() as server:
        pass
    report = sent(stores, server, tmp_path)
    assert (report.ended, report.counts) == ("unavailable", Counts(planned=4))
    assert f"127.0.0.1:{server.port} cannot be reached" in report.detail
    assert report.hint
    assert [row.attempts for row in rows(stores)] == [0] * 4


def test_a_server_that_goes_away_leaves_the_rest_planned_for_the_next_time(
    stores: Stores, tmp_path: Path
) -> None:
    with MailServer() as server:

        def leave(progress: Progress) -> None:
            if progress.done == 2:
                server.sender_faults.extend(["421 4.3.2 shutting down"] * 9)

        report = sent(stores, server, tmp_path, progress=leave, patience=PATIENCE)
    assert (report.ended, report.counts) == ("unavailable", Counts(accepted=2, planned=2))
    assert "421 4.3.2 shutting down" in report.detail
    assert states(stores) == ["accepted", "accepted", "planned", "planned"]
    with MailServer(port=server.port) as again:
        assert sent(stores, again, tmp_path).counts == Counts(accepted=4)
    assert server.recipients + again.recipients == everybody(4)


def test_a_server_that_restarts_is_waited_for(
    server: MailServer, stores: Stores, tmp_path: Path
) -> None:
    def restart(progress: Progress) -> None:
        if progress.done == 2:
            server.sender_faults.extend(["421 4.3.2 restarting"] * 3)

    clock = FixedClock(SENT_AT)
    report = sent(stores, server, tmp_path, progress=restart, patience=PATIENCE, clock=clock)
    assert (report.ended, report.counts) == ("complete", Counts(accepted=4))
    assert clock.monotonic() == 5, "it waited both pauses"
    assert server.recipients == everybody(4)


def test_a_greylisted_recipient_is_asked_for_again(server: MailServer, tmp_path: Path) -> None:
    server.faults[address(2)].append("rcpt:451 4.7.1 greylisted")
    clock = FixedClock(SENT_AT)
    stores = planned(tmp_path, 4, clock=clock)
    report = sent(stores, server, tmp_path, patience=PATIENCE, clock=clock)
    assert report.counts == Counts(accepted=4)
    others = [address(row) for row in (1, 3, 4)]
    assert server.recipients == [*others, address(2)], "nobody waits for her"
    assert clock.monotonic() == 60
    assert [row.attempts for row in rows(stores)] == [1, 2, 1, 1]


def test_who_is_put_off_again_and_again_is_refused_in_the_end(
    server: MailServer, tmp_path: Path
) -> None:
    server.faults[address(2)].extend(["rcpt:451 later"] * 9)
    clock = FixedClock(SENT_AT)
    stores = planned(tmp_path, 4, clock=clock)
    report = sent(stores, server, tmp_path, patience=PATIENCE, clock=clock)
    assert (report.ended, report.counts) == ("complete", Counts(accepted=3, refused=1))
    assert (clock.monotonic(), rows(stores)[1].attempts) == (360, 3)


def test_a_stop_ends_the_waiting_and_the_next_sending_waits_on(
    server: MailServer, tmp_path: Path
) -> None:
    clock = FixedClock(SENT_AT)
    stores = planned(tmp_path, 2, clock=clock)
    server.faults[address(2)].append("rcpt:451 4.7.1 greylisted")
    stopped = sent(
        stores,
        server,
        tmp_path,
        patience=PATIENCE,
        clock=clock,
        is_stopped=lambda: clock.monotonic() > 30,
    )
    assert (stopped.ended, stopped.counts) == ("stopped", Counts(accepted=1, planned=1))
    report = sent(stores, server, tmp_path, patience=PATIENCE, clock=clock)
    assert (report.ended, report.counts) == ("complete", Counts(accepted=2))
    assert clock.monotonic() == pytest.approx(60, abs=0.01)


def test_messages_go_at_the_channels_pace(server: MailServer, tmp_path: Path) -> None:
    clock = FixedClock(SENT_AT)
    stores = planned(tmp_path, 4, clock=clock)
    channel = smtp(server.port, tmp_path, rate="30/min")
    send(job(), kit(stores, channel, clock=clock))
    assert clock.monotonic() == pytest.approx(6, abs=0.01), "three intervals of two seconds"


# --------------------------------------------------------------------- what cannot or must not go


@pytest.mark.parametrize("bad_row", [1, 3, 4])
def test_a_text_that_cannot_be_rendered_ends_the_sending_and_its_row_is_planned(
    server: MailServer, stores: Stores, tmp_path: Path, *, bad_row: int
) -> None:
    def render(to: Recipient) -> RenderedText:
        if to.row == bad_row:
            raise InvalidDocumentError("no such column 'account'", hint="add it")
        return rendered(to)

    with pytest.raises(InvalidDocumentError, match="no such column"):
        send(job(render), kit(stores, smtp(server.port, tmp_path)))
    assert states(stores) == ["accepted"] * (bad_row - 1) + ["planned"] * (5 - bad_row)
    assert sent(stores, server, tmp_path).counts == Counts(accepted=4)
    assert server.recipients == everybody(4)


def test_a_recipient_who_cannot_be_found_leaves_no_row_in_doubt(
    server: MailServer, stores: Stores, tmp_path: Path
) -> None:
    def nobody(row: int) -> Recipient:
        raise KeyboardInterrupt(row)

    with pytest.raises(KeyboardInterrupt):
        send(job(recipient=nobody), kit(stores, smtp(server.port, tmp_path)))
    assert states(stores) == ["planned"] * 4


def test_a_subject_with_a_second_line_reaches_no_server(
    server: MailServer, stores: Stores, tmp_path: Path
) -> None:
    def render(to: Recipient) -> RenderedText:
        return msgspec.structs.replace(rendered(to), subject="Your data\r\nBcc: all@x.example")

    with pytest.raises(InvalidDocumentError, match="subject cannot stand"):
        send(job(render), kit(stores, smtp(server.port, tmp_path)))
    assert (states(stores), server.taken) == (["planned"] * 4, [])


def test_a_list_does_not_go_to_a_room(stores: Stores, tmp_path: Path) -> None:
    table = {"kind": "rehearsal", "folder": "room", "personal": False}
    channel = configure("mail", table, surroundings(tmp_path))
    with pytest.raises(RefusedError, match="is one room, and the notice has 4 recipients"):
        send(job(), kit(stores, channel))
    assert not (tmp_path / "room").exists()
    single = planned(tmp_path / "single", 1)
    assert send(job(), kit(single, channel)).counts == Counts(accepted=1)


def test_a_rehearsal_reaches_nobody_and_keeps_its_ledger_the_same_way(
    stores: Stores, tmp_path: Path
) -> None:
    table = {"kind": "rehearsal", "folder": "rehearsed"}
    report = send(job(), kit(stores, configure("mail", table, surroundings(tmp_path))))
    assert report == SendReport(ended="complete", counts=Counts(accepted=4))
    assert len([*(tmp_path / "rehearsed").glob("*.eml")]) == 4
    assert all(row.reply.startswith("rehearsed, reached nobody") for row in rows(stores))


# ------------------------------------------------------------------------------------ stopping


def test_a_stop_before_the_first_row_connects_to_nobody(
    server: MailServer, stores: Stores, tmp_path: Path
) -> None:
    report = sent(stores, server, tmp_path, is_stopped=lambda: True)
    assert (report.ended, report.counts) == ("stopped", Counts(planned=4))
    assert server.connections == 0


@pytest.mark.parametrize("asked", [2, 3, 4])
def test_a_stop_in_the_midst_leaves_no_row_in_doubt(
    server: MailServer, stores: Stores, tmp_path: Path, *, asked: int
) -> None:
    told: list[Progress] = []
    report = sent(
        stores,
        server,
        tmp_path,
        progress=told.append,
        is_stopped=lambda: len(told) >= asked - 1,
    )
    assert (report.ended, report.counts) == (
        "stopped",
        Counts(accepted=asked - 1, planned=5 - asked),
    )
    assert sent(stores, server, tmp_path).ended == "complete"
    assert server.recipients == everybody(4)


def test_a_stop_after_the_last_row_is_a_whole_sending(
    server: MailServer, stores: Stores, tmp_path: Path
) -> None:
    told: list[Progress] = []
    report = sent(stores, server, tmp_path, progress=told.append, is_stopped=lambda: len(told) >= 4)
    assert (report.ended, report.counts) == ("complete", Counts(accepted=4))


def test_rows_planned_meanwhile_wait_for_the_next_sending(
    server: MailServer, stores: Stores, tmp_path: Path
) -> None:
    def plan_another(progress: Progress) -> None:
        if progress.done == 1:
            stores.ledger.plan(NOTICE, [(5, "key 5")])

    report = sent(stores, server, tmp_path, progress=plan_another)
    assert report.counts == Counts(accepted=4, planned=1)
    assert sent(stores, server, tmp_path).counts == Counts(accepted=5)


def test_rows_that_are_gone_meanwhile_end_the_sending(
    server: MailServer, stores: Stores, tmp_path: Path
) -> None:
    def take_the_rest(progress: Progress) -> None:
        if progress.done == 1:  # the second row is claimed already
            for _ in range(2):
                stores.ledger.claim(NOTICE, "somebody")

    report = sent(stores, server, tmp_path, progress=take_the_rest)
    assert (report.ended, report.counts) == ("complete", Counts(accepted=2, claimed=2))
    assert server.recipients == everybody(2)


def test_a_message_shows_nothing_of_another_recipient(
    server: MailServer, stores: Stores, tmp_path: Path
) -> None:
    sent(stores, server, tmp_path)
    for taken in server.taken:
        others = [other for other in everybody(4) if other != taken.recipient]
        assert not any(other.encode() in taken.content for other in others)
