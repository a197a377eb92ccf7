from __future__ import annotations

import datetime as dt

import pytest

from ccir.domain.manifest_names import KEPT, made_at, name_of, newest, outdated

AT = dt.datetime(2026, 11, 24, 22, 18, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def test_a_name_tells_its_moment_in_utc() -> None:
    assert name_of(AT) == "20261124T221800Z.sha256"
    assert name_of(AT.astimezone(dt.timezone(5 * HOUR))) == name_of(AT)
    assert made_at(name_of(AT)) == AT


@pytest.mark.parametrize(
    "name",
    ["", "latest.sha256", "20261124T221800Z", "20261324T221800Z.sha256", "2026112T221800Z.sha256"],
)
def test_other_names_tell_none(name: str) -> None:
    assert made_at(name) is None


def test_the_newest_until_a_moment_is_meant() -> None:
    names = [name_of(AT + number * HOUR) for number in (2, 0, 1)] + ["latest.sha256"]
    assert newest(names, until=AT + HOUR) == name_of(AT + HOUR)
    assert newest(names, until=AT + 9 * HOUR) == name_of(AT + 2 * HOUR)
    assert newest(names, until=AT - HOUR) is None
    assert newest([], until=AT) is None


def test_all_but_the_newest_are_outdated() -> None:
    names = [name_of(AT + number * HOUR) for number in range(KEPT + 2)]
    assert outdated([*reversed(names), "latest.sha256"]) == names[:2]
    assert outdated(names[:KEPT]) == []
