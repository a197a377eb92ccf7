from __future__ import annotations

import errno
from pathlib import Path

import pytest

from ccir.drilling.failures import judge_rto, unwritable

SCRATCH = Path("/srv/scratch")


def test_a_file_s_name_is_left_out_of_what_could_not_be_written() -> None:
    error = PermissionError(errno.EACCES, "Permission denied", "/srv/scratch/jane-doe.pdf")
    found = unwritable(error, SCRATCH)
    assert (found.verdict, found.reason) == ("error", "unwritable")
    assert found.detail == "/srv/scratch: Permission denied"


def test_an_error_without_words_is_told_by_its_kind() -> None:
    assert unwritable(TimeoutError(), SCRATCH).detail == "/srv/scratch: TimeoutError"


@pytest.mark.parametrize(
    ("seconds", "objective", "verdict", "detail"),
    [
        (60.0, 60.0, "pass", "it took 1 min; the RTO is 1 min"),
        (60.5, 60.0, "fail", "it took 1 min; the RTO is 1 min, missed by 0.5 s"),
        (0.24, None, "pass", "it took 0.2 s; no RTO is set"),
    ],
)
def test_a_restore_is_judged_by_its_time(
    *, seconds: float, objective: float | None, verdict: str, detail: str
) -> None:
    found = judge_rto(seconds, objective)
    assert (found.verdict, found.detail) == (verdict, detail)
    assert found.reason == ("rto-exceeded" if verdict == "fail" else "")
