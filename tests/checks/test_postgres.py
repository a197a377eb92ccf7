from __future__ import annotations

import gzip
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ccir.checks import postgres, postgres_bench, postgres_cluster
from ccir.checks.postgres import MEMBER, PostgresArguments, Query
from ccir.checks.reading import BadDataError, NoVerdictError
from support.benches import CheckBench
from support.checks import kit_of, told
from support.postgres_bench import NAME, TABLES, Bench
from support.postgres_dumps import (
    PERSON,
    ROLE,
    ROWS,
    Dumps,
    dumps,
    hasty_programs,
    placed,
    programs,
)
from support.unprivileged import open_folder, without_privileges


@pytest.fixture
def member(tmp_path_factory: pytest.TempPathFactory) -> CheckBench:
    programs()
    good = tmp_path_factory.mktemp("good")
    bad = tmp_path_factory.mktemp("bad")
    (good / NAME).write_bytes(dumps().custom)
    (bad / NAME).write_bytes(dumps().plain[:5_000])
    return CheckBench(
        name="postgres",
        check=MEMBER,
        good=good,
        bad=bad,
        arguments={"path": NAME, "tables": TABLES},
        toothless=(
            {"path": NAME},
            {"path": NAME, "tables": {"customers": 0}},
            {"path": NAME, "queries": [{"sql": "SELECT 1", "minimum": 0}]},
        ),
    )


@pytest.fixture
def made() -> Dumps:
    programs()
    return dumps()


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files that the user of the cluster can reach."""
    with open_folder() as folder:
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        yield folder


@pytest.fixture(scope="module")
def hasty() -> Iterator[Path]:
    """The programs that take less time; the real ones are tried where time or users matter."""
    with hasty_programs() as folder:
        yield folder


@pytest.fixture
def judged(tmp_path: Path, temporary: Path, hasty: Path) -> Bench:
    return Bench(tmp_path, temporary=temporary, programs=hasty)


# ------------------------------------------------------------------------------------ good dumps


@pytest.mark.parametrize("kind", ["custom", "plain", "with_create"])
def test_a_whole_dump_passes_and_its_rows_are_told(judged: Bench, made: Dumps, kind: str) -> None:
    result = judged(getattr(made, kind))
    assert told(result) == ("pass", "")
    assert result.detail == f"{NAME}: restored; rows: customers {ROWS}, calls.recordings 1"


@pytest.mark.parametrize("kind", ["custom", "plain"])
def test_a_dump_that_gzip_packed_passes(judged: Bench, made: Dumps, kind: str) -> None:
    assert told(judged(gzip.compress(getattr(made, kind)))) == ("pass", "")


def test_several_dumps_are_judged_one_after_the_other(judged: Bench, made: Dumps) -> None:
    (judged.folder / "b.dump").write_bytes(made.plain)
    assert told(judged(made.plain, path="*.dump")) == ("pass", "")


def test_the_worst_of_several_dumps_counts(judged: Bench, made: Dumps) -> None:
    (judged.folder / "b.dump").write_bytes(made.plain[:9_000])
    assert told(judged(made.plain, path="*.dump")) == ("fail", "dump-incomplete")


# ----------------------------------------------------------------------------------------- damage


def flipped(octets: bytes, at: int) -> bytes:
    return octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :]


@pytest.mark.parametrize("damage", ["cut in half", "one bit", "last three bytes"])
def test_a_damaged_custom_dump_fails(judged: Bench, made: Dumps, damage: str) -> None:
    octets = made.custom
    half = len(octets) // 2
    damaged = {
        "cut in half": octets[:half],
        "one bit": flipped(octets, half),
        "last three bytes": octets[:-3],
    }[damage]
    assert told(judged(damaged)) == ("fail", "dump-damaged")


def test_a_plain_dump_that_is_cut_fails_without_being_restored(judged: Bench, made: Dumps) -> None:
    in_rows = made.plain.index(f"{PERSON} 1500".encode())
    for end in (in_rows, len(made.plain) // 2, made.plain.index(b"-- PostgreSQL database dump c")):
        result = judged(made.plain[:end], programs="/nonexistent")
        assert told(result) == ("fail", "dump-incomplete")


def test_the_words_at_the_end_do_not_count_within_rows_or_before_more(
    judged: Bench, made: Dumps
) -> None:
    words = b"\n-- PostgreSQL database dump complete\n"
    in_rows = made.plain.index(f"{PERSON} 1500".encode())
    assert told(judged(made.plain[:in_rows] + words)) == ("fail", "dump-incomplete")
    assert told(judged(made.plain + b"SELECT 1;\n")) == ("fail", "dump-incomplete")


def test_a_changed_byte_that_breaks_a_plain_dumps_rows_fails(judged: Bench, made: Dumps) -> None:
    at = made.plain.index(b"\t", made.plain.index(f"{PERSON} 1500".encode()))
    assert told(judged(flipped(made.plain, at))) == ("fail", "dump-damaged")


def test_a_damaged_gzip_fails(judged: Bench, made: Dumps) -> None:
    packed = gzip.compress(made.plain)
    assert told(judged(packed[:-3])) == ("fail", "dump-damaged")
    assert told(judged(flipped(packed, len(packed) // 2))) == ("fail", "dump-damaged")


def test_an_empty_dump_fails(judged: Bench) -> None:
    for octets in (b"", gzip.compress(b"")):
        assert told(judged(octets)) == ("fail", "empty-file")


def test_what_is_no_dump_fails(judged: Bench, made: Dumps) -> None:
    assert told(judged(b"SELECT 1;\n")) == ("fail", "dump-incomplete")
    assert told(judged(made.custom[:8])) == ("fail", "dump-damaged")


# ------------------------------------------------------------------------------------- assertions


def test_too_few_rows_fail(judged: Bench, made: Dumps) -> None:
    result = judged(made.plain, tables={"customers": ROWS + 1})
    assert told(result) == ("fail", "below-floor")
    assert f"holds {ROWS} rows of {ROWS + 1}" in result.detail


def test_queries_that_are_answered_with_enough_pass(judged: Bench, made: Dumps) -> None:
    query = {"sql": "SELECT count(*) FROM customers WHERE id > 10", "minimum": 2_990}
    result = judged(made.plain, queries=[query])
    assert told(result) == ("pass", "")
    assert result.detail == f"{NAME}: restored; 1 query as it should be"


def test_missing_tables_and_other_answers_do_not_pass(judged: Bench, made: Dumps) -> None:
    (judged.folder / NAME).write_bytes(made.plain)
    kit = kit_of(scratch=judged.scratch, deadline_seconds=60.0)
    with ExitStack() as stack:
        wishes = postgres_bench.Wishes(programs=judged.programs)
        bench = postgres_bench.Bench(wishes, kit, stack)
        bench.restore(judged.folder / NAME)
        judge = postgres._Judge(PostgresArguments(path=NAME), bench)
        for table in ("Customers", "x.customers", 'a"; DROP TABLE customers; --'):
            with pytest.raises(BadDataError, match="there is no table"):
                judge._rows(table, 1)
        for sql, reason in ANSWERS.items():
            assert reason_of(judge, sql) == reason, sql


def reason_of(judge: postgres._Judge, sql: str) -> str:
    with pytest.raises((BadDataError, NoVerdictError)) as raised:
        judge._ask(1, Query(sql=sql, minimum=1_000))
    error = raised.value
    assert PERSON not in str(error)
    assert isinstance(error, BadDataError | NoVerdictError)
    return error.reason


ANSWERS = {
    "SELECT count(*) FROM customers WHERE id < 10": "below-floor",
    "SELECT 'NaN'::float": "below-floor",
    "SELECT NULL": "below-floor",
    "SELECT count(*) FROM nowhere": "table-missing",
    "SELECT name FROM customers LIMIT 1": "query-failed",
    "SELEC 1": "query-failed",
    "DELETE FROM customers RETURNING 1000": "query-failed",
    "COPY customers TO PROGRAM 'cat'": "query-failed",
}


# ----------------------------------------------------------------------------------- safe keeping


@pytest.mark.parametrize(
    "line", ["\\! touch {ran}", "COPY customers FROM PROGRAM 'touch {ran}';", "\\o {ran}"]
)
def test_a_dump_cannot_run_programs(judged: Bench, made: Dumps, line: str) -> None:
    judged.temporary.chmod(0o777)
    ran = judged.temporary / "ran"
    harmful = line.format(ran=ran).encode() + b"\n-- PostgreSQL database dump complete"
    octets = made.plain.replace(b"-- PostgreSQL database dump complete", harmful)
    assert judged(octets).verdict == "error"
    assert not ran.exists()


@pytest.mark.parametrize(
    ("is_trusted", "expected"), [(False, ("error", "permission-denied")), (True, ("pass", ""))]
)
def test_what_only_a_superuser_may_do_is_no_verdict_until_the_dump_is_trusted(
    judged: Bench, *, is_trusted: bool, expected: tuple[str, str]
) -> None:
    assert told(judged(dumps().with_trigger, as_superuser=is_trusted)) == expected


def test_an_extension_that_cannot_be_made_is_no_verdict(judged: Bench, made: Dumps) -> None:
    result = judged(made.plain, extensions=["no-such"])
    assert told(result) == ("error", "extension-missing")
    assert "the drill names" in result.detail


def test_a_database_that_cannot_be_made_otherwise_is_no_verdict(judged: Bench, made: Dumps) -> None:
    assert told(judged(made.plain, encoding="no-such")) == ("error", "cluster-failed")
    assert told(judged(made.plain, roles=["pg_app"])) == ("error", "cluster-failed")


def test_a_dump_that_needs_an_extension_is_no_verdict_without_it(
    judged: Bench, made: Dumps
) -> None:
    needs = made.plain.replace(b"\nCREATE TABLE", b"\nCREATE EXTENSION no_such;\nCREATE TABLE", 1)
    assert told(judged(needs)) == ("error", "extension-missing")


@pytest.mark.parametrize("kind", ["custom", "plain"])
def test_a_dump_that_names_a_role_is_no_verdict_until_the_role_is_named(
    judged: Bench, kind: str
) -> None:
    octets = getattr(placed(), kind)
    result = judged(octets)
    assert told(result) == ("error", "role-missing")
    assert result.hint == "name the role in `roles`"
    assert told(judged(octets, roles=[ROLE])) == ("pass", "")


@pytest.mark.parametrize("kind", ["custom", "plain"])
def test_row_security_hides_no_row_that_came_back(judged: Bench, kind: str) -> None:
    result = judged(getattr(placed(), kind), roles=[ROLE], tables={"guarded": 2})
    assert result.detail == f"{NAME}: restored; rows: guarded 2"


def test_roles_are_there_for_every_dump_of_the_drill(judged: Bench) -> None:
    (judged.folder / "b.dump").write_bytes(placed().custom)
    assert told(judged(placed().plain, path="*.dump", roles=[ROLE])) == ("pass", "")


def test_damage_is_found_before_a_role_is_missed(judged: Bench) -> None:
    octets = placed().custom
    assert told(judged(flipped(octets, len(octets) // 2))) == ("fail", "dump-damaged")
    plain = placed().plain
    at = plain.index(b"\t", plain.index(f"{PERSON} 1500".encode()))
    assert told(judged(flipped(plain, at))) == ("fail", "dump-damaged")


def test_a_table_space_that_a_script_names_itself_is_no_verdict(judged: Bench, made: Dumps) -> None:
    end = b"-- PostgreSQL database dump complete"
    octets = made.plain.replace(end, b"CREATE TABLE public.x (i int) TABLESPACE gone;\n" + end)
    assert told(judged(octets)) == ("error", "not-supported")


def test_no_dump_makes_a_table_space_in_a_folder_of_this_machine(
    judged: Bench, made: Dumps
) -> None:
    judged.temporary.chmod(0o777)
    folder = judged.temporary / "space"
    folder.mkdir()
    folder.chmod(0o777)
    end = b"-- PostgreSQL database dump complete"
    octets = made.plain.replace(end, f"CREATE TABLESPACE x LOCATION '{folder}';\n".encode() + end)
    assert told(judged(octets, as_superuser=True)) == ("pass", "")
    assert [*folder.iterdir()] == []


def test_a_dump_in_a_folder_or_a_tar_is_no_verdict(judged: Bench, made: Dumps) -> None:
    in_folder = made.custom[:10] + b"\5" + made.custom[11:]
    for octets in (in_folder, made.tar):
        assert told(judged(octets)) == ("error", "not-supported")


# ----------------------------------------------------------------------------------------- bounds


def test_without_postgresql_there_is_no_verdict(judged: Bench, made: Dumps, tmp_path: Path) -> None:
    result = judged(made.plain, programs=str(tmp_path))
    assert told(result) == ("error", "tool-missing")
    assert "apt-get install postgresql" in result.hint


@pytest.mark.parametrize("seconds", [-1.0, 0.3])
def test_without_time_there_is_no_verdict(judged: Bench, made: Dumps, seconds: float) -> None:
    kit = kit_of(scratch=judged.scratch, deadline_seconds=seconds)
    assert told(judged(made.custom, kit=kit, programs=None)) == ("error", "timed-out")


# How often it asks depends on the machine; before each of its programs it asks for certain.
@pytest.mark.parametrize("asked", [1, 5, 9, 13])
def test_a_cancelled_check_leaves_nothing(judged: Bench, made: Dumps, asked: int) -> None:
    left = iter(range(asked))
    kit = kit_of(
        scratch=judged.scratch, deadline_seconds=60.0, is_cancelled=lambda: next(left, None) is None
    )
    assert told(judged(made.custom, kit=kit, programs=None)) == ("error", "cancelled")


def test_a_cluster_that_grows_too_large_is_no_verdict(
    judged: Bench, made: Dumps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_cluster, "_SECONDS_BETWEEN_MEASURES", 0.0)
    assert told(judged(made.custom, maximum_bytes=1_000)) == ("error", "too-large")


def test_without_room_there_is_no_verdict(
    judged: Bench, made: Dumps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(postgres_bench._FACTORS, "custom", 1 << 50)
    assert told(judged(made.custom)) == ("error", "no-space")


def test_an_ordinary_user_keeps_the_cluster_in_the_scratch_folder(
    made: Dumps, temporary: Path
) -> None:
    bench = Bench(temporary, temporary=temporary)
    (bench.folder / NAME).touch()
    with without_privileges(temporary):
        assert told(bench(made.plain)) == ("pass", "")


@pytest.mark.parametrize(
    ("floor", "expected"),
    [(ROWS, ("error", "cleanup-failed")), (ROWS + 1, ("fail", "below-floor"))],
)
def test_what_cannot_be_removed_is_told_unless_the_dump_is_bad(
    judged: Bench, floor: int, expected: tuple[str, str]
) -> None:
    (judged.folder / NAME).write_bytes(dumps().custom)
    arguments = PostgresArguments(path=NAME, tables={"customers": floor}, programs=judged.programs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda _path, **_more: None)
        result = MEMBER.run(judged.folder, arguments, kit_of(deadline_seconds=60.0))
    assert told(result) == expected


@pytest.mark.parametrize(
    "more",
    [
        {"queries": [{"sql": "\\! true", "minimum": 1}]},
        {"encoding": "UTF8'; DROP"},
        {"maximum_bytes": 0},
        {"extensions": [""]},
        {"roles": [""]},
    ],
)
def test_arguments_that_make_no_sense_are_refused(more: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"path": "a", **more}, PostgresArguments)
