from __future__ import annotations

import datetime as dt

import pytest

from ccir.checks.newest import Newest, NewestRule
from ccir.checks.reading import BadDataError

NOW = dt.datetime(2026, 1, 2, 12, 0, tzinfo=dt.UTC)
RULE = NewestRule(column="at", within="6h")


def judged(*values: object) -> dt.datetime:
    newest = Newest(RULE, now=NOW)
    for value in values:
        newest.add({"at": value})
    return newest.judge()


@pytest.mark.parametrize(
    ("value", "hour"),
    [
        ("2026-01-02T09:00:00", 9),
        ("2026-01-02T10:00:00+01:00", 9),
        (" 2026-01-02 09:00 ", 9),
        (1767344400, 9),
        ("1767344400.0", 9),
    ],
)
def test_a_moment_is_iso_8601_or_seconds_since_1970(value: object, hour: int) -> None:
    assert judged(value) == NOW.replace(hour=hour)


def test_the_newest_that_is_not_in_the_future_counts() -> None:
    found = judged("2026-01-02T08:00:00", "2026-01-02T09:00:00", "2026-01-02T12:11:00")
    assert found == NOW.replace(hour=9)


@pytest.mark.parametrize("value", [None, "", "soon", "99999999999999", [1]])
def test_what_is_no_moment_says_nothing(value: object) -> None:
    with pytest.raises(BadDataError, match="no row holds a past moment") as caught:
        judged(value)
    assert (caught.value.reason, caught.value.newest_at) == ("no-moment", None)


def test_what_is_too_old_is_told_with_its_moment() -> None:
    with pytest.raises(BadDataError) as caught:
        judged("2026-01-02T05:59:59")
    assert caught.value.reason == "too-old"
    assert caught.value.newest_at == NOW.replace(hour=5, minute=59, second=59)
