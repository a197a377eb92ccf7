"""Compares an archive's members with the list of digests that lies in it."""

from __future__ import annotations

from pathlib import PurePosixPath

from ccir.checks.archive_members import Members
from ccir.checks.reading import BadDataError
from ccir.errors import InvalidDocumentError
from ccir.sums import read_sums


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
    digests = _listed(members.listing)
    listed = {str(path.parent / name): digest for name, digest in digests.items()}
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


def _listed(listing: bytes) -> dict[str, str]:
    try:
        return read_sums(listing)
    except InvalidDocumentError as error:
        raise BadDataError("sums-mismatch", error.message) from error
