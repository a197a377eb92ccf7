from __future__ import annotations

from ccir.domain.events import AnyEvent, NoticePreviewed, SendingEnded, SendingStarted
from ccir.domain.notices import Counts
from ccir.domain.throughput import Throughput, throughput
from support.told_run import ToldRun


def _previewed(told: ToldRun, *, version: int = 1, channel: str = "mail") -> None:
    told.add(
        NoticePreviewed(
            notice="customers",
            version=version,
            digest="d" * 64,
            text=told.seal("text"),
            channel=channel,
            list="list",
            recipients=1_000,
            rejected=0,
            duplicates=0,
            already_told=0,
            languages={"en": 1_000},
        )
    )


def _started(planned: int, *, version: int = 1) -> AnyEvent:
    return SendingStarted(notice="customers", version=version, planned=planned)


def _ended(*, version: int = 1, **counts: int) -> AnyEvent:
    return SendingEnded(
        notice="customers", version=version, ended="stopped", counts=Counts(**counts)
    )


def _reached(told: ToldRun, channel: str = "mail") -> Throughput:
    return throughput(told.run, told.entries, channel)


def test_all_sendings_over_the_channel_count_together() -> None:
    told = ToldRun()
    _previewed(told)
    told.add(_started(1_000), at=10)
    told.add(_ended(planned=400, accepted=590, refused=5, unknown=5), at=11)
    told.add(_started(400), at=60)
    told.add(_ended(accepted=990, refused=5, unknown=5), at=64)
    assert _reached(told) == Throughput(rows=1_000, seconds=300)
    assert _reached(told).per_second == 1_000 / 300
    assert _reached(told, "files") == Throughput()


def test_a_row_still_claimed_at_the_end_is_not_settled() -> None:
    told = ToldRun()
    _previewed(told)
    told.add(_started(200), at=10)
    told.add(_ended(planned=99, claimed=1, accepted=100), at=11)
    assert _reached(told) == Throughput(rows=100, seconds=60)


def test_a_version_over_another_channel_counts_for_that_one() -> None:
    told = ToldRun()
    _previewed(told)
    _previewed(told, version=2, channel="files")
    told.add(_started(1_000, version=2), at=10)
    told.add(_ended(version=2, accepted=1_000), at=11)
    assert _reached(told) == Throughput()
    assert _reached(told, "files").rows == 1_000


def test_a_sending_that_broke_off_is_left_out() -> None:
    told = ToldRun()
    _previewed(told)
    told.add(_started(1_000), at=10)
    told.add(_started(800), at=50)
    told.add(_ended(accepted=800, unknown=200), at=51)
    told.add(_ended(accepted=800, unknown=200), at=90)
    assert _reached(told) == Throughput(rows=800, seconds=60)


def test_few_rows_or_no_time_say_nothing() -> None:
    assert Throughput(rows=99, seconds=1).per_second is None
    assert Throughput(rows=100, seconds=1).per_second == 100
    assert Throughput(rows=100, seconds=0).per_second is None
