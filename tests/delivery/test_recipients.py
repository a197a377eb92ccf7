from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.channels.mime import has_control_character, is_address
from ccir.delivery.recipient_csv import CsvRows
from ccir.delivery.recipient_jsonl import JsonRows
from ccir.delivery.recipient_rules import ListRules
from ccir.delivery.recipient_seen import Variant
from ccir.delivery.recipients import RecipientList, Rejected, Totals, reject_writer
from ccir.domain.manual_queue import Decision, ListItem, Queued, Withdrawn
from ccir.domain.notices import Recipient

HEADER = b"email,name,language\n"
FLAGGED = b"email,name,language,minor,opt_out\n"
BYTES = st.binary(max_size=12) | st.sampled_from(
    [b"a@x.example", b"A@X.example", b"b@y.example", b",", b"\n", b'"', b"de", b"\xff", b"\0"]
)
ADDRESSES = st.sampled_from(
    [
        "a@x.example",
        "A@x.example",
        "a+n@x.example",
        "b@x.example",
        "c@x.example",
        "d@",
        "ü@x.example",
    ]
)
FLAGS = st.sampled_from(["", "no", "yes", "perhaps"])


def key_of(address: str) -> str:
    return hashlib.sha256(address.lower().encode()).hexdigest()


RULES = ListRules(languages=("en", "de"), key_of=key_of)
OWED = ListRules(
    languages=("en", "de"),
    key_of=key_of,
    told={key_of("c@x.example")},
    is_owed=True,
    decisions={
        key_of("b@x.example"): Decision(
            key=key_of("b@x.example"), reasons=("minor", "opt-out"), is_included=False
        )
    },
)
BARRED = ListRules(
    languages=("en", "de"),
    key_of=key_of,
    suppressed={key_of("a@x.example")},
    only={key_of("a@x.example"), key_of("b@x.example")},
)
EVERY = [RULES, OWED, BARRED]


def listed(content: bytes, rules: ListRules = RULES) -> tuple[list[ListItem], RecipientList]:
    found = RecipientList(CsvRows(io.BytesIO(content)), rules, reject=lambda _: None)
    return [*found], found


def read(content: bytes) -> tuple[list[Recipient], list[Rejected], Totals]:
    rejected: list[Rejected] = []
    found = RecipientList(CsvRows(io.BytesIO(content)), RULES, reject=rejected.append)
    return [item for item in found if isinstance(item, Recipient)], rejected, found.totals


def test_every_row_is_kept_merged_or_rejected_with_its_number_and_reason() -> None:
    kept, rejected, totals = read(
        HEADER
        + b"ada@x.example,Ada,de\n"
        + b"broken,Bob,de\n"
        + b"\n"
        + b"ADA@X.example,Ada again,en\n"
        + b"eve@x.example,Eve,fr\n"
        + b'"open,Mallory,de\n'
        + b"zoe@x.example,Zo\xc3\xab,\n"
    )
    assert [(recipient.row, recipient.language) for recipient in kept] == [
        (1, "de"),
        (5, "en"),
        (7, "en"),
    ]
    assert rejected == [
        Rejected(row=2, reason="not a plain mail address"),
        Rejected(row=6, reason="a quotation mark is not closed, or stands alone"),
    ]
    assert totals == Totals(read=6, kept=3, duplicates=1, rejected=2, fallbacks=2)


@given(st.lists(BYTES, max_size=60).map(b"".join))
def test_whatever_the_file_holds_the_sums_add_up_and_nobody_stands_twice(content: bytes) -> None:
    kept, rejected, totals = read(HEADER + content)
    assert totals.read == totals.kept + totals.duplicates + totals.rejected
    assert (totals.kept, totals.rejected) == (len(kept), len(rejected))
    assert len({recipient.address.lower() for recipient in kept}) == len(kept)
    for recipient in kept:
        assert is_address(recipient.address)
        assert not has_control_character(recipient.name)
        assert recipient.language in {"en", "de"}
    rows = [recipient.row for recipient in kept] + [reject.row for reject in rejected]
    assert len({*rows}) == len(rows)
    assert "@x" not in " ".join(reject.reason for reject in rejected)


@given(st.lists(st.tuples(ADDRESSES, FLAGS, FLAGS), max_size=12), st.sampled_from(EVERY))
def test_every_row_is_counted_once_whatever_its_flags(
    people: list[tuple[str, str, str]], rules: ListRules
) -> None:
    rows = [f"{address},A,en,{minor},{opted}" for address, minor, opted in people]
    items, found = listed(FLAGGED + "\n".join(rows).encode(), rules)
    totals = found.totals
    assert (
        totals.read
        == len(people)
        == (
            totals.kept
            + totals.duplicates
            + totals.rejected
            + sum(totals.queued.values())
            + totals.left_out
            + totals.already_told
            + totals.suppressed
        )
    )
    withdrawn = [item for item in items if isinstance(item, Withdrawn)]
    told = {item.row for item in items if isinstance(item, Recipient)}
    waiting = sum(isinstance(item, Queued) for item in items)
    assert {each.row for each in withdrawn} <= told
    assert totals.kept == len(told) - len(withdrawn)
    waiting += sum(bool(each.reasons) for each in withdrawn)
    assert sum(totals.queued.values()) == waiting


def test_who_may_not_simply_be_told_waits_and_is_counted_by_the_gravest_reason() -> None:
    content = FLAGGED + b"a@x.example,A,fr,yes,yes\nb@x.example,B,en,no,no\nd@x.example,D,en,,1\n"
    items, found = listed(content, OWED)
    assert [type(item) for item in items] == [Queued, Recipient, Queued]
    first = items[0]
    assert isinstance(first, Queued)
    assert (first.reasons, first.recipient.language) == (("minor", "opt-out"), "en")
    assert found.totals.queued == {"minor": 1, "opt-out": 1}
    assert listed(content)[1].totals.left_out == 2, "a notice that nobody owes"


def test_a_duplicate_with_a_flag_that_the_first_row_lacks_withdraws_it() -> None:
    content = FLAGGED + b"a@x.example,A,en,,\na@x.example,A,en,yes,\na@x.example,A,en,yes,\n"
    items, found = listed(content)
    assert items[1:] == [Withdrawn(row=1, reasons=("minor",))]
    assert found.totals == Totals(
        read=3, kept=0, duplicates=2, rejected=0, fallbacks=0, queued={"minor": 1}
    )
    opted_out = listed(FLAGGED + b"a@x.example,A,en,,\na@x.example,A,en,,yes\n")
    assert opted_out[0][1:] == [Withdrawn(row=1, reasons=())]
    assert opted_out[1].totals.left_out == 1


def test_who_was_told_before_is_told_by_no_flag_and_no_duplicate_again() -> None:
    content = FLAGGED + b"c@x.example,C,en,yes,\nC@x.example,C,en,yes,\nb@x.example,B,en,yes,\n"
    items, found = listed(content, OWED)
    assert items == []
    assert found.totals == Totals(
        read=3, kept=0, duplicates=1, rejected=0, fallbacks=0, already_told=1, left_out=1
    )


def test_who_is_no_longer_written_to_and_who_is_not_meant_are_counted_apart() -> None:
    content = HEADER + b"a@x.example,A,en\nb@x.example,B,en\nd@x.example,D,en\n"
    items, found = listed(content, BARRED)
    assert [item.row for item in items if isinstance(item, Recipient)] == [2]
    assert found.totals == Totals(
        read=3, kept=1, duplicates=0, rejected=0, fallbacks=0, suppressed=1, left_out=1
    )


def test_other_spellings_of_a_mailbox_are_kept_and_shown() -> None:
    items, found = listed(HEADER + b"a@x.example,A,en\na+b@x.example,A,en\na@y.example,A,en\n")
    assert len(items) == 3
    assert (found.totals.variants, found.variants) == (1, (Variant(row=2, of=1),))


def test_rows_are_read_one_at_a_time() -> None:
    file = io.BytesIO(HEADER + b"".join(b"p%d@x.example,P,en\n" % n for n in range(5_000)))
    found = RecipientList(CsvRows(file), RULES, reject=lambda _: None)
    rows = iter(found)
    next(rows)
    assert file.tell() < 100, "no more was read than what was asked for"
    assert found.progress == (1, None)
    assert sum(1 for _ in rows) == 4_999
    assert found.totals.read == 5_000


def test_json_lines_are_read_as_a_csv_file_is() -> None:
    content = b'{"email": "a@x.example", "minor": false}\n{"email": "b@x.example", "minor": true}\n'
    found = RecipientList(JsonRows(io.BytesIO(content)), RULES, reject=lambda _: None)
    assert [type(item) for item in found] == [Recipient, Queued]


@pytest.mark.parametrize("rows", [b"x,y,z\n,,\n"])
def test_rejected_rows_are_written_as_csv(tmp_path: Path, rows: bytes) -> None:
    path = tmp_path / "rejected.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write = reject_writer(file)
        for reject in read(HEADER + rows)[1]:
            write(reject)
    with path.open(encoding="utf-8", newline="") as file:
        assert [*csv.reader(file)] == [
            ["row", "reason"],
            ["1", "not a plain mail address"],
            ["2", "no address"],
        ]
