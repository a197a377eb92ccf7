from __future__ import annotations

import datetime as dt

import pytest

from ccir.backup.archive_names import read_name


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[misc,arg-type] # year to second


@pytest.mark.parametrize(
    ("name", "at", "tags"),
    [
        ("2026-11-24T22:18:05Z", utc(2026, 11, 24, 22, 18, 5), ()),
        ("20261124T221800Z", utc(2026, 11, 24, 22, 18), ()),
        ("20261124221800", utc(2026, 11, 24, 22, 18), ()),
        ("2026-11-24_22-18", utc(2026, 11, 24, 22, 18), ()),
        ("2026-11-24 22h18", utc(2026, 11, 24, 22, 18), ()),
        ("crm-20261124_2218", utc(2026, 11, 24, 22, 18), ("crm",)),
        ("2026-11-24T22:18+01:00", utc(2026, 11, 24, 21, 18), ()),
        ("2026-11-24T22-18-0500", utc(2026, 11, 25, 3, 18), ()),
        ("crm-eu-2026-11-24T22:18:05Z.full", utc(2026, 11, 24, 22, 18, 5), ("crm-eu", "full")),
        ("9999-13-01--2026-11-24T01:02", utc(2026, 11, 24, 1, 2), ("9999-13-01",)),
    ],
)
def test_a_moment_is_read_in_utc_unless_the_name_says_otherwise(
    name: str, at: dt.datetime, tags: tuple[str, ...]
) -> None:
    found = read_name(name)
    assert (found.at, found.is_day, found.tags) == (at, False, tags)


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("2026-11-24", ()),
        ("20261124", ()),
        ("crm_20261124", ("crm",)),
        ("2026-11-24-1", ("1",)),
        ("2026-11-24-9999", ("9999",)),
        ("2026-11-24_1234567", ("1234567",)),
        ("2026-11-24T22:18+99:00", ("T22:18+99:00",)),
    ],
)
def test_a_day_is_read_where_no_time_follows(name: str, tags: tuple[str, ...]) -> None:
    found = read_name(name)
    assert (found.at, found.is_day, found.tags) == (utc(2026, 11, 24), True, tags)


@pytest.mark.parametrize("name", ["weekly", "v1.2.3", "2026-02-30", "120261124", "0000-01-01"])
def test_a_name_without_a_date_is_a_tag(name: str) -> None:
    found = read_name(name)
    assert (found.at, found.tags) == (None, (name,))
    assert found.taken_at(utc(2026, 1, 1)) == utc(2026, 1, 1)


@pytest.mark.parametrize(
    ("newest", "taken_at"),
    [
        (utc(2026, 11, 24, 23, 5), utc(2026, 11, 24, 23, 5)),
        (utc(2026, 11, 23, 11), utc(2026, 11, 23, 11)),
        (utc(2026, 11, 25, 11, 59), utc(2026, 11, 25, 11, 59)),
        (utc(2026, 11, 23, 9, 59), utc(2026, 11, 24)),
        (utc(2026, 11, 25, 12), utc(2026, 11, 24)),
        (utc(2027, 3, 1), utc(2026, 11, 24)),
    ],
)
def test_of_a_day_the_newest_file_tells_the_time_if_it_is_of_that_day_anywhere(
    newest: dt.datetime, taken_at: dt.datetime
) -> None:
    assert read_name("2026-11-24").taken_at(newest) == taken_at


def test_a_moment_in_the_name_counts_more_than_any_file() -> None:
    assert read_name("2026-11-24T01:00").taken_at(utc(2027, 1, 1)) == utc(2026, 11, 24, 1)
