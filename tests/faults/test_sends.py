"""Senders that die, servers that fail: nobody is told twice, and no doubt is hidden."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccir.delivery.sending import send
from ccir.domain.notices import Counts
from ccir.store.interface import Stores
from support.mail import smtp
from support.mail_server import MailServer
from support.sending import address, job, kit, planned, rows, start_sending, states

SEED = 20260301
PATIENCE_SECONDS = 5
ROWS = 4


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


def wait_for(server: MailServer, sender: subprocess.Popen[bytes], *, taken: int) -> None:
    """Wait until the server has taken so many messages, or the sender has ended."""
    for _ in range(PATIENCE_SECONDS * 1_000):
        if len(server.taken) >= taken or sender.poll() is not None:
            return
        time.sleep(0.001)
    pytest.fail("the messages did not come in time")


def ended(sender: subprocess.Popen[bytes]) -> int:
    try:
        return sender.wait(PATIENCE_SECONDS * 4)
    finally:
        sender.kill()
        sender.wait()


def assert_honest(stores: Stores, server: MailServer, *, doubts: int) -> None:
    """Nobody got two messages, what is accepted is there, and what is in doubt says so."""
    reached = server.recipients
    assert len(reached) == len({*reached}), "somebody got two messages"
    by_state = {row.row: row.state for row in rows(stores)}
    for row, state in by_state.items():
        if state == "accepted":
            assert address(row) in reached, f"row {row} is accepted, but nothing is there"
        if address(row) in reached:
            assert state in {"accepted", "unknown"}, f"row {row} was reached, but is {state}"
    assert [*by_state.values()].count("unknown") <= doubts


# ------------------------------------------------------------------------------------ kill -9


@pytest.mark.parametrize("lanes", [1, 4])
def test_senders_killed_anywhere_never_tell_anybody_twice(
    server: MailServer, tmp_path: Path, *, lanes: int, soak: bool
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - repeatable tests, not keys
    kills, count = (100, 20_000) if soak else (4, 160)
    stores = planned(tmp_path, count)
    stores.close()
    for _ in range(kills):
        sender = start_sending(tmp_path, server.port, lanes=lanes)
        wait_for(server, sender, taken=len(server.taken) + chance.randint(1, count // kills))
        time.sleep(chance.random() * 0.004)  # so that the kill falls anywhere between two rows
        sender.kill()
        assert ended(sender) in {0, -signal.SIGKILL}
        assert states(stores).count("claimed") <= lanes
        stores.close()
    assert ended(start_sending(tmp_path, server.port, lanes=lanes)) == 0
    assert_honest(stores, server, doubts=kills * lanes)
    assert {*states(stores)} == {"accepted", "unknown"}, "all were attempted, some are in doubt"


def test_a_sender_that_dies_before_its_bytes_leave_leaves_a_doubt_and_no_message(
    server: MailServer, tmp_path: Path
) -> None:
    stores = planned(tmp_path, ROWS)
    stores.close()
    assert ended(start_sending(tmp_path, server.port, dies="preparing", at_row=3)) == -9
    assert states(stores) == ["accepted", "accepted", "claimed", "planned"]
    finish(stores, server, tmp_path)
    assert states(stores) == ["accepted", "accepted", "unknown", "accepted"]
    assert address(3) not in server.recipients


def test_a_sender_that_dies_while_the_answer_is_awaited_leaves_a_doubt_and_one_message(
    server: MailServer, tmp_path: Path
) -> None:
    stores = planned(tmp_path, ROWS)
    stores.close()
    server.faults[address(3)].append("slow:30")
    sender = start_sending(tmp_path, server.port)
    wait_for(server, sender, taken=3)
    sender.kill()
    assert ended(sender) == -signal.SIGKILL
    finish(stores, server, tmp_path)
    assert states(stores) == ["accepted", "accepted", "unknown", "accepted"]
    assert server.recipients == [address(row) for row in range(1, ROWS + 1)]


def test_a_sender_that_dies_between_two_rows_leaves_the_settled_one_settled(
    server: MailServer, tmp_path: Path
) -> None:
    stores = planned(tmp_path, ROWS)
    stores.close()
    assert ended(start_sending(tmp_path, server.port, dies="settled", at_row=3)) == -9
    assert states(stores) == ["accepted"] * 3 + ["claimed"]
    finish(stores, server, tmp_path)
    assert states(stores) == ["accepted"] * 3 + ["unknown"]
    assert_honest(stores, server, doubts=1)


def finish(stores: Stores, server: MailServer, folder: Path) -> None:
    report = send(job(), kit(stores, smtp(server.port, folder)))
    assert (report.ended, report.abandoned) == ("complete", 1)
    again = send(job(), kit(stores, smtp(server.port, folder)))
    assert (again.abandoned, again.counts) == (0, report.counts)


# ------------------------------------------------------------------------- the n-th send fails


@pytest.mark.parametrize("n", range(1, ROWS + 1))
@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("rcpt:550 no such user", "refused-permanent"),
        ("rcpt:451 later", "refused-temporary"),
        ("go:451 later", "refused-temporary"),
        ("data:554 spam", "refused-permanent"),
        ("data:451 later", "refused-temporary"),
        ("drop-rcpt", "refused-temporary"),
        ("drop-after", "unknown"),
    ],
)
def test_the_nth_recipient_fails_alone(
    server: MailServer, tmp_path: Path, *, n: int, fault: str, state: str
) -> None:
    stores = planned(tmp_path, ROWS)
    server.faults[address(n)].append(fault)
    report = send(job(), kit(stores, smtp(server.port, tmp_path)))
    assert report.ended == "complete"
    assert states(stores) == [state if row == n else "accepted" for row in range(1, ROWS + 1)]
    assert_honest(stores, server, doubts=1)
    before = server.recipients
    assert send(job(), kit(stores, smtp(server.port, tmp_path))).counts == report.counts
    assert server.recipients == before, "sending again sent nothing"


@pytest.mark.parametrize("n", range(1, ROWS + 1))
@pytest.mark.parametrize("fault", ["drop", "421 4.3.2 shutting down", "550 5.7.1 unknown sender"])
def test_where_the_server_fails_at_the_nth_the_rest_stays_planned(
    server: MailServer, tmp_path: Path, *, n: int, fault: str
) -> None:
    stores = planned(tmp_path, ROWS)
    # "" is no fault; the second one answers whoever connects anew.
    server.sender_faults.extend([""] * (n - 1) + [fault] * 2)
    report = send(job(), kit(stores, smtp(server.port, tmp_path)))
    assert report.ended == "unavailable"
    assert report.counts == Counts(accepted=n - 1, planned=ROWS + 1 - n)
    server.sender_faults.clear()
    assert send(job(), kit(stores, smtp(server.port, tmp_path))).counts == Counts(accepted=ROWS)
    assert server.recipients == [address(row) for row in range(1, ROWS + 1)]
