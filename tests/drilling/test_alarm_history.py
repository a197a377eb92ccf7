from __future__ import annotations

import msgspec
import pytest

from ccir.drilling.alarm_history import (
    future,
    marks,
    past,
    present,
    strangers,
    unknown_keys,
    vanished,
)
from ccir.store.backups_interface import Known, KnownSnapshot
from support.alarms import ACCEPTED, DAY, FIRST_LOOK, HOUR, NOW, TARGET, key, known, snapshot

RETAINING = msgspec.structs.replace(TARGET, retention_seconds=14 * 86_400.0)
TWO_WEEKS = 14


def names(snapshots: tuple[KnownSnapshot, ...]) -> str:
    return "".join(each.id[0] for each in snapshots)


# ------------------------------------------------------------------------------------ vanished


def test_nothing_vanished_where_all_is_there() -> None:
    assert vanished(TARGET, known(snapshot("a", 2), snapshot("b", 1))) == ()
    assert vanished(TARGET, Known()) == ()


def test_the_newest_that_is_gone_vanished() -> None:
    assert names(vanished(TARGET, known(snapshot("a", 2), snapshot("b", 1, gone_at=NOW)))) == "b"


def test_when_all_are_gone_all_vanished() -> None:
    gone = known(snapshot("a", 2, gone_at=NOW), snapshot("b", 1, gone_at=NOW))
    assert names(vanished(TARGET, gone)) == "ab"


def test_an_older_one_may_go_while_a_newer_is_there() -> None:
    assert vanished(TARGET, known(snapshot("a", 9, gone_at=NOW), snapshot("b", 1))) == ()


def test_one_of_the_same_time_is_as_good_as_a_newer_one() -> None:
    assert vanished(TARGET, known(snapshot("a", 1, gone_at=NOW), snapshot("b", 1))) == ()
    assert vanished(TARGET, known(snapshot("a", 1), snapshot("b", 1, gone_at=NOW))) == ()


def test_a_newer_one_that_came_with_the_same_look_settles_it() -> None:
    late = snapshot("b", 1, first_seen_at=NOW)
    assert vanished(TARGET, known(snapshot("a", 2, gone_at=NOW), late)) == ()


def test_a_newer_one_that_came_later_does_not() -> None:
    late = snapshot("b", 1, first_seen_at=NOW)
    assert names(vanished(TARGET, known(snapshot("a", 2, gone_at=NOW - HOUR), late))) == "a"


def test_a_newer_one_that_was_gone_before_does_not() -> None:
    gone = known(
        snapshot("a", 3, gone_at=NOW), snapshot("b", 2, gone_at=NOW - DAY), snapshot("c", 5)
    )
    assert names(vanished(TARGET, gone)) == "ab"


def test_one_dated_in_the_future_hides_nothing_and_is_not_missed_itself() -> None:
    planted = snapshot("b", -3, first_seen_at=NOW - HOUR)
    assert names(vanished(TARGET, known(snapshot("a", 2, gone_at=NOW), planted))) == "a"
    removed = msgspec.structs.replace(planted, gone_at=NOW)
    assert vanished(TARGET, known(snapshot("a", 2), removed)) == ()


def test_what_a_person_accepted_is_not_missed() -> None:
    gone = known(snapshot("a", 2), snapshot("b", 1, gone_at=NOW, accepted=ACCEPTED))
    assert vanished(TARGET, gone) == ()


def test_other_hosts_than_the_target_s_are_not_missed() -> None:
    elsewhere = msgspec.structs.replace(TARGET, hosts=("crm2",))
    assert vanished(elsewhere, known(snapshot("b", 1, gone_at=NOW))) == ()


@pytest.mark.parametrize(("age", "is_missed"), [(TWO_WEEKS - 0.1, True), (TWO_WEEKS, False)])
def test_nothing_younger_than_the_retention_may_go(age: float, *, is_missed: bool) -> None:
    found = vanished(RETAINING, known(snapshot("a", age, gone_at=NOW), snapshot("b", 1)))
    assert bool(found) is is_missed


def test_a_long_history_is_judged_in_no_time() -> None:
    old = [
        snapshot("a", 2 + number / 24, id=f"{number:064x}", gone_at=NOW - number * HOUR)
        for number in range(20_000)
    ]
    assert len(vanished(TARGET, known(*old, snapshot("b", 1)))) < len(old)


# ------------------------------------------------------------------------------ dates and hosts


def test_a_clock_that_is_a_little_ahead_is_no_future() -> None:
    seen = known(snapshot("a", 1), snapshot("b", -4 / 1_440), snapshot("c", -6 / 1_440))
    assert names(future(seen, NOW)) == "c"
    assert names(past(seen.snapshots, NOW)) == "ab"


def test_what_is_gone_is_neither_present_nor_in_the_future() -> None:
    seen = known(snapshot("a", 1), snapshot("b", -1, gone_at=NOW))
    assert names(present(seen)) == "a"
    assert future(seen, NOW) == ()


FIRST = snapshot("a", 9, first_seen_at=FIRST_LOOK)


def test_everything_of_the_first_look_is_known() -> None:
    other = snapshot("b", 8, host="web1", first_seen_at=FIRST_LOOK)
    assert strangers(TARGET, known(FIRST, other)) == ()
    assert strangers(TARGET, Known()) == ()


@pytest.mark.parametrize("changes", [{"host": "evil"}, {"user": "mallory"}])
def test_a_host_or_user_that_was_never_seen_is_a_stranger(changes: dict[str, object]) -> None:
    seen = known(FIRST, snapshot("b", 2), snapshot("c", 1, **changes))
    assert names(strangers(TARGET, seen)) == "c"


def test_a_stranger_stays_one_however_many_it_makes() -> None:
    seen = known(FIRST, snapshot("b", 2, host="evil"), snapshot("c", 1, host="evil"))
    assert names(strangers(TARGET, seen)) == "bc"


def test_one_accepted_snapshot_makes_its_host_and_user_known() -> None:
    seen = known(
        FIRST, snapshot("b", 2, host="crm2", accepted=ACCEPTED), snapshot("c", 1, host="crm2")
    )
    assert strangers(TARGET, seen) == ()


def test_what_a_stranger_made_and_is_gone_is_not_told() -> None:
    assert strangers(TARGET, known(FIRST, snapshot("b", 2, host="evil", gone_at=NOW))) == ()


def test_a_target_that_names_its_hosts_knows_no_strangers() -> None:
    named = msgspec.structs.replace(TARGET, hosts=("crm1", "evil"))
    assert strangers(named, known(FIRST, snapshot("b", 2, host="evil"))) == ()


# --------------------------------------------------------------------------------- keys and marks


def test_only_keys_that_came_later_and_were_not_accepted_are_unknown() -> None:
    keys = (
        key("a"),
        key("b"),
        key("c", first_seen_at=NOW),
        key("d", first_seen_at=NOW, accepted=ACCEPTED),
    )
    assert [each.id[0] for each in unknown_keys(known(keys=keys))] == ["c"]
    assert unknown_keys(Known()) == ()


def test_marks_say_what_is_remarkable_about_each() -> None:
    seen = known(
        FIRST,
        snapshot("b", 5, gone_at=NOW),
        snapshot("c", 4, file_count=0, byte_count=0),
        snapshot("d", 3, file_count=25, byte_count=1, accepted=ACCEPTED),
        snapshot("e", 2, host="evil"),
        snapshot("f", 1, gone_at=NOW),
        snapshot("g", -1, first_seen_at=NOW),
    )
    told = {id_[0]: found for id_, found in marks(RETAINING, seen, NOW).items()}
    assert told == {
        "a": (),
        "b": ("vanished", "gone"),
        "c": ("empty",),
        "d": ("accepted",),
        "e": ("unknown-host",),
        "f": ("vanished", "gone"),
        "g": ("future",),
    }
    assert marks(TARGET, seen, NOW)["b" * 64] == ("gone",)
