from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ccir.channels.interface import Message, Traits
from ccir.clock import FixedClock
from ccir.delivery.interface import SendReport
from ccir.delivery.lanes import SAMPLE
from ccir.delivery.sending import send
from ccir.domain.notices import Counts, Receipt
from ccir.domain.outcomes import CheckResult
from ccir.errors import UnavailableError
from support.mail import SENT_AT
from support.sending import address, job, kit, planned, states

FAR_SECONDS = 0.2  # a server with a round trip of a tenth of a second
PATIENCE_SECONDS = 5


class FarServer:
    """A channel whose server is far away: each message moves the clock, and takes others along.

    `breaks_at` is the message, counted over all lanes, at which it goes away.
    """

    def __init__(self, clock: FixedClock, *, breaks_at: int = 0, **traits: object) -> None:
        self.traits = Traits(**{"lanes": 4, **traits})  # type: ignore[arg-type] # any trait may be given
        self.clock = clock
        self.lanes = 0
        self.taken: list[str] = []
        self.breaks_at = breaks_at
        self._lock = threading.Lock()

    @contextmanager
    def open(self) -> Iterator[FarServer]:
        with self._lock:
            self.lanes += 1
        yield self

    def send(self, message: Message) -> Receipt:
        with self._lock:
            if self.breaks_at and len(self.taken) + 1 >= self.breaks_at:
                raise UnavailableError("gone", hint="come back")
            self.taken.append(message.to)
            self.clock.sleep(FAR_SECONDS)
        return Receipt(state="accepted", code=250)

    def probe(self) -> CheckResult:
        raise NotImplementedError


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(SENT_AT)


def sent(folder: Path, channel: FarServer, *, count: int) -> tuple[SendReport, list[str]]:
    stores = planned(folder, count, clock=channel.clock)
    report = send(job(), kit(stores, channel, clock=channel.clock))
    return report, states(stores)


@pytest.mark.parametrize(
    ("traits", "lanes"),
    [
        ({"per_second": 9.0}, 2),
        ({"per_second": 1.0}, 1),
        ({"per_second": 1_000.0}, 4),
        ({"per_second": 1_000.0, "lanes": 1}, 1),
    ],
)
def test_as_many_lanes_are_opened_as_reach_the_rate(
    tmp_path: Path, clock: FixedClock, traits: dict[str, object], *, lanes: int
) -> None:
    channel = FarServer(clock, **traits)  # type: ignore[arg-type] # none of them is `breaks_at`
    report, _ = sent(tmp_path, channel, count=SAMPLE + 30)
    assert report.counts == Counts(accepted=SAMPLE + 30)
    assert channel.lanes == lanes
    assert sorted(channel.taken) == sorted(address(row) for row in range(1, SAMPLE + 31))


def test_few_messages_need_no_second_lane(tmp_path: Path, clock: FixedClock) -> None:
    channel = FarServer(clock, per_second=1_000.0)
    sent(tmp_path, channel, count=SAMPLE + 1)
    assert channel.lanes == 1


def test_where_one_lane_meets_an_absent_server_all_end_and_no_row_is_in_doubt(
    tmp_path: Path, clock: FixedClock
) -> None:
    channel = FarServer(clock, per_second=1_000.0, breaks_at=SAMPLE + 15)
    report, found = sent(tmp_path, channel, count=SAMPLE + 60)
    assert (report.ended, report.detail) == ("unavailable", "gone")
    assert found.count("accepted") == len(channel.taken) == SAMPLE + 14
    assert found.count("planned") == 46


def test_a_domain_with_a_rate_of_its_own_holds_nobody_else_up(
    tmp_path: Path, clock: FixedClock
) -> None:
    channel = FarServer(clock, domain_rates={"customers.example": 1 / 60}, lanes=1)
    report, _ = sent(tmp_path, channel, count=3)
    assert report.counts == Counts(accepted=3)
    assert clock.monotonic() == pytest.approx(120 + FAR_SECONDS, abs=1)


def test_a_channel_that_ramps_up_begins_with_a_tenth_of_its_rate(
    tmp_path: Path, clock: FixedClock
) -> None:
    slow = FarServer(clock, per_second=10.0, ramp_up_seconds=3_600.0, lanes=1)
    sent(tmp_path, slow, count=11)
    assert clock.monotonic() == pytest.approx(10, abs=0.5)
