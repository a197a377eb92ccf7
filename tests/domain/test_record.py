from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any, Literal, get_args, get_origin

import msgspec
import pytest
from hypothesis import given as hypothetical
from hypothesis import settings
from hypothesis import strategies as st

from ccir.domain import events as e
from ccir.domain.events import EVENT_TYPES, AnyEvent
from ccir.domain.record import (
    FORMAT,
    GENESIS,
    Draft,
    Place,
    Via,
    canonical,
    digest,
    first_break,
    read_line,
    write_line,
)
from ccir.errors import StoreDamagedError
from support.events import EVERY_EVENT
from support.runs import RUN, STARTED, VIA, later, lines_of, sealed

NOTE = e.NoteAdded(text=sealed("a note"))
PLACE = Place(
    run=RUN, seq=7, prev="ab" * 32, recorded_at=later(9), nonce=bytes(range(16)), key="k" * 32
)
LINE = (
    b'{"at":"2026-03-02T08:05:00Z","body":{"name":"records","reason":null,'
    b'"second":"none","source":"\xc3\xa9tude","value":4100},'
    b'"by":"alex","key":"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk",'
    b'"nonce":"000102030405060708090a0b0c0d0e0f",'
    b'"prev":"abababababababababababababababababababababababababababababababab",'
    b'"recorded_at":"2026-03-02T08:09:00Z","run":"INC-2026-0001","seq":7,"type":"FactRecorded",'
    b'"v":1,"via":{"host":"desk-1","terminal":"pts/0","user":"alex","version":"0.1.0"}}\n'
)


def draft(event: AnyEvent, at: dt.datetime | None = None) -> Draft:
    return Draft(event=event, at=at or later(5), by="alex", via=VIA)


# ------------------------------------------------------------------------------------------ bytes


def test_a_line_is_these_very_bytes() -> None:
    event = e.FactRecorded(name="records", value=4100, source="étude")
    assert write_line(draft(event), PLACE) == LINE


def test_a_line_is_read_back_with_its_place_and_its_hash() -> None:
    entry = read_line(LINE)
    assert entry.event == e.FactRecorded(name="records", value=4100, source="étude")
    assert (entry.seq, entry.run, entry.type, entry.by, entry.via) == (
        7,
        RUN,
        "FactRecorded",
        "alex",
        VIA,
    )
    assert (entry.at, entry.recorded_at, entry.prev, entry.key) == (
        later(5),
        later(9),
        "ab" * 32,
        "k" * 32,
    )
    assert entry.hash == hashlib.sha256(LINE).hexdigest()


def test_canonical_json_has_sorted_keys_and_no_spaces() -> None:
    assert canonical({"b": [1, 2.5, None], "a": {"z": "ü", "y": True}}) == (
        '{"a":{"y":true,"z":"ü"},"b":[1,2.5,null]}'.encode()
    )


def test_moments_are_written_in_utc_whatever_zone_they_came_in() -> None:
    kathmandu = dt.timezone(dt.timedelta(hours=5, minutes=45))
    assert write_line(draft(NOTE, later(5).astimezone(kathmandu)), PLACE) == write_line(
        draft(NOTE, later(5)), PLACE
    )


def test_the_nonce_makes_equal_events_differ() -> None:
    other = msgspec.structs.replace(PLACE, nonce=bytes(16))
    assert digest(write_line(draft(NOTE), PLACE)) != digest(write_line(draft(NOTE), other))


def values_of(kind: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - any field's type
    """Return every value that a field of that type can hold."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        fields = msgspec.structs.fields(kind)
        return st.builds(kind, **{field.name: values_of(field.type) for field in fields})
    origin, inner = get_origin(kind), [values_of(each) for each in _types_in(kind)]
    if origin is None:
        return _PLAIN[kind]
    if origin is Literal:
        return st.sampled_from(get_args(kind))
    if origin is dict:
        return st.dictionaries(*inner, max_size=3)
    if origin in {tuple, list}:
        return st.lists(inner[0], max_size=3).map(origin)
    return st.one_of(inner)


def _types_in(kind: Any) -> list[Any]:  # noqa: ANN401 - any field's type
    if get_origin(kind) is Literal:
        return []
    return [each for each in get_args(kind) if each is not ...]


_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=12),
    bytes: st.binary(max_size=16),
    int: st.integers(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    type(None): st.none(),
    dt.date: st.dates(),
    dt.datetime: st.datetimes(timezones=st.just(dt.UTC)),
}


@pytest.mark.parametrize("kind", EVENT_TYPES.values(), ids=EVENT_TYPES)
@settings(max_examples=settings().max_examples // 4)  # for each of the many types
@hypothetical(data=st.data())
def test_every_event_is_read_back_as_it_was_written(
    kind: type[AnyEvent], data: st.DataObject
) -> None:
    event = data.draw(values_of(kind))
    written = write_line(draft(event), PLACE)
    entry = read_line(written)
    assert entry.event == event
    assert type(entry.event) is kind
    assert canonical(entry.event) == canonical(event)
    assert written.count(b"\n") == 1


@hypothetical(place=values_of(Place), via=values_of(Via), at=_PLAIN[dt.datetime], by=st.text())
def test_who_when_and_where_are_read_back_as_they_were_written(
    *, place: Place, via: Via, at: dt.datetime, by: str
) -> None:
    entry = read_line(write_line(Draft(event=NOTE, at=at, by=by, via=via), place))
    assert (entry.at, entry.by, entry.via) == (at, by, via)
    assert (entry.run, entry.seq, entry.prev, entry.key, entry.recorded_at) == (
        place.run,
        place.seq,
        place.prev,
        place.key,
        place.recorded_at,
    )


# ---------------------------------------------------------------------------------------- damage


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\n",
        b"{}",
        b"[]",
        b"\xff\xfe",
        LINE[:-20],
        LINE.replace(b'"type":"FactRecorded"', b'"type":"FactInvented"'),
        LINE.replace(b'"value":4100', b'"value":{}'),
        LINE.replace(b'"name":"records",', b""),
        LINE.replace(b'"seq":7', b'"seq":"7"'),
        LINE.replace(b"\xc3\xa9tude", b"\xe9tude"),
        LINE.replace(b'"by":"alex"', b'"by":"\xff"'),
        LINE.replace(b'"at":"2026', b'"at":"x'),
    ],
)
def test_bytes_that_are_no_line_of_ours_are_refused_as_damage(octets: bytes) -> None:
    with pytest.raises(StoreDamagedError, match="cannot be read") as refused:
        read_line(octets)
    assert "ccir doctor" in refused.value.hint


def test_a_line_of_a_newer_format_is_not_guessed_at() -> None:
    newer = LINE.replace(b'"v":1', f'"v":{FORMAT + 1}'.encode())
    with pytest.raises(StoreDamagedError):
        read_line(newer)


# ---------------------------------------------------------------------------------------- the chain

LOG = lines_of(EVERY_EVENT)


def test_each_line_holds_the_hash_of_the_line_before() -> None:
    entries = [read_line(line) for line in LOG]
    assert [entry.prev for entry in entries] == [GENESIS, *(digest(line) for line in LOG[:-1])]
    assert first_break(LOG) is None


def test_a_line_with_another_number_breaks_the_chain_even_with_the_right_hash() -> None:
    first = write_line(draft(NOTE), msgspec.structs.replace(PLACE, seq=1, prev=GENESIS))
    place = msgspec.structs.replace(PLACE, seq=3, prev=digest(first))
    assert first_break([first, write_line(draft(NOTE), place)]) == 2


def test_an_empty_log_is_whole() -> None:
    assert first_break([]) is None


@hypothetical(st.integers(0, len(LOG) - 2))
def test_a_changed_line_breaks_the_chain_at_the_next(number: int) -> None:
    changed = LOG[number].replace(b'"host":"desk-1"', b'"host":"desk-2"')
    assert first_break([*LOG[:number], changed, *LOG[number + 1 :]]) == number + 2


@hypothetical(st.integers(0, len(LOG) - 2))
def test_a_line_left_out_doubled_or_moved_breaks_the_chain_there(number: int) -> None:
    before, line, after = LOG[:number], LOG[number], LOG[number + 1 :]
    assert first_break([*before, *after]) == number + 1
    assert first_break([*before, line, line, *after]) == number + 2
    assert first_break([*before, after[0], line, *after[1:]]) == number + 1


def test_a_log_that_was_cut_off_at_its_end_is_whole_as_far_as_it_goes() -> None:
    assert first_break(LOG[:-3]) is None


def test_the_start_comes_first() -> None:
    assert read_line(LOG[0]).event == STARTED
