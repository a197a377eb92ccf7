from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.domain.drill_history import Played
from ccir.domain.outcomes import Objective, measured
from ccir.domain.rto_estimate import (
    NoEstimate,
    Restored,
    RtoEstimate,
    estimate,
    whole_restores,
)
from support.drill_course import drilled

GIB = 2**30


def restores(*sizes: tuple[int, int], a: float = 10, b: float = 8, c: float = 0) -> list[Restored]:
    """Return restores that take `a`, `b` for each GiB and `c` for each file."""
    return [
        Restored(bytes=gib * GIB, files=files, seconds=a + b * gib + c * files)
        for gib, files in sizes
    ]


def found(of: list[Restored], *, gib: float, files: int = 0) -> RtoEstimate:
    answer = estimate(of, size_bytes=round(gib * GIB), files=files)
    assert isinstance(answer, RtoEstimate)
    return answer


def refused(of: list[Restored]) -> str:
    answer = estimate(of, size_bytes=GIB, files=1)
    assert isinstance(answer, NoEstimate)
    return answer.why


def test_3_a_line_through_what_was_measured_says_how_long_another_size_takes() -> None:
    answer = found(restores((1, 5), (2, 9), (4, 2)), gib=3)
    assert answer.seconds == pytest.approx(34)
    assert answer.a == pytest.approx(10)
    assert answer.b * GIB == pytest.approx(8)
    assert (answer.c, answer.restores, answer.is_beyond) == (None, 3, False)
    assert answer.p95_residual_seconds == pytest.approx(0, abs=1e-6)


def test_3_files_count_from_five_restores_on() -> None:
    sizes = ((1, 900), (2, 100), (4, 700), (5, 50), (3, 400))
    four = found(restores(*sizes[:4], c=0.05), gib=3, files=1_000)
    assert four.c is None
    five = found(restores(*sizes, c=0.05), gib=3, files=1_000)
    assert five.c == pytest.approx(0.05)
    assert five.seconds == pytest.approx(10 + 24 + 50)


@pytest.mark.parametrize("files", [(10, 20, 30, 40, 50), (7, 7, 7, 7, 7)])
def test_3_files_that_follow_the_bytes_or_never_change_explain_nothing(
    files: tuple[int, ...],
) -> None:
    sizes = tuple(zip((1, 2, 3, 4, 5), files, strict=True))
    assert found(restores(*sizes), gib=3, files=30).c is None


def test_3_a_model_in_which_more_files_save_time_is_not_taken() -> None:
    sizes = ((1, 100), (2, 900), (3, 50), (4, 700), (5, 400))
    answer = found(restores(*sizes, c=-0.001), gib=3, files=100)
    assert answer.c is None
    assert answer.p95_residual_seconds > 0


def test_the_residual_is_what_95_of_100_restores_keep_to() -> None:
    of = restores((1, 0), (2, 0), (3, 0), (4, 0))
    of[1] = msgspec.structs.replace(of[1], seconds=of[1].seconds + 10)
    of[2] = msgspec.structs.replace(of[2], seconds=of[2].seconds - 10)
    assert found(of, gib=2).p95_residual_seconds == pytest.approx(9)


def test_more_than_was_ever_restored_is_beyond_what_is_known() -> None:
    of = restores((1, 0), (2, 0), (3, 0))
    assert found(of, gib=3.5).is_beyond
    assert not found(of, gib=3).is_beyond


def test_2_fewer_than_three_sizes_are_refused() -> None:
    assert refused([]) == (
        "it takes 3 full restores of different sizes, there are 0; samples and streams do not count"
    )
    assert "there are 2" in refused(restores((1, 1), (1, 2), (2, 3), (2, 4)))


def test_2_restores_that_size_does_not_explain_are_refused() -> None:
    why = "larger restores did not take longer, so size does not explain it"
    assert refused(restores((1, 0), (2, 0), (3, 0), a=100, b=-8)) == why
    assert refused(restores((1, 0), (2, 0), (3, 0), b=0)) == why
    far = restores((3, 0), (4, 0), (5, 0), a=-20)
    assert refused(far) == "it is too far below everything that was restored"


@given(st.integers(1, 50), st.integers(1, 500), st.integers(0, 10**7))
def test_whatever_the_scale_the_line_is_found_again(a: int, b: int, files: int) -> None:
    of = restores((1, files), (3, files), (400, files), a=a, b=b)
    assert found(of, gib=100, files=files).seconds == pytest.approx(a + 100 * b)


def test_1_only_whole_restores_that_were_measured_count() -> None:
    whole = drilled()
    others = (
        msgspec.structs.replace(whole, mode="sample"),
        msgspec.structs.replace(whole, mode="stream"),
        msgspec.structs.replace(whole, rto=Objective()),
        msgspec.structs.replace(whole, bytes=0),
    )
    at = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    played = [
        Played(run="DR-2026-0001", seq=1, at=at, result=result) for result in (whole, *others)
    ]
    assert whole_restores(played) == [Restored(bytes=1_456_624, files=61, seconds=1_000)]
    late = msgspec.structs.replace(whole, verdict="fail", rto=measured(9_000, against=900))
    assert whole_restores([Played(run="DR-2026-0001", seq=1, at=at, result=late)])
