"""The check that a PostgreSQL dump can be restored and holds as many rows as it must.

1. The dump is looked at: a plain one must say at its end that it is complete.
2. A cluster of its own is made: a Unix socket only, no TCP, a folder of its own.
3. The dump is restored into a new database, as a user who may not run programs.
4. Rows are counted and the drill's queries are asked, read-only.
5. The cluster is stopped and removed, always.

`pg_restore --list` would not do: it passes a dump that is cut in half.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import msgspec

from ccir.checks.interface import CheckKit
from ccir.checks.postgres_bench import Bench, Wishes
from ccir.checks.postgres_faults import is_no_number
from ccir.checks.reading import BadDataError, NoVerdictError, judge_files, no_verdict
from ccir.domain.outcomes import CheckResult

NAME = "postgres"
_MOST_ASSERTIONS = 100
_Name = Annotated[str, msgspec.Meta(min_length=1)]
_Tables = Annotated[dict[_Name, int], msgspec.Meta(max_length=_MOST_ASSERTIONS)]


class Query(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question that is answered with one number, and the least that it may be."""

    sql: Annotated[str, msgspec.Meta(pattern=r"^[^\\]")]
    minimum: float


class PostgresArguments(Wishes, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which dumps (a path or glob), and what each of them must hold.

    `tables` gives each table (`customers`, `crm.customers`) its least number of rows.
    The other fields are those of `Wishes`.
    """

    path: str
    tables: _Tables = msgspec.field(default_factory=dict)
    queries: Annotated[tuple[Query, ...], msgspec.Meta(max_length=_MOST_ASSERTIONS)] = ()


class Postgres:
    """Restores `pg_dump -Fc` and plain dumps, these also with gzip, into a scratch cluster."""

    @property
    def arguments(self) -> type[PostgresArguments]:
        """The dumps and the floors."""
        return PostgresArguments

    def run(self, folder: Path, arguments: PostgresArguments, kit: CheckKit) -> CheckResult:
        """Judge every dump that the path names; the worst result counts."""
        floors = (*arguments.tables.values(), *(query.minimum for query in arguments.queries))
        if not floors or min(floors) <= 0:
            detail = "without a table or a query with a floor above 0 the check asserts nothing"
            hint = "name tables and rows, as 'tables: {customers: 1}'"
            return no_verdict(NAME, "no-floor", detail, hint=hint)
        result = no_verdict(NAME, "cancelled", "it was not begun", hint="try again")
        try:
            with ExitStack() as stack:
                bench = Bench(arguments, kit, stack)
                judge = _Judge(arguments, bench)
                result = judge_files(NAME, judge, folder=folder, pattern=arguments.path)
        except NoVerdictError as error:  # from cleaning up: a proven failure stays one
            left = no_verdict(NAME, error.reason, error.detail, hint=error.hint)
            return result if result.verdict == "fail" else left
        return result


class _Judge:
    """Restores one dump and holds the floors against what it holds."""

    def __init__(self, arguments: PostgresArguments, bench: Bench) -> None:
        self._arguments = arguments
        self._bench = bench

    def __call__(self, dump: Path) -> str:
        self._bench.restore(dump)
        counts = [self._rows(name, floor) for name, floor in self._arguments.tables.items()]
        for number, query in enumerate(self._arguments.queries, start=1):
            self._ask(number, query)
        asked = len(self._arguments.queries)
        told = [f"rows: {', '.join(counts)}"] if counts else []
        told += [_all_well(asked)] if asked else []
        return f"restored; {'; '.join(told)}"

    def _rows(self, table: str, floor: int) -> str:
        answer = self._bench.ask(f"SELECT count(*) FROM {_quoted(table)}")  # noqa: S608 - the name is quoted
        if answer.is_missing:
            raise BadDataError("table-missing", f"there is no table '{table}'")
        count = int(answer.number(f"table '{table}'"))
        if count < floor:
            raise BadDataError("below-floor", f"table '{table}' holds {count} rows of {floor}")
        return f"{table} {count}"

    def _ask(self, number: int, query: Query) -> None:
        what = f"query {number}"
        answer = self._bench.ask(query.sql)
        if answer.is_missing:
            raise BadDataError("table-missing", f"{what} asks for a table that is not there")
        found = answer.number(what)
        if is_no_number(found) or found < query.minimum:
            detail = f"{what} is answered with {found:g}; the floor is {query.minimum:g}"
            raise BadDataError("below-floor", detail)


def _all_well(asked: int) -> str:
    return "1 query as it should be" if asked == 1 else f"{asked} queries as they should be"


def _quoted(table: str) -> str:
    parts = table.split(".", maxsplit=1)
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


MEMBER = Postgres()
