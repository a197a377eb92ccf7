"""The check that an export can be read to its end and holds what it must."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from ccir.checks.interface import CheckKit
from ccir.checks.newest import Newest, NewestRule
from ccir.checks.parse_rows import Row, Rows, csv_rows, json_lines, json_rows
from ccir.checks.reading import BadDataError, Seen, Watch, judge_files, no_verdict
from ccir.clock import Clock
from ccir.domain.outcomes import CheckResult

NAME = "parse"
_Delimiter = Annotated[str, msgspec.Meta(min_length=1, max_length=1)]


class ParseArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which files (a path or glob), and what each of them must hold at least.

    Of `json` each element of the outermost array is a row, of `jsonl` each line. A row that
    has more or fewer fields than the CSV's heading, or lacks one of `columns`, is ragged; so is
    the last line of a CSV that does not end.
    `newest` says how old the newest moment in a column may be. `delimiter` is for CSV.
    """

    path: str
    format: Literal["csv", "json", "jsonl"]
    minimum_rows: int
    columns: tuple[str, ...] = ()
    newest: NewestRule | None = None
    maximum_ragged: Annotated[int, msgspec.Meta(ge=0)] = 0
    encoding: str = "utf-8"
    delimiter: _Delimiter = ","


class Parse:
    """Reads every row; no value of the data is told."""

    @property
    def arguments(self) -> type[ParseArguments]:
        """The files, their format and the floors."""
        return ParseArguments

    def run(self, folder: Path, arguments: ParseArguments, kit: CheckKit) -> CheckResult:
        """Judge every file that the path names; the worst result counts."""
        if arguments.minimum_rows < 1:
            detail = "a floor below 1 row asserts nothing"
            return no_verdict(NAME, "no-floor", detail, hint="set minimum_rows to 1 or more")
        if not _is_encoding(arguments.encoding):
            detail = f"there is no encoding '{arguments.encoding}'"
            hint = "name one that Python knows, as utf-8 or latin-1"
            return no_verdict(NAME, "bad-arguments", detail, hint=hint)
        judge = partial(_judge, arguments=arguments, watch=Watch(kit), clock=kit.clock)
        return judge_files(NAME, judge, folder=folder, pattern=arguments.path)


class _Tally:
    """What the rows of one file came to so far."""

    def __init__(self, arguments: ParseArguments, newest: Newest | None) -> None:
        self._wanted = frozenset(arguments.columns)
        self._maximum_ragged = arguments.maximum_ragged
        self._missing = set(self._wanted)
        self._newest = newest
        self.rows = 0
        self.ragged = 0

    def add(self, row: Row) -> None:
        if row.is_heading:
            self._missing -= row.fields.keys()
            return
        self.rows += 1
        self._missing -= row.fields.keys()
        self.ragged += row.is_ragged or not self._wanted <= row.fields.keys()
        if self._newest is not None:
            self._newest.add(row.fields)

    def judge(self, minimum_rows: int) -> dt.datetime | None:
        """Hold the floors against what was seen, and return the newest moment if one is asked.

        Raises:
            BadDataError: too few rows, a column that no row has, too many ragged rows.
        """
        if self.rows < minimum_rows:
            detail = f"it holds {self.rows} rows; the floor is {minimum_rows}"
            raise BadDataError("below-floor", detail)
        if self._missing:
            names = ", ".join(sorted(self._missing))
            raise BadDataError("column-missing", f"it has no column {names}")
        if self.ragged > self._maximum_ragged:
            detail = f"{self.ragged} of {self.rows} rows are ragged"
            raise BadDataError("ragged", f"{detail}; {self._maximum_ragged} are allowed")
        return None if self._newest is None else self._newest.judge()


def _judge(file: Path, *, arguments: ParseArguments, watch: Watch, clock: Clock) -> Seen:
    rule = arguments.newest
    newest = None if rule is None else Newest(rule, now=clock.now())
    tally = _Tally(arguments, newest)
    try:
        for row in _rows(file, arguments, watch):
            tally.add(row)
    except UnicodeError as error:
        detail = f"after {tally.rows} rows it is no {arguments.encoding}"
        raise BadDataError("encoding", detail) from error
    newest_at = tally.judge(arguments.minimum_rows)
    ragged = f", {tally.ragged} of them ragged" if tally.ragged else ""
    return Seen(detail=f"{tally.rows} rows{ragged}", newest_at=newest_at)


def _is_encoding(name: str) -> bool:
    try:
        "".encode(name)
    except (LookupError, ValueError):  # ValueError: the name holds a null byte
        return False
    return True


def _rows(file: Path, arguments: ParseArguments, watch: Watch) -> Rows:
    encoding = arguments.encoding
    match arguments.format:
        case "csv":
            return csv_rows(file, watch, encoding=encoding, delimiter=arguments.delimiter)
        case "json":
            return json_rows(file, watch, encoding=encoding)
        case "jsonl":
            return json_lines(file, watch, encoding=encoding)


MEMBER = Parse()
