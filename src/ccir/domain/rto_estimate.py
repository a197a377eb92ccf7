"""Estimates how long a restore of a given size takes, from restores that were really done.

1. Only drills that restored everything count, and only those that were measured. A sample or a
   stream is never reckoned up: measured, that was wrong by a factor of ten.
2. It takes three restores of different sizes, and one that is larger has to take longer.
3. The model is the least squares of `a + b·bytes`; of `a + b·bytes + c·files` where there are
   five restores, the number of files does not just follow the bytes, and more files take longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from ccir.domain.drill_history import Played
from ccir.domain.drill_trend import trend

_SIZES_AT_LEAST = 3
_WITH_FILES_AT_LEAST = 5
# Below this share of what is left unexplained, files say the same as bytes.
_OWN_SHARE_AT_LEAST = 1e-6


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """One whole restore: how much came back, and in how many seconds."""

    bytes: int
    files: int
    seconds: float


class RtoEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """An estimate in seconds for so many bytes and files, and the model behind it.

    `a` is in seconds, `b` in seconds a byte, `c` in seconds a file, None where the model has
    none. 95 of 100 of the `restores` lie within `p95_residual_seconds` of the model.
    `is_beyond` where more is to be restored than ever was.
    """

    seconds: float
    bytes: int
    files: int
    restores: int
    a: float
    b: float
    c: float | None
    p95_residual_seconds: float
    is_beyond: bool


class NoEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """There is no estimate; `why` says in words what it lacks."""

    why: str


def whole_restores(played: Iterable[Played]) -> list[Restored]:
    """Return the drills that restored everything and were measured."""
    return [
        Restored(bytes=result.bytes, files=result.files, seconds=result.rto.measured_seconds)
        for result in (each.result for each in played)
        if result.mode == "full" and result.bytes and result.rto.measured_seconds is not None
    ]


def estimate(
    restores: Sequence[Restored], *, size_bytes: int, files: int
) -> RtoEstimate | NoEstimate:
    """Return how long a restore of that size is going to take, or why that cannot be said."""
    sizes = {each.bytes for each in restores}
    if len(sizes) < _SIZES_AT_LEAST:
        return NoEstimate(
            why=f"it takes {_SIZES_AT_LEAST} full restores of different sizes, there are "
            f"{len(sizes)}; samples and streams do not count"
        )
    a, b, c = _fitted(restores)
    seconds = a + b * size_bytes + (c or 0.0) * files
    if b <= 0:
        return NoEstimate(why="larger restores did not take longer, so size does not explain it")
    if seconds <= 0:
        return NoEstimate(why="it is too far below everything that was restored")
    residuals = (abs(each.seconds - _model(each, a, b, c=c)) for each in restores)
    worst = trend(residuals)
    return RtoEstimate(
        seconds=seconds,
        bytes=size_bytes,
        files=files,
        restores=len(restores),
        a=a,
        b=b,
        c=c,
        p95_residual_seconds=worst.p95 if worst else 0.0,
        is_beyond=size_bytes > max(sizes),
    )


class _Sums(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes (x), files (z) and seconds (y) of restores: means, and products around them."""

    x: float
    z: float
    y: float
    xx: float
    zz: float
    xz: float
    xy: float
    zy: float


def _fitted(restores: Sequence[Restored]) -> tuple[float, float, float | None]:
    """Return a, b and c of the least squares; a model in which files save time is none."""
    sums = _sums(restores)
    own = sums.xx * sums.zz - sums.xz * sums.xz
    if len(restores) >= _WITH_FILES_AT_LEAST and own > _OWN_SHARE_AT_LEAST * sums.xx * sums.zz:
        b = (sums.xy * sums.zz - sums.zy * sums.xz) / own
        c = (sums.zy * sums.xx - sums.xy * sums.xz) / own
        if b > 0 and c > 0:
            return sums.y - b * sums.x - c * sums.z, b, c
    b = sums.xy / sums.xx
    return sums.y - b * sums.x, b, None


def _sums(restores: Sequence[Restored]) -> _Sums:
    x, x_mean = _centred(each.bytes for each in restores)
    z, z_mean = _centred(each.files for each in restores)
    y, y_mean = _centred(each.seconds for each in restores)
    return _Sums(
        x=x_mean,
        z=z_mean,
        y=y_mean,
        xx=_product(x, x),
        zz=_product(z, z),
        xz=_product(x, z),
        xy=_product(x, y),
        zy=_product(z, y),
    )


def _centred(values: Iterable[float]) -> tuple[list[float], float]:
    known = list(values)
    mean = sum(known) / len(known)
    return [value - mean for value in known], mean


def _product(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(one * other for one, other in zip(left, right, strict=True))


def _model(of: Restored, a: float, b: float, *, c: float | None) -> float:
    return a + b * of.bytes + (c or 0.0) * of.files
