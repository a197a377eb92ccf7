"""The check that every file came back as it was when the backup was made.

1. The target's newest manifest from before the snapshot is taken; it must not be older than
   `maximum_age`. A manifest lies in the workspace, never in the repository: who changes the
   backup cannot change what it is compared with.
2. The paths that it lists are found among the restored files (`manifest_layout`).
3. Each listed file that came back is read and its digest compared. Of a sample, what is not in it
   is not missing.

Only counts are told, never a name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from ccir.checks.interface import CheckKit
from ccir.checks.manifest_choice import Listing, listing
from ccir.checks.manifest_layout import Compared, compare
from ccir.checks.reading import Watch, age, bad, no_verdict, period_of, snapshot_time, verdict_of
from ccir.domain.outcomes import CheckResult
from ccir.domain.playbook import PeriodText, Text

NAME = "manifest"


class ManifestArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many listed files may be missing or differ, and how old the manifest may be.

    `maximum_age` is its age when the snapshot was made. `file` names one manifest in the
    target's folder instead of the newest.
    """

    maximum_changed: Annotated[int, msgspec.Meta(ge=0)] = 0
    maximum_age: PeriodText = "24h"
    file: Text | None = None


class Manifest:
    """Compares what was restored with the digests taken before the backup."""

    @property
    def arguments(self) -> type[ManifestArguments]:
        """The tolerance, the age and the file."""
        return ManifestArguments

    def run(self, folder: Path, arguments: ManifestArguments, kit: CheckKit) -> CheckResult:
        """Judge every file that the manifest lists."""
        return verdict_of(NAME, lambda: _judged(folder, arguments, kit))


def _judged(folder: Path, arguments: ManifestArguments, kit: CheckKit) -> CheckResult:
    allowed, taken_at = period_of(arguments.maximum_age), snapshot_time(kit)
    found = listing(kit, named=arguments.file, allowed=allowed)
    if len(found.digests) <= arguments.maximum_changed:
        detail = (
            f"the manifest lists {len(found.digests)} files and {arguments.maximum_changed} may "
            "differ: that asserts nothing"
        )
        hint = "take one of the folder that holds the data, or set maximum_changed lower"
        return no_verdict(NAME, "no-floor", detail, hint=hint)
    compared = compare(folder, found.digests, Watch(kit))
    detail = _told(compared, found, before=age(taken_at - found.made_at))
    missing = compared.missing if kit.whole is None else 0
    if kit.whole is not None and not compared.alike + compared.changed:
        hint = "take a manifest of the folder that holds the data"
        return no_verdict(NAME, "proved-nothing", f"of the sample {detail}", hint=hint)
    if missing + compared.changed <= arguments.maximum_changed:
        return CheckResult(name=NAME, verdict="pass", detail=detail)
    reason = "manifest-changed" if compared.changed else "manifest-missing-files"
    return bad(NAME, reason, detail)


def _told(compared: Compared, found: Listing, *, before: str) -> str:
    return (
        f"{compared.alike} of {len(found.digests)} listed files are alike, {compared.changed} "
        f"differ, {compared.missing} are missing, {compared.extra} are not listed; the manifest "
        f"was taken {before} before the snapshot"
    )


MEMBER = Manifest()
