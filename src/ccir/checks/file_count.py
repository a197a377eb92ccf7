"""The check that as much came back as was backed up."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ccir.checks.interface import CheckKit, Tree
from ccir.domain.outcomes import CheckResult

NAME = "file-count"


class FileCountArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The floors below which a restore is never good, whatever the snapshot says."""

    minimum_files: int = 1
    minimum_bytes: int = 1


class FileCount:
    """Compares what is on disk with what the snapshot holds, and with the floors."""

    @property
    def arguments(self) -> type[FileCountArguments]:
        """The floors."""
        return FileCountArguments

    def run(self, _folder: Path, arguments: FileCountArguments, kit: CheckKit) -> CheckResult:
        """Judge the counts that were taken before any check could change the folder."""
        found, expected = kit.found, kit.expected
        if min(arguments.minimum_files, arguments.minimum_bytes) < 1:
            return _error("no-floor", "a floor below 1 asserts nothing", "set it to 1 or more")
        seen = f"{found.files} files, {found.bytes} bytes"
        below = _below_floor(kit.whole or found, arguments)
        if below is not None:
            return below
        if expected is None:
            return _error("not-comparable", f"{seen} came back, but the snapshot was not counted")
        if (found.files, found.bytes) != (expected.files, expected.bytes):
            held = f"{expected.files} files, {expected.bytes} bytes"
            return _fail("incomplete", f"{seen} came back; the snapshot holds {held}")
        return CheckResult(name=NAME, verdict="pass", detail=f"{seen}, as in the snapshot")


def _below_floor(tree: Tree, arguments: FileCountArguments) -> CheckResult | None:
    """Hold the floors against what came back; of a sample, against the snapshot it is of."""
    if tree.files >= arguments.minimum_files and tree.bytes >= arguments.minimum_bytes:
        return None
    floor = f"{arguments.minimum_files} files, {arguments.minimum_bytes} bytes"
    return _fail("below-floor", f"{tree.files} files, {tree.bytes} bytes; the floor is {floor}")


def _fail(reason: str, detail: str) -> CheckResult:
    hint = "do not rely on this snapshot; restore an older one and look into the backup"
    return CheckResult(name=NAME, verdict="fail", reason=reason, detail=detail, hint=hint)


def _error(reason: str, detail: str, hint: str = "run the drill again") -> CheckResult:
    return CheckResult(name=NAME, verdict="error", reason=reason, detail=detail, hint=hint)


MEMBER = FileCount()
