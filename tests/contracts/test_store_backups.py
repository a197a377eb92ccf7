"""The contract of every store's ledger of backups; `member` is a `StoreFactory`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccir.domain.event_parts import Sealed
from ccir.errors import NotFoundError
from ccir.store.backups_interface import (
    Acceptance,
    BackupLedger,
    Covered,
    HeldContent,
    Known,
    KnownKey,
    KnownSnapshot,
    SeenKey,
    SeenSnapshot,
    Sighting,
)
from ccir.store.interface import StoreFactory
from support.stores import STARTED_AT, opened

DAY = dt.timedelta(days=1)
FIRST = SeenSnapshot(id="a" * 64, taken_at=STARTED_AT - 2 * DAY, host="crm1", user="root")
SECOND = SeenSnapshot(
    id="b" * 64, taken_at=STARTED_AT - DAY, host="crm1", file_count=25, byte_count=72_000
)
KEY = SeenKey(id="c" * 64, label="root@crm1")
WORD = Acceptance(at=STARTED_AT, by="alex", reason=Sealed(ref="r1", digest="d1"))


@pytest.fixture
def ledger(member: StoreFactory, tmp_path: Path) -> BackupLedger:
    return opened(member, tmp_path).backups


def look(
    ledger: BackupLedger,
    *snapshots: SeenSnapshot,
    at: dt.datetime = STARTED_AT,
    keys: tuple[SeenKey, ...] | None = (KEY,),
    is_complete: bool = True,
    target: str = "crm",
) -> Known:
    """Record a look and return what is known after it."""
    sighting = Sighting(at=at, snapshots=snapshots, keys=keys, is_complete=is_complete)
    ledger.record(target, sighting)
    return ledger.known(target)


def gone(known: Known) -> dict[str, dt.datetime | None]:
    return {each.id[0]: each.gone_at for each in known.snapshots}


def test_nothing_is_known_before_the_first_look_and_asking_makes_nothing(
    member: StoreFactory, tmp_path: Path
) -> None:
    ledger = opened(member, tmp_path).backups
    before = sorted(path.name for path in (tmp_path / ".ccir").iterdir())
    assert ledger.known("crm") == Known()
    assert sorted(path.name for path in (tmp_path / ".ccir").iterdir()) == before


def test_what_a_look_found_is_known_oldest_first_and_after_opening_again(
    member: StoreFactory, tmp_path: Path, ledger: BackupLedger
) -> None:
    known = look(ledger, SECOND, FIRST)
    assert known == Known(
        looked_at=STARTED_AT,
        snapshots=(
            KnownSnapshot(
                id=FIRST.id,
                taken_at=FIRST.taken_at,
                host="crm1",
                user="root",
                first_seen_at=STARTED_AT,
                last_seen_at=STARTED_AT,
            ),
            KnownSnapshot(
                id=SECOND.id,
                taken_at=SECOND.taken_at,
                host="crm1",
                file_count=25,
                byte_count=72_000,
                first_seen_at=STARTED_AT,
                last_seen_at=STARTED_AT,
            ),
        ),
        keys=(
            KnownKey(
                id=KEY.id,
                label="root@crm1",
                first_seen_at=STARTED_AT,
                last_seen_at=STARTED_AT,
            ),
        ),
    )
    assert opened(member, tmp_path).backups.known("crm") == known


def test_targets_know_nothing_of_each_other(ledger: BackupLedger) -> None:
    look(ledger, FIRST)
    look(ledger, target="voice", keys=None)
    assert gone(ledger.known("crm")) == {"a": None}
    assert ledger.known("voice") == Known(looked_at=STARTED_AT)


def test_a_snapshot_that_a_look_misses_is_gone_from_then_on(ledger: BackupLedger) -> None:
    look(ledger, FIRST, SECOND)
    assert gone(look(ledger, FIRST, at=STARTED_AT + DAY)) == {"a": None, "b": STARTED_AT + DAY}
    known = look(ledger, FIRST, at=STARTED_AT + 2 * DAY)
    assert gone(known) == {"a": None, "b": STARTED_AT + DAY}
    assert [each.last_seen_at for each in known.snapshots] == [STARTED_AT + 2 * DAY, STARTED_AT]


def test_it_is_missed_also_at_the_very_moment_of_the_look_before(ledger: BackupLedger) -> None:
    look(ledger, FIRST, SECOND)
    assert gone(look(ledger, FIRST)) == {"a": None, "b": STARTED_AT}


def test_a_snapshot_that_is_seen_again_is_there(ledger: BackupLedger) -> None:
    look(ledger, FIRST)
    look(ledger, at=STARTED_AT + DAY)
    known = look(ledger, FIRST, at=STARTED_AT + 2 * DAY)
    assert gone(known) == {"a": None}
    assert known.snapshots[0].first_seen_at == STARTED_AT


def test_a_look_that_is_not_complete_misses_nothing(ledger: BackupLedger) -> None:
    look(ledger, FIRST, SECOND)
    known = look(ledger, FIRST, at=STARTED_AT + DAY, is_complete=False)
    assert gone(known) == {"a": None, "b": None}


def test_an_older_look_that_is_recorded_late_takes_nothing_back(ledger: BackupLedger) -> None:
    look(ledger, FIRST, SECOND, at=STARTED_AT + DAY)
    known = look(ledger, FIRST, at=STARTED_AT)
    assert gone(known) == {"a": None, "b": None}
    assert known.looked_at == STARTED_AT + DAY
    assert {each.last_seen_at for each in known.snapshots} == {STARTED_AT + DAY}


def test_counts_are_filled_in_once_and_stay(ledger: BackupLedger) -> None:
    look(ledger, FIRST, SECOND)
    ledger.note_counts("crm", FIRST.id, files=24, byte_count=70_000)
    ledger.note_counts("crm", SECOND.id, files=1, byte_count=1)
    ledger.note_counts("crm", "f" * 64, files=1, byte_count=1)
    known = look(ledger, FIRST, SECOND, at=STARTED_AT + DAY)
    assert [(each.file_count, each.byte_count) for each in known.snapshots] == [
        (24, 70_000),
        (25, 72_000),
    ]


def test_counts_of_a_later_look_are_taken_where_none_were_known(ledger: BackupLedger) -> None:
    look(ledger, FIRST)
    counted = SeenSnapshot(id=FIRST.id, taken_at=FIRST.taken_at, file_count=3, byte_count=9)
    (known,) = look(ledger, counted, at=STARTED_AT + DAY).snapshots
    assert (known.file_count, known.byte_count, known.host) == (3, 9, "crm1")


def test_keys_that_could_not_be_listed_stay_as_they_were(ledger: BackupLedger) -> None:
    look(ledger, FIRST)
    (key,) = look(ledger, FIRST, at=STARTED_AT + DAY, keys=None).keys
    assert (key.id, key.last_seen_at) == (KEY.id, STARTED_AT)


def test_a_key_that_comes_later_is_told_from_the_first(ledger: BackupLedger) -> None:
    look(ledger, FIRST)
    second = SeenKey(id="d" * 64)
    known = look(ledger, FIRST, keys=(KEY, second), at=STARTED_AT + DAY)
    assert [(key.id, key.first_seen_at, key.last_seen_at) for key in known.keys] == [
        (KEY.id, STARTED_AT, STARTED_AT + DAY),
        (second.id, STARTED_AT + DAY, STARTED_AT + DAY),
    ]
    (first, _) = look(ledger, FIRST, keys=(second,), at=STARTED_AT + 2 * DAY).keys
    assert first.last_seen_at == STARTED_AT + DAY


def test_what_a_person_accepts_stays_accepted_and_the_last_word_counts(
    ledger: BackupLedger,
) -> None:
    look(ledger, FIRST, SECOND)
    later = Acceptance(at=STARTED_AT + DAY, by="kim", reason=Sealed(ref="r2", digest="d2"))
    ledger.accept("crm", FIRST.id, WORD)
    ledger.accept("crm", KEY.id, WORD)
    ledger.accept("crm", KEY.id, later)
    known = look(ledger, FIRST, SECOND, at=STARTED_AT + DAY)
    assert [each.accepted for each in known.snapshots] == [WORD, None]
    assert [each.accepted for each in known.keys] == [later]


@pytest.mark.parametrize("id_", ["f" * 64, FIRST.id[:8]])
def test_only_what_was_seen_can_be_accepted_by_its_whole_id(ledger: BackupLedger, id_: str) -> None:
    with pytest.raises(NotFoundError, match="never seen"):
        ledger.accept("crm", id_, WORD)
    look(ledger, FIRST)
    with pytest.raises(NotFoundError, match="never seen"):
        ledger.accept("crm", id_, WORD)
    with pytest.raises(NotFoundError, match="never seen"):
        ledger.accept("voice", FIRST.id, WORD)


def held(**contents: tuple[int, bool]) -> list[HeldContent]:
    """Return what a snapshot holds: how many bytes each content has, and whether it is proven."""
    return [
        HeldContent(digest=name.encode().ljust(16), bytes=size, is_verified=is_verified)
        for name, (size, is_verified) in contents.items()
    ]


def covered(
    ledger: BackupLedger,
    contents: list[HeldContent],
    *,
    day: float = 0,
    days: int = 30,
    target: str = "crm",
) -> Covered:
    at = STARTED_AT + day * DAY
    return ledger.cover(target, contents, at=at, since=at - days * DAY)


def test_a_snapshot_of_nothing_is_covered_by_nothing(ledger: BackupLedger) -> None:
    assert covered(ledger, []) == Covered(files=0, bytes=0, verified_files=0, verified_bytes=0)


def test_what_is_verified_adds_up_over_the_days(ledger: BackupLedger) -> None:
    first = covered(ledger, held(a=(10, True), b=(20, False), c=(30, False)))
    assert first == Covered(
        files=3,
        bytes=60,
        verified_files=1,
        verified_bytes=10,
        oldest_unverified_at=STARTED_AT,
        new_files=3,
    )
    second = covered(ledger, held(a=(10, False), b=(20, True), c=(30, False)), day=1)
    assert (second.verified_files, second.verified_bytes) == (2, 30)
    assert second.oldest_unverified_at == STARTED_AT
    third = covered(ledger, held(a=(10, False), b=(20, False), c=(30, True)), day=2)
    assert third == Covered(files=3, bytes=60, verified_files=3, verified_bytes=60)


def test_what_was_verified_too_long_ago_counts_no_more(ledger: BackupLedger) -> None:
    contents = held(a=(10, True))
    covered(ledger, contents)
    unproven = held(a=(10, False))
    assert covered(ledger, unproven, day=30).verified_files == 1
    lapsed = covered(ledger, unproven, day=31)
    assert (lapsed.verified_files, lapsed.oldest_unverified_at) == (0, STARTED_AT)
    assert covered(ledger, contents, day=32).verified_files == 1


def test_a_file_that_changed_waits_since_it_changed(ledger: BackupLedger) -> None:
    covered(ledger, held(old=(10, True), same=(5, True)))
    found = covered(ledger, held(new=(11, False), same=(5, False)), day=3)
    assert found == Covered(
        files=2,
        bytes=16,
        verified_files=1,
        verified_bytes=5,
        oldest_unverified_at=STARTED_AT + 3 * DAY,
        new_files=1,
    )


def test_files_of_one_content_are_verified_together_and_count_each(ledger: BackupLedger) -> None:
    twice = [*held(a=(10, False)), *held(a=(10, True)), *held(a=(10, False))]
    found = covered(ledger, twice)
    assert (found.files, found.bytes, found.verified_files, found.verified_bytes) == (3, 30, 3, 30)
    again = covered(ledger, held(a=(10, False)), day=1)
    assert (again.files, again.verified_files) == (1, 1)


def test_what_comes_back_soon_is_still_verified_and_later_is_forgotten(
    ledger: BackupLedger,
) -> None:
    covered(ledger, held(a=(10, True), b=(1, True)))
    covered(ledger, held(b=(1, True)), day=10)
    assert covered(ledger, held(a=(10, False), b=(1, True)), day=20).verified_files == 2
    covered(ledger, held(b=(1, True)), day=60)
    found = covered(ledger, held(a=(10, False), b=(1, True)), day=61, days=3_650)
    assert (found.verified_files, found.oldest_unverified_at) == (1, STARTED_AT + 61 * DAY)


def test_targets_are_covered_apart(ledger: BackupLedger) -> None:
    covered(ledger, held(a=(10, True)))
    assert covered(ledger, held(a=(10, False)), target="voice").verified_files == 0
    assert covered(ledger, held(a=(10, False))).verified_files == 1


def test_what_is_covered_is_known_after_opening_again(
    member: StoreFactory, tmp_path: Path, ledger: BackupLedger
) -> None:
    covered(ledger, held(a=(10, True)))
    again = opened(member, tmp_path).backups
    assert covered(again, held(a=(10, False)), day=1).verified_files == 1
    assert again.known("crm") == Known()


def test_where_the_contents_break_off_nothing_is_kept(ledger: BackupLedger) -> None:
    covered(ledger, held(a=(10, True), b=(20, True)))

    def breaking_off() -> Iterator[HeldContent]:
        yield from held(a=(10, False))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ledger.cover("crm", breaking_off(), at=STARTED_AT + DAY, since=STARTED_AT)
    assert covered(ledger, held(a=(10, False), b=(20, False)), day=2).verified_files == 2
