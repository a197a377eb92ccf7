from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from ccir.checks.canary import MEMBER, CanaryArguments
from ccir.domain.canary import FILE_NAME, NONCE_BYTES, encode, new_canary
from ccir.domain.outcomes import CheckResult
from support.benches import CheckBench
from support.checks import kit_of, told
from support.damage import flip_bit
from support.unprivileged import open_folder, without_privileges

TAKEN_AT = dt.datetime(2026, 11, 24, 22, 18, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def member(tmp_path_factory: pytest.TempPathFactory) -> CheckBench:
    good = tmp_path_factory.mktemp("good")
    bad = tmp_path_factory.mktemp("bad")
    write(good / "srv" / FILE_NAME, before=HOUR)
    write(bad / "srv" / FILE_NAME, before=48 * HOUR)
    return CheckBench(
        name="canary",
        check=MEMBER,
        good=good,
        bad=bad,
        arguments={},
        toothless=({"path": "../" + FILE_NAME}, {"maximum_age": "0h"}),
        kit={"taken_at": TAKEN_AT},
    )


def write(file: Path, *, before: dt.timedelta, number: int = 7) -> None:
    """Write a canary so long before the snapshot is made."""
    file.parent.mkdir(parents=True, exist_ok=True)
    canary = new_canary(bytes([number]) * NONCE_BYTES, at=TAKEN_AT - before)
    file.write_bytes(encode(canary))


def judged(folder: Path, **more: Any) -> CheckResult:  # noqa: ANN401 - the fields of CanaryArguments
    return MEMBER.run(folder, CanaryArguments(**more), kit_of(taken_at=TAKEN_AT))


def test_a_fresh_canary_passes_and_tells_when_the_data_was_new(tmp_path: Path) -> None:
    write(tmp_path / "srv" / "crm" / FILE_NAME, before=3 * HOUR)
    result = judged(tmp_path)
    assert told(result) == ("pass", "")
    assert result.detail == "canary 07070707 was written 3 h 00 min before the snapshot was made"
    assert result.newest_at == TAKEN_AT - 3 * HOUR


def test_a_canary_that_is_too_old_fails_to_the_second(tmp_path: Path) -> None:
    write(tmp_path / FILE_NAME, before=24 * HOUR)
    assert told(judged(tmp_path)) == ("pass", "")
    write(tmp_path / FILE_NAME, before=24 * HOUR + SECOND)
    result = judged(tmp_path)
    assert told(result) == ("fail", "canary-old")
    assert "1 d 0 h 00 min before" in result.detail
    assert result.newest_at == TAKEN_AT - 24 * HOUR - SECOND
    assert told(judged(tmp_path, maximum_age="2d")) == ("pass", "")


def test_a_canary_from_after_the_snapshot_fails_beyond_the_clocks_differences(
    tmp_path: Path,
) -> None:
    write(tmp_path / FILE_NAME, before=dt.timedelta(minutes=-5))
    assert told(judged(tmp_path)) == ("pass", "")
    write(tmp_path / FILE_NAME, before=dt.timedelta(minutes=-5) - SECOND)
    result = judged(tmp_path)
    assert told(result) == ("fail", "canary-future")
    assert "0 h 05 min after" in result.detail
    assert result.newest_at is None


def test_without_a_canary_it_fails_and_says_how_to_write_one(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    result = judged(tmp_path)
    assert told(result) == ("fail", "canary-missing")
    assert "ccir backup canary" in result.hint


def test_the_newest_of_several_counts(tmp_path: Path) -> None:
    for number, hours in enumerate((30, 2, 40)):
        write(tmp_path / str(number) / FILE_NAME, before=hours * HOUR, number=number)
    result = judged(tmp_path)
    assert told(result) == ("pass", "")
    assert "canary 01010101" in result.detail
    assert told(judged(tmp_path, path=f"0/{FILE_NAME}")) == ("fail", "canary-old")


def test_a_damaged_canary_fails_also_beside_a_whole_one(tmp_path: Path) -> None:
    write(tmp_path / "a" / FILE_NAME, before=HOUR)
    write(tmp_path / "b" / FILE_NAME, before=HOUR)
    flip_bit(tmp_path / "b" / FILE_NAME, 50)
    result = judged(tmp_path)
    assert told(result) == ("fail", "canary-damaged")
    assert result.detail == "1 of 2 canaries are not as they were written"
    (tmp_path / "b" / FILE_NAME).write_bytes(b"")
    assert told(judged(tmp_path)) == ("fail", "canary-damaged")


def test_a_link_out_of_the_restored_folder_brings_no_canary(tmp_path: Path) -> None:
    write(tmp_path / "live" / FILE_NAME, before=HOUR)
    (tmp_path / "restored").mkdir()
    (tmp_path / "restored" / FILE_NAME).symlink_to(tmp_path / "live" / FILE_NAME)
    assert told(judged(tmp_path / "restored")) == ("fail", "canary-missing")


def test_without_the_snapshots_time_there_is_no_verdict(tmp_path: Path) -> None:
    write(tmp_path / FILE_NAME, before=HOUR)
    result = MEMBER.run(tmp_path, CanaryArguments(), kit_of())
    assert told(result) == ("error", "no-snapshot-time")


@pytest.mark.parametrize("path", ["../x.json", "/etc/passwd"])
def test_a_path_that_leads_out_is_refused(tmp_path: Path, path: str) -> None:
    assert told(judged(tmp_path, path=path)) == ("error", "path-outside")


@pytest.mark.parametrize("maximum_age", ["0h", "PT"])
def test_an_age_that_is_none_is_no_verdict(tmp_path: Path, maximum_age: str) -> None:
    assert told(judged(tmp_path, maximum_age=maximum_age)) == ("error", "bad-arguments")


def test_a_canary_that_cannot_be_read_is_no_verdict() -> None:
    with open_folder() as folder:
        write(folder / FILE_NAME, before=HOUR)
        (folder / FILE_NAME).chmod(0)
        with without_privileges(folder):
            assert told(judged(folder)) == ("error", "unreadable")
