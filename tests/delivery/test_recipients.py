from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.channels.mime import has_control_character, is_address
from ccir.delivery.recipients import RecipientList, Rejected, Totals, reject_writer
from ccir.domain.notices import Recipient
from ccir.errors import InvalidDocumentError

HEADER = b"email,name,language\n"
BYTES = st.binary(max_size=12) | st.sampled_from(
    [b"a@x.example", b"A@X.example", b"b@y.example", b",", b"\n", b'"', b"de", b"\xff", b"\0"]
)


def read(content: bytes, *languages: str) -> tuple[list[Recipient], list[Rejected], Totals]:
    rejected: list[Rejected] = []
    listed = RecipientList(
        io.BytesIO(content), languages=languages or ("en", "de"), reject=rejected.append
    )
    return [*listed], rejected, listed.totals


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
    assert totals == Totals(
        read=6, kept=3, duplicates=1, rejected=2, fallbacks=2, languages={"de": 1, "en": 2}
    )


@given(st.lists(BYTES, max_size=60).map(b"".join))
def test_whatever_the_file_holds_the_sums_add_up_and_nobody_stands_twice(content: bytes) -> None:
    kept, rejected, totals = read(HEADER + content)
    assert totals.read == totals.kept + totals.duplicates + totals.rejected
    assert (totals.kept, totals.rejected) == (len(kept), len(rejected))
    assert sum(totals.languages.values()) == totals.kept
    assert len({recipient.address.lower() for recipient in kept}) == len(kept)
    for recipient in kept:
        assert is_address(recipient.address)
        assert not has_control_character(recipient.name)
        assert recipient.language in {"en", "de"}
    rows = [recipient.row for recipient in kept] + [reject.row for reject in rejected]
    assert len({*rows}) == len(rows)
    assert "@" not in " ".join(reject.reason for reject in rejected)


def test_rows_are_read_one_at_a_time() -> None:
    file = io.BytesIO(HEADER + b"".join(b"p%d@x.example,P,en\n" % n for n in range(5_000)))
    rows = iter(RecipientList(file, languages=["en"], reject=lambda _: None))
    next(rows)
    assert file.tell() < 100, "no more was read than what was asked for"
    assert sum(1 for _ in rows) == 4_999


def test_a_bad_header_is_told_before_any_row() -> None:
    with pytest.raises(InvalidDocumentError, match="lacks language"):
        read(b"email,name\na@x.example,A\n")


def test_rejected_rows_are_written_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "rejected.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write = reject_writer(file)
        for reject in read(HEADER + b"x,y,z\n,,\n")[1]:
            write(reject)
    with path.open(encoding="utf-8", newline="") as file:
        assert [*csv.reader(file)] == [
            ["row", "reason"],
            ["1", "not a plain mail address"],
            ["2", "no address"],
        ]
