from __future__ import annotations

from ccir.drilling.alarm_words import acceptance, alarm, dated, minute, name
from support.alarms import NOW, TARGET, snapshot


def test_nothing_raises_no_alarm() -> None:
    assert alarm("key-unknown", [], seen="keys", hint="look") is None


def test_an_alarm_names_the_first_few_things_and_counts_the_rest() -> None:
    found = alarm("key-unknown", ["a", "b", "c", "d", "e"], seen="keys were added", hint="look")
    assert found is not None
    assert (found.name, found.verdict, found.reason) == ("alarm-key-unknown", "fail", "key-unknown")
    assert (found.detail, found.hint) == ("keys were added: a, b, c and 2 more", "look")


def test_an_alarm_may_be_no_verdict_on_the_backup() -> None:
    found = alarm("lock-stale", ["a"], seen="locks", hint="look", is_error=True)
    assert found is not None
    assert (found.verdict, found.detail) == ("error", "locks: a")


def test_the_command_that_accepts_names_the_first_few() -> None:
    ids = [digit * 64 for digit in "abcd"]
    assert acceptance(TARGET, ids[:1]) == "`ccir backup accept crm aaaaaaaa --reason T`"
    assert (
        acceptance(TARGET, ids) == "`ccir backup accept crm aaaaaaaa bbbbbbbb cccccccc --reason T`"
    )


def test_a_snapshot_is_told_by_its_short_id_and_time() -> None:
    assert dated(snapshot("a", 1)) == "aaaaaaaa of 2026-03-09 08:00 UTC"
    assert minute(NOW) == "2026-03-10 08:00 UTC"


def test_a_name_from_the_repository_moves_no_cursor_and_has_an_end() -> None:
    assert name("root@\x1b[2Jcrm1\nand more") == "root@[2Jcrm1 and more"
    assert len(name("x" * 5_000)) == 80
