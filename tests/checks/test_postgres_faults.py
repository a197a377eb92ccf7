from __future__ import annotations

import pytest

from ccir.checks.postgres_faults import Answer, judge_restore
from ccir.checks.reading import BadDataError, NoVerdictError
from ccir.program import Finished


def finished(*, stdout: str = "", stderr: str = "", code: int = 0) -> Finished:
    return Finished(
        exit_code=code,
        signal=None,
        ended="exited",
        stop=None,
        stdout=stdout,
        stderr=stderr,
        is_truncated=False,
        was_killed=False,
        seconds=0.1,
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("pg_restore: error: unsupported version (1.16) in file header", "tool-too-old"),
        ('ERROR:  unrecognized configuration parameter "transaction_timeout"', "tool-too-old"),
        ("psql:<stdin>:1: error: invalid command \\restrict", "tool-too-old"),
        ("ERROR:  could not extend file: No space left on device", "no-space"),
        ('ERROR:  extension "postgis" is not available', "extension-missing"),
        ('ERROR:  permission denied to create extension "dblink"', "extension-missing"),
        ("ERROR:  must be superuser to create a base type", "permission-denied"),
        ('ERROR:  collation "de_DE" for encoding "UTF8" does not exist', "not-supported"),
        ('ERROR:  role "app" does not exist', "role-missing"),
        (
            'pg_restore: error: could not execute query: ERROR:  role "a b" does not exist',
            "role-missing",
        ),
        ('ERROR:  tablespace "fast" does not exist', "not-supported"),
        ("psql: error: connection to server on socket failed", "cluster-failed"),
    ],
)
def test_what_only_the_surroundings_lack_is_no_verdict(line: str, reason: str) -> None:
    with pytest.raises(NoVerdictError) as raised:
        judge_restore(finished(stderr=f"psql:<stdin>:7: {line}\nHINT:  x\n", code=3))
    assert raised.value.reason == reason


@pytest.mark.parametrize(
    "stderr",
    [
        "pg_restore: error: could not uncompress data: incorrect data check",
        "ERROR:  duplicate key\nDETAIL:  Key (name)=(No space left on device) already exists.",
        "",
        'ERROR:  invalid input syntax for type json: "role "app" does not exist"',
        'ERROR:  invalid input syntax for type integer: "tablespace "x" does not exist" and more',
        'ERROR:  duplicate key\nCONTEXT:  COPY a, line 1: "role "app" does not exist"',
    ],
)
def test_anything_else_is_the_dumps_fault_and_no_row_is_told(stderr: str) -> None:
    with pytest.raises(BadDataError, match="ended with exit code 1") as raised:
        judge_restore(finished(stderr=stderr, code=1))
    assert "device" not in str(raised.value)


def test_a_whole_restore_is_good_whatever_it_warned_of() -> None:
    judge_restore(finished(stderr="WARNING: wal_level is insufficient"))


def test_a_refusal_without_a_code_is_no_verdict() -> None:
    with pytest.raises(NoVerdictError, match="unknown"):
        Answer(finished=finished(code=2)).number("query 1")
