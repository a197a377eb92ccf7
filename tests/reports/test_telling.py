from __future__ import annotations

import datetime as dt

import pytest

from ccir.domain.events import EventCorrected, NoteAdded
from ccir.reports.telling import ERASED, percent, size, span
from support.told_run import START, ToldRun


def test_a_moment_is_shown_in_the_organisations_zone_and_in_utc() -> None:
    moment = ToldRun(zone="Europe/Berlin").teller.moment(START)
    assert moment.shown == "2026-01-02 09:00 CET (08:00 UTC)"
    assert moment.at == START
    assert moment.later == ""


def test_a_moment_of_another_zone_is_kept_in_utc() -> None:
    kathmandu = dt.timezone(dt.timedelta(hours=5, minutes=45))
    moment = ToldRun().teller.moment(START.astimezone(kathmandu))
    assert moment.at.tzinfo is dt.UTC


@pytest.mark.parametrize(
    ("minutes", "later"),
    [(0, ""), (5, ""), (5.5, "entered 5 min 30 s later"), (90, "entered 1 h 30 min later")],
)
def test_a_gap_of_more_than_five_minutes_is_told(minutes: float, later: str) -> None:
    told = ToldRun()
    seq = told.add(NoteAdded(text=told.seal("late")), at=10, later=minutes)
    assert told.teller.happened(told.entries[-1]).later == later
    again = told.teller.happened_at(seq)
    assert again is not None
    assert again.later == later


def test_an_event_that_is_not_in_the_log_has_no_moment() -> None:
    assert ToldRun().teller.happened_at(99) is None
    assert ToldRun().teller.moment_or_none(None) is None


@pytest.mark.parametrize(
    ("person", "name"), [("kim", "Kim Weber"), ("ccir", "ccir"), ("gone", "gone")]
)
def test_a_person_is_called_by_her_name_and_a_stranger_by_her_id(person: str, name: str) -> None:
    assert ToldRun().teller.name(person) == name


def test_a_sealed_text_is_opened_and_an_erased_one_says_so() -> None:
    told = ToldRun()
    assert told.teller.said(told.seal("as written")) == "as written"
    assert told.teller.said(told.seal(None)) == ERASED
    assert told.teller.said(None) == ""


def test_every_correction_of_an_event_is_named() -> None:
    told = ToldRun()
    for _ in range(2):
        told.add(EventCorrected(seq=1, reason=told.seal("wrong")))
    assert told.teller.called_wrong(1) == "called wrong by event 2, 3"
    assert told.teller.called_wrong(2) == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (1.62, "1.6 s"),
        (60, "1 min"),
        (900.4, "15 min"),
        (3_605, "1 h 5 s"),
        (90_061, "1 d 1 h 1 min 1 s"),
        (-7_200, "-2 h"),
    ],
)
def test_a_length_of_time_is_told_in_its_units(seconds: float, words: str) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (0, "0 bytes"),
        (1_023, "1023 bytes"),
        (1_024, "1.0 KiB"),
        (5 * 2**30, "5.0 GiB"),
        (2**60, "1048576.0 TiB"),
    ],
)
def test_a_size_is_told_in_a_readable_unit(octets: int, words: str) -> None:
    assert size(octets) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0 %"), (0.29, "29 %"), (1 / 3, "33.3 %"), (1 - 1e-13, "99.9 %"), (1, "100 %")],
)
def test_a_share_is_all_only_where_nothing_is_missing(share: float, words: str) -> None:
    assert percent(share) == words
