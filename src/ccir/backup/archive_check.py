"""Judges a folder of archives: every listed file is there, nothing else is, the bytes are right."""

from __future__ import annotations

import hashlib
import re
from collections import Counter

import msgspec

from ccir.backup.archive_faults import ArchiveError, Watch
from ccir.backup.archive_files import DIGEST_OF_NOTHING, blocks, files_below, open_file, status_of
from ccir.backup.archive_folders import Kept
from ccir.backup.archive_parts import Choice, Sized, choice
from ccir.backup.archive_snapshots import Holdings, has_tags, holdings
from ccir.backup.interface import Outcome, Target

# What may lie beside a list without standing in it: other lists, and signatures of them.
_LIST = re.compile(
    r"(md5|sha\d{1,3}|b2)sums?(\.txt)?(\.(asc|sig|gpg|minisig))?", re.IGNORECASE | re.ASCII
)
_LOST = ("gone", "emptied", "changed")
_DOUBTFUL = ("empty", "not within their folder", "in no list")
_GONE, _EMPTIED, _CHANGED = _LOST
_EMPTY, _ASTRAY, _UNLISTED = _DOUBTFUL


def check(target: Target, *, subset: str | None, watch: Watch) -> Outcome:
    """Judge all snapshots of the target, and read the bytes of the files that `subset` names.

    What is found before the time is over stands: then the outcome says that it stopped early.

    Raises:
        ArchiveError: nothing was found, and the folder cannot be read to the end.
    """
    chosen = None if subset is None else choice(subset)
    examination = _Examination(watch)
    try:
        examination.perform(target, chosen)
    except ArchiveError as error:
        if not examination.has_evidence:
            raise
        stopped_early = error.outcome.verdict == "error"
        return msgspec.structs.replace(examination.outcome(), stopped_early=stopped_early)
    return examination.outcome()


class _Examination:
    """What was found so far: damaged folders, and how many files of which kind of damage."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._listed = 0
        self._kinds: Counter[str] = Counter()
        self._held = Holdings()

    @property
    def has_evidence(self) -> bool:
        """Whether there is evidence of damage."""
        return bool(self._kinds or self._held.damaged)

    def perform(self, target: Target, chosen: Choice | None) -> None:
        """Look at every snapshot; then read the chosen ones of the files that are there."""
        self._held = holdings(target, self._watch)
        own = [kept for kept in self._held.kept if has_tags(kept.folder.name, target)]
        there = [each for kept in own for each in self._files_of(kept)]
        if chosen is None:
            return
        wanted = {each.key for each in chosen([Sized(key=it.key, size=it.size) for it in there])}
        for each in there:
            if each.key in wanted:
                self._compare(each)

    def outcome(self) -> Outcome:
        """Return what the examination came to; lost data outranks a doubtful list."""
        if not self.has_evidence:
            return Outcome(verdict="pass")
        is_lost = any(self._kinds[kind] for kind in _LOST)
        counts = ", ".join(f"{kind}: {count}" for kind, count in self._kinds.items() if count)
        files = f"of {self._listed} listed files and others beside them, {counts}" if counts else ""
        detail = "; ".join(filter(None, (files, self._held.outcome.detail)))
        return ArchiveError("pack-damaged" if is_lost else "snapshot-damaged", detail).outcome

    def _files_of(self, kept: Kept) -> list[_File]:
        """Judge a snapshot's files by name and size; return those that can be read."""
        sums = kept.sums()
        self._listed += len(sums)
        every = [_File(kept=kept, path=path, digest=digest) for path, digest in sums.items()]
        for path in files_below(kept.folder, self._watch):
            if path not in sums and not _LIST.fullmatch(path):
                self._kinds[_UNLISTED] += 1
        return [each for each in every if self._is_there(each)]

    def _is_there(self, file: _File) -> bool:
        self._watch.look()
        try:
            file.size = status_of(file.kept.folder, file.path).st_size
        except ArchiveError as error:
            self._count(error)
            return False
        if file.size == 0:
            self._kinds[_EMPTY if file.digest == DIGEST_OF_NOTHING else _EMPTIED] += 1
        return file.size > 0

    def _compare(self, file: _File) -> None:
        digest = hashlib.sha256()
        try:
            with open_file(file.kept.folder, file.path) as opened:
                for block in blocks(opened, self._watch):
                    digest.update(block)
        except ArchiveError as error:
            self._count(error)
        else:
            if digest.hexdigest() != file.digest:
                self._kinds[_CHANGED] += 1

    def _count(self, error: ArchiveError) -> None:
        """Count damage; what could not be looked at ends the examination."""
        if error.outcome.verdict != "fail":
            raise error
        self._kinds[_GONE if error.reason == "pack-damaged" else _ASTRAY] += 1


class _File(msgspec.Struct, kw_only=True):
    """A listed file, and its size in bytes once it was looked at."""

    kept: Kept
    path: str
    digest: str
    size: int = 0

    @property
    def key(self) -> str:
        return f"{self.kept.folder.name}/{self.path}"
