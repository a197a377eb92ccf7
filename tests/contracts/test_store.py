"""The contract of every store's event log; `member` is a `StoreFactory`."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccir.clock import FixedClock
from ccir.domain.events import EventCorrected, RunKind, RunReopened, Sealed
from ccir.domain.record import GENESIS, first_break
from ccir.errors import ConflictError, NotFoundError, RefusedError, StoreDamagedError
from ccir.store.interface import EventStore, StoreFactory, VersionConflict
from ccir.store.log_lines import DRAFTS_LIMIT, LINE_LIMIT_BYTES
from support.stores import (
    PLAYBOOK,
    STARTED_AT,
    append_facts,
    begin,
    closing,
    draft,
    fact,
    opened,
    start,
)

RUN = "INC-2026-0001"
PINS = {hashlib.sha256(PLAYBOOK).hexdigest(): PLAYBOOK}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(STARTED_AT)


@pytest.fixture
def events(member: StoreFactory, tmp_path: Path, clock: FixedClock) -> EventStore:
    return opened(member, tmp_path, clock=clock).events


# ------------------------------------------------------------------------------ bytes and chain


def test_a_recorded_event_is_read_back_as_it_was_drafted(
    events: EventStore, clock: FixedClock
) -> None:
    begin(events)
    clock.move(90)
    drafted = fact(["DE", "FR"], name="jurisdictions")
    (recorded,) = events.append(RUN, [drafted], expected=1, key="command 1")
    assert events.read(RUN)[1] == recorded
    assert (recorded.event, recorded.at, recorded.by, recorded.via) == (
        drafted.event,
        drafted.at,
        drafted.by,
        drafted.via,
    )
    assert recorded.recorded_at == STARTED_AT + dt.timedelta(seconds=90)
    assert (recorded.run, recorded.seq, recorded.key) == (RUN, 2, "command 1")


def test_a_line_is_canonical_json_and_one_newline(events: EventStore) -> None:
    begin(events)
    events.append(RUN, [fact("Zoë \n “quoted”")], expected=1, key="k")
    for line in events.lines(RUN):
        fields = json.loads(line)
        assert [*fields] == sorted(fields)
        assert [*fields["body"]] == sorted(fields["body"])
        written = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert line == written.encode() + b"\n"


def test_each_line_holds_the_hash_of_the_exact_bytes_before_it(events: EventStore) -> None:
    begin(events)
    append_facts(events, RUN, 5)
    lines = events.lines(RUN)
    hashes = [hashlib.sha256(line).hexdigest() for line in lines]
    assert [json.loads(line)["prev"] for line in lines] == [GENESIS, *hashes[:-1]]
    assert [entry.hash for entry in events.read(RUN)] == hashes
    (row,) = events.runs()
    assert (row.seq, row.hash) == (6, hashes[-1])


def test_two_events_of_one_command_follow_each_other(events: EventStore) -> None:
    begin(events)
    recorded = events.append(RUN, [fact(1), fact(2), fact(3)], expected=1, key="k")
    assert [entry.seq for entry in recorded] == [2, 3, 4]
    assert {entry.key for entry in recorded} == {"k"}
    assert first_break(events.lines(RUN)) is None


def test_every_line_has_a_nonce_of_its_own_of_sixteen_bytes(events: EventStore) -> None:
    begin(events)
    events.append(RUN, [fact(1), fact(1)], expected=1, key="a")
    events.append(RUN, [fact(1)], expected=3, key="b")
    nonces = [json.loads(line)["nonce"] for line in events.lines(RUN)]
    assert len({*nonces}) == 4
    assert {len(bytes.fromhex(nonce)) for nonce in nonces} == {16}


def test_what_is_recorded_is_there_for_another_who_opens_the_store(
    member: StoreFactory, tmp_path: Path, events: EventStore
) -> None:
    begin(events)
    append_facts(events, RUN, 3)
    again = opened(member, tmp_path, seed=2)
    assert again.events.lines(RUN) == events.lines(RUN)
    again.close()
    assert again.events.lines(RUN) == events.lines(RUN), "a closed store opens itself again"


def test_creating_it_twice_changes_nothing(
    member: StoreFactory, tmp_path: Path, events: EventStore
) -> None:
    begin(events)
    lines = events.lines(RUN)
    again = opened(member, tmp_path, seed=2)
    assert again.events.lines(RUN) == lines
    assert again.people.key_of("a@b.example") == opened(member, tmp_path).people.key_of(
        "a@b.example"
    )


@given(
    commands=st.lists(
        st.lists(st.one_of(st.text(max_size=20), st.integers(), st.booleans()), min_size=1),
        max_size=8,
    )
)
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_appended_is_read_back_whole_and_chained(
    commands: list[list[str | int | bool]], events: EventStore
) -> None:
    run = begin(events, key=f"run {len(events.runs())}", another=True)
    seq = 1
    for number, values in enumerate(commands):
        drafts = [fact(value) for value in values]
        seq = events.append(run, drafts, expected=seq, key=f"{number}")[-1].seq
    told = [getattr(entry.event, "value", None) for entry in events.read(run, after=1)]
    assert told == [value for values in commands for value in values]
    assert first_break(events.lines(run)) is None
    assert events.verify(run) == []


# ---------------------------------------------------------------- keys, versions and all or none


def test_a_repeated_command_gives_what_it_recorded_and_appends_nothing(
    events: EventStore, clock: FixedClock
) -> None:
    begin(events)
    first = events.append(RUN, [fact(1), fact(2)], expected=1, key="once")
    events.append(RUN, [fact(3)], expected=3, key="meanwhile")
    lines = events.lines(RUN)
    clock.move(60)
    assert events.append(RUN, [fact(9)], expected=1, key="once") == first
    assert events.lines(RUN) == lines


def test_the_same_key_counts_in_each_run_by_itself(events: EventStore) -> None:
    first, second = begin(events, key="a"), begin(events, key="b", another=True)
    events.append(first, [fact(1)], expected=1, key="same")
    (recorded,) = events.append(second, [fact(2)], expected=1, key="same")
    assert recorded.run == second
    assert len(events.read(second)) == 2


@pytest.mark.parametrize("expected", [0, 1, 3, 99])
def test_another_version_than_the_expected_one_is_a_conflict(
    events: EventStore, expected: int
) -> None:
    begin(events)
    append_facts(events, RUN, 1)
    lines = events.lines(RUN)
    with pytest.raises(VersionConflict, match=f"has 2 events, not {expected}") as caught:
        events.append(RUN, [fact(5)], expected=expected, key="late")
    assert (caught.value.exit_status, events.lines(RUN)) == (4, lines)
    assert events.append(RUN, [fact(5)], expected=2, key="late"), "its key is free still"


def test_a_command_that_cannot_be_recorded_whole_is_not_recorded(events: EventStore) -> None:
    begin(events)
    lines = events.lines(RUN)
    too_long = fact("x" * LINE_LIMIT_BYTES)
    with pytest.raises(RefusedError, match=f"at most {LINE_LIMIT_BYTES}"):
        events.append(RUN, [fact(1), too_long], expected=1, key="k")
    for drafts in ([], [fact(1)] * (DRAFTS_LIMIT + 1)):
        with pytest.raises(RefusedError, match=f"{len(drafts)} events in one command"):
            events.append(RUN, drafts, expected=1, key="k")
    assert events.lines(RUN) == lines
    assert events.append(RUN, [fact(1)] * DRAFTS_LIMIT, expected=1, key="k")[-1].seq == 1_001


def test_reading_after_a_number_gives_the_rest(events: EventStore) -> None:
    begin(events)
    append_facts(events, RUN, 4)
    assert [entry.seq for entry in events.read(RUN, after=3)] == [4, 5]
    assert events.read(RUN, after=5) == []


def test_a_run_that_is_not_there_is_named(events: EventStore) -> None:
    begin(events)
    missing = "INC-2026-0002"
    for ask in (
        lambda: events.append(missing, [fact(1)], expected=0, key="k"),
        lambda: events.read(missing),
        lambda: events.lines(missing),
        lambda: events.verify(missing),
    ):
        with pytest.raises(NotFoundError, match=missing):
            ask()


# --------------------------------------------------------------------------------------- runs


@pytest.mark.parametrize(
    ("kind", "run"),
    [("incident", "INC-2026-0001"), ("exercise", "EX-2026-0001"), ("drill", "DR-2026-0001")],
)
def test_each_kind_counts_its_runs_by_itself(events: EventStore, kind: RunKind, run: str) -> None:
    begin(events)
    begun = events.begin(kind, [start(kind)], key=kind, pins=PINS, playbook="other")
    expected = "INC-2026-0002" if kind == "incident" else run
    assert [entry.run for entry in begun] == [expected]


def test_each_year_in_utc_begins_with_number_one(events: EventStore, clock: FixedClock) -> None:
    begin(events)
    new_year = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    clock.move((new_year - STARTED_AT).total_seconds() - 1)
    assert begin(events, key="eve", another=True) == "INC-2026-0002"
    clock.move(1)
    assert begin(events, key="morning", another=True) == "INC-2027-0001"


def test_a_second_run_of_an_open_playbook_is_refused_by_its_name(events: EventStore) -> None:
    begin(events)
    with pytest.raises(ConflictError, match=f"{RUN} of playbook 'data-breach' is still open"):
        begin(events, key="second")
    assert [row.id for row in events.runs()] == [RUN]
    assert begin(events, key="other", playbook="outage") == "INC-2026-0002"
    assert begin(events, key="third", another=True) == "INC-2026-0003"


def test_another_kind_of_run_of_the_same_playbook_may_be_open(events: EventStore) -> None:
    begin(events)
    drafts = [start("exercise")]
    assert events.begin("exercise", drafts, key="e", pins=PINS, playbook="data-breach")


def test_a_repeated_start_gives_the_run_it_began(events: EventStore) -> None:
    begin(events, key="once")
    append_facts(events, RUN, 1)
    again = events.begin("incident", [start()], key="once", pins=PINS, playbook="data-breach")
    assert again == events.read(RUN)[:1]
    assert len(events.runs()) == 1


def test_a_key_used_inside_a_run_does_not_stand_for_a_start(events: EventStore) -> None:
    begin(events, key="begin")
    events.append(RUN, [fact(1)], expected=1, key="inside")
    assert begin(events, key="inside", another=True) == "INC-2026-0002"


def test_a_closed_run_is_not_open_until_it_is_reopened(events: EventStore) -> None:
    begin(events)
    events.append(RUN, [fact(1), closing()], expected=1, key="close")
    assert [row.open for row in events.runs()] == [False]
    assert begin(events, key="next") == "INC-2026-0002", "a new one may begin"
    reason = Sealed(ref="r", digest="d")
    events.append(RUN, [draft(RunReopened(reason=reason))], expected=3, key="reopen")
    events.append(RUN, [draft(EventCorrected(seq=2, reason=reason))], expected=4, key="correct")
    assert [row.open for row in events.runs()] == [True, True]
    assert events.verify() == []


def test_runs_are_listed_in_the_order_they_were_started(
    events: EventStore, clock: FixedClock
) -> None:
    late = msgspec.structs.replace(start(), at=STARTED_AT + dt.timedelta(hours=1))
    clock.move(7_200)
    events.begin("incident", [late], key="late", pins=PINS, playbook="data-breach")
    begin(events, key="early", playbook="outage")
    assert [(row.id, row.started_at) for row in events.runs()] == [
        ("INC-2026-0002", STARTED_AT),
        ("INC-2026-0001", STARTED_AT + dt.timedelta(hours=1)),
    ]
    assert {(row.kind, row.playbook) for row in events.runs()} == {
        ("incident", "data-breach"),
        ("incident", "outage"),
    }


# --------------------------------------------------------------------------------------- pins


def test_a_pinned_document_is_kept_by_the_hash_of_its_bytes(events: EventStore) -> None:
    begin(events)
    (digest,) = PINS
    assert events.pinned(digest) == PLAYBOOK
    with pytest.raises(NotFoundError, match="f" * 64):
        events.pinned("f" * 64)


def test_a_run_whose_document_has_another_hash_does_not_begin(events: EventStore) -> None:
    wrong = {"0" * 64: PLAYBOOK}
    with pytest.raises(StoreDamagedError, match="pinned as 0000"):
        events.begin("incident", [start()], key="k", pins=wrong, playbook="data-breach")
    assert events.runs() == []
    assert begin(events) == RUN, "its number and its key are free still"


def test_a_command_keeps_the_documents_that_it_names(events: EventStore) -> None:
    run = begin(events)
    rules = b'{"books":[]}'
    name = hashlib.sha256(rules).hexdigest()
    events.append(run, [fact(1)], expected=1, key="rules", pins={name: rules})
    assert events.pinned(name) == rules


def test_a_command_with_a_wrong_hash_records_nothing(events: EventStore) -> None:
    run = begin(events)
    with pytest.raises(StoreDamagedError, match="pinned as 0000"):
        events.append(run, [fact(1)], expected=1, key="rules", pins={"0" * 64: b"{}"})
    assert [entry.seq for entry in events.read(run)] == [1]


def test_a_store_after_ordinary_work_agrees_with_itself(events: EventStore) -> None:
    assert events.verify() == []
    for number in range(3):
        run = begin(events, key=f"begin {number}", another=True)
        append_facts(events, run, 2)
        assert events.verify(run) == []
    assert events.verify() == []


def test_a_library_says_what_it_is(member: StoreFactory) -> None:
    library = member.library()
    assert library.name
    assert library.version
    assert library.journal
