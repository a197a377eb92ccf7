"""The check that an archive is whole: every member's data is read to its end."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec

from ccir.checks.archive_members import Bounds, Members, read_tar, read_zip
from ccir.checks.archive_streams import is_zip
from ccir.checks.archive_sums import compare
from ccir.checks.interface import CheckKit
from ccir.checks.reading import BadDataError, NoVerdictError, Watch, judge_files, no_verdict
from ccir.domain.outcomes import CheckResult

NAME = "archive"
_Positive = Annotated[int, msgspec.Meta(gt=0)]


class ArchiveArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which archives (a path or glob), what each must hold at least, and how large it may grow.

    `sums` names a member that lists the digests of all others, as `sha256sum` writes them.
    `maximum_bytes` and `maximum_ratio` (unpacked to packed) end the reading of a bomb.
    """

    path: str
    minimum_members: int = 1
    minimum_bytes: int = 1
    sums: Annotated[str, msgspec.Meta(min_length=1)] | None = None
    maximum_bytes: _Positive = 1 << 40
    maximum_ratio: _Positive = 250


class Archive:
    """Reads tar (plain, gzip, bzip2, xz) and zip without unpacking anything to the disk.

    A plain tar keeps no checksum of its data: there only `sums` finds a changed bit.
    """

    @property
    def arguments(self) -> type[ArchiveArguments]:
        """The files, the floors and the bounds."""
        return ArchiveArguments

    def run(self, folder: Path, arguments: ArchiveArguments, kit: CheckKit) -> CheckResult:
        """Judge every archive that the path names; the worst result counts."""
        if min(arguments.minimum_members, arguments.minimum_bytes) < 1:
            detail = "a floor below 1 asserts nothing"
            return no_verdict(NAME, "no-floor", detail, hint="set it to 1 or more")
        judge = partial(_judge, arguments=arguments, watch=Watch(kit))
        return judge_files(NAME, judge, folder=folder, pattern=arguments.path)


def _judge(file: Path, *, arguments: ArchiveArguments, watch: Watch) -> str:
    members = _read(file, arguments, watch)
    seen = f"{members.files} members, {members.bytes} bytes"
    if members.files < arguments.minimum_members or members.bytes < arguments.minimum_bytes:
        floor = f"{arguments.minimum_members} members, {arguments.minimum_bytes} bytes"
        raise BadDataError("below-floor", f"it holds {seen}; the floor is {floor}")
    if arguments.sums is None:
        return f"{seen}, all read to the end"
    compare(members, arguments.sums)
    return f"{seen}, all as {arguments.sums} lists them"


def _read(file: Path, arguments: ArchiveArguments, watch: Watch) -> Members:
    size = file.stat().st_size
    if not size:
        raise BadDataError("empty-file", "it is empty")
    bounds = Bounds(
        watch=watch,
        packed_bytes=size,
        maximum_bytes=arguments.maximum_bytes,
        maximum_ratio=arguments.maximum_ratio,
    )
    members = Members(bounds, sums=arguments.sums)
    try:
        (read_zip if is_zip(file) else read_tar)(file, members)
    except MemoryError as error:
        hint = "look at it by hand"
        raise NoVerdictError("too-large", "it needs too much memory", hint=hint) from error
    return members


MEMBER = Archive()
