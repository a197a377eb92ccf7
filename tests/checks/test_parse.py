from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ccir.checks import parse_rows
from ccir.checks.interface import CheckKit
from ccir.checks.parse import MEMBER, ParseArguments
from ccir.clock import FixedClock
from ccir.domain.outcomes import CheckResult
from support.benches import CheckBench
from support.checks import kit_of, told

NOW = dt.datetime(2026, 1, 2, 8, 0, tzinfo=dt.UTC)
ROWS = 200
PERSON = "Jane Doe"


@pytest.fixture
def member(tmp_path_factory: pytest.TempPathFactory) -> CheckBench:
    good = tmp_path_factory.mktemp("good")
    bad = tmp_path_factory.mktemp("bad")
    (good / "calls.csv").write_text(csv_text(), encoding="utf-8")
    (bad / "calls.csv").write_text(csv_text()[:-9], encoding="utf-8")
    usual = {"path": "calls.csv", "format": "csv"}
    return CheckBench(
        name="parse",
        check=MEMBER,
        good=good,
        bad=bad,
        arguments={**usual, "minimum_rows": ROWS, "columns": ["id", "at"]},
        toothless=({**usual, "minimum_rows": 0}, {**usual, "minimum_rows": -1}),
    )


def csv_text(rows: int = ROWS, *, at: str = "2026-01-02T07:00:00Z") -> str:
    lines = [f'{number},"{PERSON}, {number}",{at}\n' for number in range(rows)]
    return "".join(("id,name,at\n", *lines))


def json_text(rows: int = ROWS, **more: object) -> str:
    return json.dumps([{"id": number, "name": PERSON, **more} for number in range(rows)], indent=1)


def jsonl_text(rows: int = ROWS, **more: object) -> str:
    return "".join(json.dumps({"id": number, **more}) + "\n" for number in range(rows))


TEXTS = {"csv": csv_text(), "json": json_text(), "jsonl": jsonl_text()}


class Bench:
    """Judges one text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(
        self,
        text: str | bytes,
        kind: str = "csv",
        *,
        kit: CheckKit | None = None,
        **more: Any,  # noqa: ANN401 - the fields of ParseArguments
    ) -> CheckResult:
        octets = text if isinstance(text, bytes) else text.encode("utf-8")
        (self.folder / "export").write_bytes(octets)
        words = {"path": "export", "format": kind, "minimum_rows": 1, **more}
        usual = kit_of(clock=FixedClock(NOW))
        result = MEMBER.run(self.folder, msgspec.convert(words, ParseArguments), kit or usual)
        assert PERSON not in repr(result)
        return result


@pytest.fixture
def judged(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_whole_file_passes_and_one_row_below_the_floor_fails(judged: Bench, kind: str) -> None:
    result = judged(TEXTS[kind], kind, minimum_rows=ROWS)
    assert told(result) == ("pass", "")
    assert result.detail == f"export: {ROWS} rows"
    assert told(judged(TEXTS[kind], kind, minimum_rows=ROWS + 1)) == ("fail", "below-floor")


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("left", [0.5, 0.999])
def test_a_file_cut_within_a_row_fails(judged: Bench, kind: str, left: float) -> None:
    text = TEXTS[kind][: int(len(TEXTS[kind]) * left)]
    assert judged(text.rstrip("\n"), kind, minimum_rows=1).verdict == "fail"


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("text", [b"", b" \n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_fails(judged: Bench, kind: str, text: bytes) -> None:
    assert judged(text, kind).verdict == "fail"


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("damage", [b"\xff\xfe\xfd", b"\0" * 50])
def test_bytes_that_are_no_text_fail(judged: Bench, kind: str, damage: bytes) -> None:
    octets = TEXTS[kind].encode()
    middle = len(octets) // 2
    assert judged(octets[:middle] + damage + octets[middle:], kind).verdict == "fail"


def test_another_encoding_can_be_named(judged: Bench) -> None:
    text = "id,näme\n1,x\n".encode("latin-1")
    assert told(judged(text)) == ("fail", "encoding")
    assert told(judged(text, encoding="latin-1", columns=["näme"])) == ("pass", "")
    assert told(judged(text, encoding="klingon")) == ("error", "bad-arguments")
    assert told(judged(text, encoding="hex")) == ("error", "bad-arguments")


# ------------------------------------------------------------------------------------------- CSV


def test_a_mark_of_the_byte_order_is_no_part_of_the_first_column(judged: Bench) -> None:
    assert told(judged("\ufeffid;at\n1;2\n", delimiter=";", columns=["id"])) == ("pass", "")


def test_ragged_rows_fail_beyond_the_tolerance(judged: Bench) -> None:
    text = "a,b\n1,2\n1\n1,2,3\n\n"
    result = judged(text)
    assert told(result) == ("fail", "ragged")
    assert "2 of 3 rows are ragged; 0 are allowed" in result.detail
    assert told(judged(text, maximum_ragged=1)) == ("fail", "ragged")
    result = judged(text, maximum_ragged=2)
    assert told(result) == ("pass", "")
    assert result.detail == "export: 3 rows, 2 of them ragged"


def test_a_column_that_is_not_in_the_heading_fails(judged: Bench) -> None:
    result = judged(csv_text(), columns=["id", "phone", "mail"])
    assert told(result) == ("fail", "column-missing")
    assert "no column mail, phone" in result.detail


def test_a_quote_that_is_never_closed_fails(judged: Bench) -> None:
    assert told(judged('a,b\n1,"2\n3,4\n')) == ("fail", "not-csv")
    assert told(judged('a,b\n1,"2"x\n')) == ("fail", "not-csv")


def test_a_field_or_a_line_without_end_is_no_verdict(
    judged: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(judged("a,b\n1," + "x" * 200_000)) == ("error", "too-large")
    monkeypatch.setattr(parse_rows, "_MOST_CHARACTERS_OF_A_ROW", 50)
    assert told(judged("a,b\n1," + "x" * 100)) == ("error", "too-large")


# ------------------------------------------------------------------------------------------ JSON


@pytest.mark.parametrize("kind", ["json", "jsonl"])
def test_rows_that_lack_a_column_are_ragged(judged: Bench, kind: str) -> None:
    rows = [{"id": 1, "at": 2}, {"id": 1}, 7]
    text = json.dumps(rows) if kind == "json" else "\n".join(map(json.dumps, rows))
    assert told(judged(text, kind, columns=["id"], maximum_ragged=1)) == ("pass", "")
    assert told(judged(text, kind, columns=["id", "at"], maximum_ragged=1)) == ("fail", "ragged")
    assert told(judged(text, kind, columns=["name"])) == ("fail", "column-missing")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"id": 1}', ("pass", "")),
        ("[]", ("fail", "below-floor")),
        ("[ ]\n", ("fail", "below-floor")),
        ('[{"id": 1} {"id": 2}]', ("fail", "not-json")),
        ('[{"id": 1},]', ("fail", "not-json")),
        ('[{"id": 1}', ("fail", "not-json")),
        ('[{"id": 1}]x', ("fail", "not-json")),
        ("[" * 100_000, ("error", "too-large")),
        ("id,name", ("fail", "not-json")),
    ],
)
def test_json_is_one_array_of_rows_or_one_row(
    judged: Bench, text: str, expected: tuple[str, str]
) -> None:
    assert told(judged(text, "json")) == expected


def test_rows_are_read_across_the_pieces_of_a_file(
    judged: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parse_rows, "CHUNK_BYTES", 3)
    text = "[" + ", ".join(f'{{"id": {number}}}' for number in range(1_000)) + "]  \n"
    result = judged(text, "json", minimum_rows=1_000, columns=["id"])
    assert told(result) == ("pass", "")
    assert told(judged("123456", "json", maximum_ragged=1)) == ("pass", "")


def test_a_row_without_end_is_no_verdict(judged: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse_rows, "_MOST_CHARACTERS_OF_A_ROW", 50)
    monkeypatch.setattr(parse_rows, "CHUNK_BYTES", 10)
    assert told(judged('[{"id": "' + "x" * 200 + '"}]', "json")) == ("error", "too-large")


def test_a_line_that_is_no_json_fails_with_its_number(judged: Bench) -> None:
    result = judged('{"id": 1}\n\n{"id": 2\n', "jsonl")
    assert told(result) == ("fail", "not-json")
    assert "line 3" in result.detail
    assert told(judged("[" * 100_000, "jsonl")) == ("error", "too-large")


# ---------------------------------------------------------------------------------------- newest


NEWEST = {"column": "at", "within": "26h"}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-01-01T06:00:00Z", ("pass", "")),
        ("2026-01-01T05:59:59Z", ("fail", "too-old")),
        ("2026-01-01T11:44:00+05:45", ("fail", "too-old")),
        ("2026-01-01 06:00:00", ("pass", "")),
        ("20260102", ("pass", "")),
        (NOW.timestamp(), ("pass", "")),
        (str(NOW.timestamp() - 27 * 3_600), ("fail", "too-old")),
        ("2026-01-02T09:00:00Z", ("fail", "no-moment")),
        ("yesterday", ("fail", "no-moment")),
        (1e300, ("fail", "no-moment")),
        (None, ("fail", "no-moment")),
    ],
)
def test_the_newest_moment_may_be_only_so_old(
    judged: Bench, at: object, expected: tuple[str, str]
) -> None:
    assert told(judged(jsonl_text(2, at=at), "jsonl", newest=NEWEST)) == expected


def test_the_newest_of_all_rows_counts_and_one_ahead_of_time_hides_nothing(judged: Bench) -> None:
    old, new, ahead = "2025-12-01T00:00Z", "2026-01-02T07:00Z", "2030-01-01T00:00Z"
    lines = [f"{number},{at}\n" for number, at in enumerate((old, new, old))]
    text = "".join(("id,at\n", *lines))
    assert told(judged(text, newest=NEWEST)) == ("pass", "")
    assert told(judged(text.replace(new, ahead), newest=NEWEST)) == ("fail", "too-old")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-01-02T07:00Z", dt.datetime(2026, 1, 2, 7, tzinfo=dt.UTC)),
        ("2026-01-02T07:00+05:00", dt.datetime(2026, 1, 2, 2, tzinfo=dt.UTC)),
        ("2025-12-01", dt.datetime(2025, 12, 1, tzinfo=dt.UTC)),
        ("2026-01-02T09:00Z", None),
        ("0001-01-01T00:00+05:00", None),
    ],
)
def test_the_newest_moment_is_handed_on_in_utc(
    judged: Bench, at: str, expected: dt.datetime | None
) -> None:
    result = judged(jsonl_text(2, at=at), "jsonl", newest=NEWEST)
    assert result.newest_at == expected
    assert expected is None or result.newest_at is None or result.newest_at.tzinfo is dt.UTC
    assert judged(jsonl_text(2, at=at), "jsonl").newest_at is None


def test_a_period_that_is_none_is_no_verdict(judged: Bench) -> None:
    for within in ("PT", "0h"):
        newest = {"column": "at", "within": within}
        assert told(judged(csv_text(), newest=newest)) == ("error", "bad-arguments")


# ---------------------------------------------------------------------------------------- bounds


@pytest.mark.parametrize("kind", TEXTS)
def test_without_time_or_once_cancelled_there_is_no_verdict(judged: Bench, kind: str) -> None:
    late = kit_of(deadline_seconds=-1.0)
    assert told(judged(TEXTS[kind], kind, kit=late)) == ("error", "timed-out")
    off = kit_of(is_cancelled=lambda: True)
    assert told(judged(TEXTS[kind], kind, kit=off)) == ("error", "cancelled")


@pytest.mark.parametrize(
    "more",
    [{"format": "xml"}, {"delimiter": ""}, {"maximum_ragged": -1}, {"newest": {"column": "a"}}],
)
def test_arguments_that_make_no_sense_are_refused(more: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"path": "a", "format": "csv", "minimum_rows": 1, **more}, ParseArguments)
