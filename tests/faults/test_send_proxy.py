"""Every way in which a network fails a sender leaves every row in the state that is true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccir.clock import FixedClock
from ccir.delivery.patience import Patience
from ccir.delivery.sending import send
from ccir.domain.notices import Counts
from support.fault_proxy import FaultProxy, Mode
from support.mail import SENT_AT, smtp
from support.mail_server import MailServer
from support.sending import address, job, kit, planned, states

ROWS = 4
PATIENCE = Patience(pauses=(60.0,), away=())


@pytest.fixture(params=["pipelining", "one command at a time"])
def server(request: pytest.FixtureRequest) -> Iterator[MailServer]:
    with MailServer(pipelining=request.param == "pipelining") as running:
        yield running


@pytest.mark.parametrize("at", [1, 3])
@pytest.mark.parametrize(
    ("mode", "state", "arrives"),
    [
        ("delay", "unknown", True),
        # The last byte has left this machine: how far it came nobody here can know.
        ("cut-before-dot", "unknown", False),
        ("truncate", "unknown", False),
        ("cut-after-dot", "unknown", True),
        ("duplicate-reply", "accepted", True),
    ],
)
def test_a_network_that_fails_at_one_message_leaves_the_true_state(
    server: MailServer, tmp_path: Path, *, at: int, mode: Mode, state: str, arrives: bool
) -> None:
    clock = FixedClock(SENT_AT)
    stores = planned(tmp_path, ROWS, clock=clock)
    with FaultProxy(server.port, mode, at=at) as proxy:
        channel = smtp(proxy.port, tmp_path, final_timeout=0.3)
        report = send(job(), kit(stores, channel, clock=clock, patience=PATIENCE))
    assert report.ended == "complete"
    assert states(stores) == [state if row == at else "accepted" for row in range(1, ROWS + 1)]
    arrived = [address(row) for row in range(1, ROWS + 1) if arrives or row != at]
    assert sorted(server.recipients) == arrived
    again = send(job(), kit(stores, smtp(server.port, tmp_path), clock=clock, patience=PATIENCE))
    assert (again.counts, sorted(server.recipients)) == (report.counts, arrived)


def test_a_network_that_takes_no_connection_leaves_everybody_planned(tmp_path: Path) -> None:
    stores = planned(tmp_path, ROWS)
    with MailServer() as server, FaultProxy(server.port, "refuse") as proxy:
        report = send(job(), kit(stores, smtp(proxy.port, tmp_path)))
    assert (report.ended, report.counts) == ("unavailable", Counts(planned=ROWS))
    assert server.taken == []
