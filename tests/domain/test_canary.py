from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.domain.canary import MOST_BYTES, NONCE_BYTES, Canary, encode, is_canary, new_canary, parse

AT = dt.datetime(2026, 11, 24, 22, 15, tzinfo=dt.UTC)
CANARY = new_canary(bytes(range(NONCE_BYTES)), at=AT)
WRITTEN = json.loads(encode(CANARY))


@given(
    st.binary(min_size=NONCE_BYTES, max_size=NONCE_BYTES),
    st.datetimes(timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=5.75))])),
)
def test_what_is_written_is_what_is_read(octets: bytes, at: dt.datetime) -> None:
    if not dt.MINYEAR < at.year < dt.MAXYEAR:
        return
    canary = new_canary(octets, at=at)
    assert parse(encode(canary)) == canary
    assert (canary.written_at, canary.written_at.tzinfo) == (at, dt.UTC)


def test_a_canary_is_one_short_line_of_json() -> None:
    octets = encode(CANARY)
    assert len(octets) < MOST_BYTES
    assert octets.count(b"\n") == 1
    assert (WRITTEN["nonce"], WRITTEN["written_at"]) == (CANARY.nonce, "2026-11-24T22:15:00Z")
    assert CANARY.short == "00010203"


def test_a_cut_anywhere_and_any_changed_byte_is_noticed() -> None:
    octets = encode(CANARY)
    for at in range(len(octets) - 1):
        assert parse(octets[:at]) is None, at
        changed = octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :]
        assert parse(changed) in {None, CANARY}, at


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "0" * 32},
        {"nonce": "XY"},
        {"written_at": "2026-11-25T22:15:00Z"},
        {"written_at": "yesterday"},
        {"sha256": "0" * 64},
        {"format": "ccir-canary-2"},
        {"more": 1},
    ],
)
def test_a_canary_edited_by_hand_is_not_whole(change: dict[str, object]) -> None:
    assert parse(json.dumps({**WRITTEN, **change}).encode()) is None


@pytest.mark.parametrize("written_at", ["2026-11-24T22:15:00", "2026-11-24T22:15:00+01:00"])
def test_a_moment_that_is_not_in_utc_is_none(written_at: str) -> None:
    odd = Canary(nonce=CANARY.nonce, written_at=dt.datetime.fromisoformat(written_at))
    assert parse(encode(odd)) is None


@pytest.mark.parametrize("octets", [b"", b"{}", b"[]", b"\xff\0", b"[" * MOST_BYTES, b"null"])
def test_other_files_are_no_canaries(octets: bytes) -> None:
    assert parse(octets) is None
    assert not is_canary(octets)


def test_a_cut_or_reformatted_canary_is_known_as_one() -> None:
    octets = encode(CANARY)
    assert is_canary(octets)
    assert is_canary(octets[:40])
    assert is_canary(json.dumps(WRITTEN, indent=2).encode())
