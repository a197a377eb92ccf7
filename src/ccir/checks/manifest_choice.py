"""Finds the manifest that a snapshot is compared with, and reads it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec

from ccir.checks.interface import CheckKit, find_inside
from ccir.checks.reading import SKEW, NoVerdictError, age, snapshot_time
from ccir.domain.manifest_names import made_at, newest
from ccir.domain.periods import Period, add
from ccir.errors import InvalidDocumentError
from ccir.sums import read_sums

_MOST_BYTES = 1 << 30
_TAKE = "take one before each backup with 'ccir backup manifest TARGET FOLDER'"


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A manifest: when it was begun, and each file's digest by its path without '/' before it."""

    made_at: dt.datetime
    digests: dict[str, str]


def listing(kit: CheckKit, *, named: str | None, allowed: Period) -> Listing:
    """Return the newest manifest from before the snapshot, or the one that is named.

    `allowed` is how old it may have been when the snapshot was made. One whose name tells no
    time was made when its file was last changed.

    Raises:
        NoVerdictError: there is none, it is too old or too new, or it cannot be understood.
    """
    path = _newest(kit) if named is None else _named(kit, named)
    made = made_at(path.name)
    if made is None:
        made = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    _refuse_other_time(made, snapshot_time(kit), allowed)
    return Listing(made_at=made, digests=_read(path))


def _newest(kit: CheckKit) -> Path:
    folder = kit.manifests
    names = [path.name for path in folder.iterdir()] if folder and folder.is_dir() else []
    name = newest(names, until=snapshot_time(kit) + SKEW)
    if folder is None or name is None:
        detail = "no manifest was taken before the snapshot was made"
        raise NoVerdictError("no-manifest", detail, hint=_TAKE)
    return folder / name


def _named(kit: CheckKit, name: str) -> Path:
    found = () if kit.manifests is None else find_inside(kit.manifests, name)
    if len(found) != 1:
        detail = f"'{name}' names {len(found) or 'no'} manifests of the target"
        raise NoVerdictError("no-manifest", detail, hint=_TAKE)
    return found[0]


def _refuse_other_time(made: dt.datetime, taken_at: dt.datetime, allowed: Period) -> None:
    if made > taken_at + SKEW:
        detail = f"the manifest was taken {age(made - taken_at)} after the snapshot was made"
        raise NoVerdictError("manifest-future", detail, hint=_TAKE)
    if add(allowed, to=made, zone=dt.UTC) < taken_at:
        detail = f"the manifest was taken {age(taken_at - made)} before the snapshot was made"
        raise NoVerdictError("manifest-old", detail, hint=_TAKE)


def _read(path: Path) -> dict[str, str]:
    if path.stat().st_size > _MOST_BYTES:
        detail = "the manifest is larger than 1 GiB"
        raise NoVerdictError("too-large", detail, hint="take one of each folder below")
    try:
        listed = read_sums(path.read_bytes())
    except InvalidDocumentError as error:
        raise NoVerdictError("manifest-damaged", error.message, hint=_TAKE) from error
    return {name.lstrip("/"): digest for name, digest in listed.items()}
