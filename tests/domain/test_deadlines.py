from __future__ import annotations

import datetime as dt
import os
import time
from typing import get_args

import msgspec
import pytest
from hypothesis import given as hypothetical
from hypothesis import strategies as st

from ccir.domain.deadlines import Deadline, Due, Place, deadline_of, end_of
from ccir.domain.moments import zone_of
from ccir.domain.obligations import Cap, Computation, Rule, Trigger, Unit, Verification
from ccir.domain.workdays import WorkCalendar
from support.zones import ZONES

BERLIN = zone_of("Europe/Berlin")
COUNTED = tuple(name for name in get_args(Computation) if name != "none")
# A limit on Saturday may be met on Monday noon, one on Monday morning may not: no mistake of ours.
MONOTONE = tuple(name for name in COUNTED if name != "dora_mixed")
zones = st.sampled_from(ZONES).map(zone_of)
days = st.dates(dt.date(2008, 1, 1), dt.date(2040, 12, 31))
instants = st.datetimes(
    dt.datetime(2008, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    dt.datetime(2040, 12, 31),  # noqa: DTZ001 - as above
    timezones=st.just(dt.UTC),
)
holidays = st.frozensets(days, max_size=60)
amounts = st.integers(1, 90)
units = st.sampled_from(get_args(Unit))
computations = st.sampled_from(COUNTED)


def rule(
    amount: int, unit: Unit, computation: Computation, *others: Cap, start: str = "awareness"
) -> Rule:
    return Rule(
        id="XX-1",
        tier="core",
        regime="test",
        citation="none",
        sector="general",
        obligated_party="controller",
        recipient="regulator",
        recipient_name="the authority",
        trigger=Trigger(event=start),
        standard="promptly",
        caps=(Cap(amount=amount, unit=unit, start=start), *others),
        hard_limit=True,
        computation=computation,
        status="in_force",
        verified=Verification(status="memory"),
    )


def place(zone: dt.tzinfo = BERLIN, closed: frozenset[dt.date] = frozenset()) -> Place:
    return Place(zone=zone, calendar=WorkCalendar(id="test", holidays=closed))


def computed(found: Rule, start: Due, at: Place, *, may_move: bool = False) -> Deadline:
    deadline = deadline_of(found, {"awareness": start}, place=at, may_move=may_move)
    assert deadline is not None
    return deadline


def test_a_rule_without_a_number_or_a_moment_has_no_deadline() -> None:
    bare = msgspec.structs.replace(rule(1, "hours", "none"), caps=())
    now = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    assert deadline_of(bare, {"awareness": now}, place=place()) is None
    assert deadline_of(rule(72, "hours", "elapsed_hours"), {}, place=place()) is None


def test_a_deadline_that_is_a_date_ends_with_that_day() -> None:
    day = dt.date(2026, 3, 29)  # 23 hours long in Berlin
    assert end_of(day, BERLIN) == dt.datetime(2026, 3, 29, 21, 59, 59, 999999, tzinfo=dt.UTC)
    before = dt.datetime(2026, 3, 29, 23, 59, 59, tzinfo=BERLIN)
    after = dt.datetime(2026, 3, 30, tzinfo=BERLIN)
    assert end_of(before, BERLIN) < end_of(day, BERLIN) < end_of(after, BERLIN)


def test_a_period_of_the_union_holds_two_working_days() -> None:
    # Wednesday before Easter: of Thursday to Saturday one is worked; Tuesday is the second.
    easter = frozenset({dt.date(2026, 4, 3), dt.date(2026, 4, 6)})
    found = computed(
        rule(3, "calendar_days", "eu_1182_days"), dt.date(2026, 4, 1), place(closed=easter)
    )
    assert (found.plan_by, found.legal_due) == (dt.date(2026, 4, 4), dt.date(2026, 4, 7))
    # Thursday before: none is worked, and to roll off Sunday alone would leave just one.
    found = computed(
        rule(3, "calendar_days", "eu_1182_days"), dt.date(2026, 4, 2), place(closed=easter)
    )
    assert (found.plan_by, found.legal_due) == (dt.date(2026, 4, 5), dt.date(2026, 4, 8))
    # A period of one day is only rolled.
    found = computed(
        rule(1, "calendar_days", "eu_1182_days"), dt.date(2026, 4, 2), place(closed=easter)
    )
    assert found.legal_due == dt.date(2026, 4, 7)
    assert any("Art. 3(4) and (5)" in step for step in found.steps)


def test_the_latest_of_a_chained_report_starts_the_next() -> None:
    chained = rule(1, "months", "dora_mixed", start="submission:XX-2:latest")
    moments = {"submission:XX-2": dt.date(2026, 11, 25)}
    found = deadline_of(chained, moments, place=place())
    assert found is not None
    assert found.plan_by == dt.date(2026, 12, 25)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_the_machines_zone_changes_nothing(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    start = dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    before = [
        computed(rule(3, unit, name), start, place()) for unit in get_args(Unit) for name in COUNTED
    ]
    monkeypatch.setitem(os.environ, "TZ", zone)
    time.tzset()
    try:
        after = [
            computed(rule(3, unit, name), start, place())
            for unit in get_args(Unit)
            for name in COUNTED
        ]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert after == before


@hypothetical(
    start=instants | days,
    amount=amounts,
    unit=units,
    computation=computations,
    zone=zones,
    closed=holidays,
    may_move=st.booleans(),
)
def test_no_deadline_is_before_its_trigger_and_the_plan_is_the_stricter(
    *,
    start: Due,
    amount: int,
    unit: Unit,
    computation: Computation,
    zone: dt.tzinfo,
    closed: frozenset[dt.date],
    may_move: bool,
) -> None:
    at = place(zone, closed)
    found = computed(rule(amount, unit, computation), start, at, may_move=may_move)
    first = start if isinstance(start, dt.datetime) else dt.datetime.combine(start, dt.time(), zone)
    assert first <= end_of(found.plan_by, zone) <= end_of(found.legal_due, zone)
    assert found.steps
    assert found == computed(rule(amount, unit, computation), start, at, may_move=may_move)


@hypothetical(
    start=instants,
    seconds=st.integers(0, 500_000),
    amount=amounts,
    unit=units,
    computation=st.sampled_from(MONOTONE),
    zone=zones,
    closed=holidays,
)
def test_what_happens_later_is_never_due_earlier(
    *,
    start: dt.datetime,
    seconds: int,
    amount: int,
    unit: Unit,
    computation: Computation,
    zone: dt.tzinfo,
    closed: frozenset[dt.date],
) -> None:
    at = place(zone, closed)
    found = computed(rule(amount, unit, computation), start, at)
    later = computed(rule(amount, unit, computation), start + dt.timedelta(seconds=seconds), at)
    assert end_of(found.plan_by, zone) <= end_of(later.plan_by, zone)
    assert end_of(found.legal_due, zone) <= end_of(later.legal_due, zone)


@hypothetical(
    start=instants | days,
    amount=amounts,
    unit=units,
    computation=computations,
    closed=holidays,
    more=holidays,
    may_move=st.booleans(),
)
def test_one_more_holiday_makes_nothing_due_earlier(
    *,
    start: Due,
    amount: int,
    unit: Unit,
    computation: Computation,
    closed: frozenset[dt.date],
    more: frozenset[dt.date],
    may_move: bool,
) -> None:
    found = rule(amount, unit, computation)
    few = computed(found, start, place(closed=closed), may_move=may_move)
    many = computed(found, start, place(closed=closed | more), may_move=may_move)
    assert end_of(few.legal_due, BERLIN) <= end_of(many.legal_due, BERLIN)


@hypothetical(start=instants, amount=amounts, notice=instants | days, zone=zones)
def test_of_two_limits_the_earlier_counts(
    *, start: dt.datetime, amount: int, notice: Due, zone: dt.tzinfo
) -> None:
    with_it = Cap(amount=0, unit="calendar_days", start="notice_to_individuals")
    both = rule(amount, "calendar_days", "us_wa_days", with_it)
    at = place(zone)
    alone = computed(both, start, at)
    moments = {"awareness": start, "notice_to_individuals": notice}
    found = deadline_of(both, moments, place=at)
    assert found is not None
    assert end_of(found.plan_by, zone) == min(end_of(alone.plan_by, zone), end_of(notice, zone))
    day = notice.astimezone(zone).date() if isinstance(notice, dt.datetime) else notice
    assert end_of(found.legal_due, zone) == min(end_of(alone.legal_due, zone), end_of(day, zone))
