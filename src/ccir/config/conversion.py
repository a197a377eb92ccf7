"""Turns what a settings file says into values: paths under the workspace, seconds, zones."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from ccir.config.complaints import nearest
from ccir.config.values import Conversion, Repository, Seconds, Secret
from ccir.domain.periods import Unit, parse_period

_SECONDS: dict[Unit, int] = {"minutes": 60, "hours": 3_600, "days": 86_400, "weeks": 604_800}
_ADDRESS = re.compile(r"[^/]*:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def conversion(folder: Path) -> Conversion:
    """Return the conversion of texts for a workspace at that absolute folder."""
    return partial(_convert, folder)


def is_path(repository: str) -> bool:
    """Return whether a repository is a path: nothing before its first slash ends in a colon.

    `s3:host/bucket`, `sftp:user@host:/srv`, `rest:https://host/` and `host:/srv` are none.
    """
    return _ADDRESS.match(repository) is None


def _convert(folder: Path, kind: type, value: object) -> object:
    if not isinstance(value, str):
        raise TypeError(f"a text is needed, not {type(value).__name__}")
    if kind is Path:
        return _path(folder, value)
    if kind is Repository:
        return _repository(folder, value)
    plain: dict[type, Callable[[str], object]] = {
        Seconds: _seconds,
        ZoneInfo: _zone,
        Secret: Secret,
    }
    return plain[kind](value)


def _path(folder: Path, text: str) -> Path:
    if not text or _CONTROL.search(text):
        raise ValueError("it is empty or holds a control character")
    if text.startswith("~"):
        raise ValueError("write it out: ~ would mean another folder for another user")
    return folder / text


def _repository(folder: Path, text: str) -> Repository:
    if is_path(text):
        return Repository(_path(folder, text))
    if _CONTROL.search(text):
        raise ValueError("it holds a control character")
    return Repository(text)


def _seconds(text: str) -> Seconds:
    period = parse_period(text)
    if period is None:
        raise ValueError("write it as 15m, 24h, 7d or 2w")
    if period.unit not in _SECONDS:
        raise ValueError(f"{period.unit} have no fixed length")
    if period.amount == 0:
        raise ValueError("no time at all can never be met")
    return Seconds(period.amount * _SECONDS[period.unit])


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        from zoneinfo import available_timezones

        raise ValueError(nearest(name, available_timezones())) from error
