"""Compares an archive's members with the list of digests that lies in it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from ccir.checks.archive_members import Members
from ccir.checks.reading import BadDataError

# As sha256sum writes it; the star says that the file was read as binary.
_LINE = re.compile(r"([0-9a-fA-F]{64}) [ *](.+)")


def compare(members: Members, sums: str) -> None:
    """Require each listed member to be there and alike, and each member there to be listed.

    The list's names are relative to the folder that the list lies in.

    Raises:
        BadDataError: they differ, or nothing is listed.
    """
    path = PurePosixPath(sums)
    found = dict(members.digests)
    if found.pop(str(path), None) is None:
        raise BadDataError("sums-missing", f"it holds no {sums}")
    listed = {str(path.parent / name): digest for name, digest in _listed(members.listing)}
    if not listed:
        raise BadDataError("sums-empty", f"{sums} lists nothing")
    wrong = sum(found.get(name) != digest for name, digest in listed.items())
    if wrong:
        detail = f"{wrong} of {len(listed)} members that {sums} lists are missing or changed"
        raise BadDataError("sums-mismatch", detail)
    unlisted = found.keys() - listed.keys()
    if unlisted:
        detail = f"{len(unlisted)} members are not listed in {sums}"
        raise BadDataError("not-listed", detail)


def _listed(listing: bytes) -> list[tuple[str, str]]:
    lines = listing.decode("utf-8", "surrogateescape").splitlines()
    found = [_LINE.fullmatch(line) for line in lines if line]
    if None in found:
        raise BadDataError("sums-mismatch", "its list of digests has a line that is none")
    return [(match[2], match[1].lower()) for match in found if match is not None]
