"""The check that files look like what their names say: encrypted ones do not."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Annotated

import msgspec

from ccir.checks.content_types import HEAD_BYTES, Looks, looks_of
from ccir.checks.interface import CheckKit, regular_files
from ccir.checks.reading import NoVerdictError, Watch, bad, no_verdict
from ccir.domain.outcomes import CheckResult

NAME = "content"
_MOST_FILES = 500_000
_SHOWN_TYPES = 3


class ContentArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many files of known types must be there, and which share of them may look wrong.

    A name's ending tells the type; a file without a known one is not judged and not counted.
    """

    minimum_files: int = 1
    maximum_mismatch_share: Annotated[float, msgspec.Meta(ge=0)] = 0.02


class Content:
    """Reads the first 4 KiB of every file and compares them with what its name promises.

    Only counts are told, never a name.
    """

    @property
    def arguments(self) -> type[ContentArguments]:
        """The floor and the tolerance."""
        return ContentArguments

    def run(self, folder: Path, arguments: ContentArguments, kit: CheckKit) -> CheckResult:
        """Judge every file below the folder together."""
        if arguments.minimum_files < 1 or arguments.maximum_mismatch_share >= 1:
            detail = "a floor below 1 file or a tolerance of everything asserts nothing"
            return no_verdict(NAME, "no-floor", detail, hint="set minimum_files to 1 or more")
        try:
            return _judged(_Tally.of(folder, Watch(kit)), _floor(arguments, kit), arguments)
        except NoVerdictError as error:
            return no_verdict(NAME, error.reason, error.detail, hint=error.hint)
        except OSError as error:
            detail = f"a file cannot be read: {error.strerror}"
            return no_verdict(NAME, "unreadable", detail, hint="run the drill again")


class _Tally:
    """How many files of each type there are, and how many of them look wrong."""

    def __init__(self) -> None:
        self.judged: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()

    @classmethod
    def of(cls, folder: Path, watch: Watch) -> _Tally:
        tally = cls()
        for path in islice(regular_files(folder), _MOST_FILES):
            watch.look()
            looks = looks_of(path.name)
            if looks is not None:
                tally.add(looks, _head(path))
        return tally

    def add(self, looks: Looks, head: bytes) -> None:
        if head or not looks.may_be_empty:
            self.judged[looks.type] += 1
            self.wrong[looks.type] += not looks.fits(head)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _floor(arguments: ContentArguments, kit: CheckKit) -> int:
    """Return the floor; a sample is only asked for one file, as it holds a part of them."""
    return arguments.minimum_files if kit.whole is None else 1


def _judged(tally: _Tally, floor: int, arguments: ContentArguments) -> CheckResult:
    judged, wrong = tally.judged.total(), tally.wrong.total()
    if judged < floor:
        detail = f"{judged} files of known types came back; the floor is {floor}"
        return bad(NAME, "below-floor", detail)
    share = wrong / judged
    detail = f"{wrong} of {judged} files ({share:.1%}) do not look like what their names say"
    if share > arguments.maximum_mismatch_share:
        allowed = f"{arguments.maximum_mismatch_share:.1%} are allowed"
        return bad(NAME, "content-mismatch", f"{detail}; {allowed}: {_by_type(tally.wrong)}")
    return CheckResult(name=NAME, verdict="pass", detail=detail)


def _by_type(wrong: Counter[str]) -> str:
    most = sorted((+wrong).items(), key=lambda item: (-item[1], item[0]))[:_SHOWN_TYPES]
    return ", ".join(f"{count} {kind}" for kind, count in most)


MEMBER = Content()
