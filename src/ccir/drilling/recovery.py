"""Restores a backup for good: into a new or empty folder, verified, and kept.

1. The folder is new or empty, no link, not the root, not inside what must not be touched.
2. A snapshot is chosen by its full id. Where nobody named one, doubts about which is the
   newest end the restore: somebody may have planted it, or damaged the one after it.
3. There is room for it.
4. It is restored, read again by the tool, and counted.
5. A folder to which no file came back is left as it was found.
"""

from __future__ import annotations

import stat
from contextlib import suppress
from pathlib import Path

import msgspec

from ccir.backup.interface import RestoreRequest, Snapshot, Target
from ccir.checks.interface import CheckKit, Tree, measure
from ccir.domain.outcomes import CheckResult
from ccir.drilling.failures import untried, unwritable
from ccir.drilling.interface import DrillKit, RestoreResult, Stage
from ccir.drilling.judging import judge
from ccir.drilling.looking import count, look, probe
from ccir.drilling.results import Results
from ccir.drilling.scratch import PRIVATE, empty_tree, judge_space
from ccir.drilling.selecting import chosen, from_outcome, judge_age
from ccir.drilling.targets import tool_of
from ccir.errors import CcirError, RefusedError

SPACE_FACTOR = 1.05
_NOTHING = Tree(files=0, bytes=0)


def restore(
    target: Target, kit: DrillKit, *, into: Path, snapshot: str | None = None
) -> RestoreResult:
    """Restore the snapshot into the folder, read it again, count it, and keep it.

    Of a backup that turns out to be bad, what came back stays, and the result says that it is
    not to be trusted. `snapshot` is a full id or its first eight digits or more.
    """
    into = into.absolute()
    work = _Work(target, kit, into)
    try:
        work.perform(snapshot)
    except CcirError as error:
        work.results.note(untried(error))
    except OSError as error:
        work.results.note(unwritable(error, into))
    return work.result()


class _Work:
    """One restore under way."""

    def __init__(self, target: Target, kit: DrillKit, into: Path) -> None:
        self._target = target
        self._kit = kit
        self._into = into
        self._snapshot: Snapshot | None = None
        self._expected = _NOTHING
        self._tree = _NOTHING
        self._seconds = 0.0
        self.results = Results()

    def perform(self, wanted: str | None) -> None:
        """Choose, make room, restore and count.

        Raises:
            RefusedError: the folder is in use, or is none that may be written into.
            OSError: it cannot be written.
        """
        is_ours = _refuse_unfit(self._into, self._kit.protected)
        self._tool = tool_of(self._target, self._kit)
        self._snapshot = self._find(wanted)
        if self._snapshot is None or not self._is_full(self._snapshot):
            return
        if is_ours:
            self._into.mkdir(mode=PRIVATE, parents=True)
        try:
            self._into.chmod(PRIVATE)
            if self._has_room():
                self._write(self._snapshot)
        finally:
            _take_back(self._into, is_ours=is_ours)

    def result(self) -> RestoreResult:
        """Return what the restore came to."""
        snapshot = None if self._snapshot is None else self._snapshot.id
        worst = self.results.worst()
        is_doubtful = worst.verdict != "pass" and self._tree.files
        return RestoreResult(
            verdict=worst.verdict,
            reason=worst.reason,
            snapshot=snapshot,
            destination=self._into,
            files=self._tree.files,
            bytes=self._tree.bytes,
            seconds=self._seconds,
            checks=self.results.checks,
            detail=worst.detail + (f"; {self._into} is not to be trusted" if is_doubtful else ""),
            hint=worst.hint,
        )

    def _find(self, wanted: str | None) -> Snapshot | None:
        self._kit.progress(Stage(name="look for snapshots"))
        unfit = probe(self._tool, self._target)
        opened, listing = look(self._tool, self._target) if unfit is None else (unfit, None)
        if listing is None:
            self.results.note(opened)
            return None
        if not self._accepts(opened, wanted):
            return None
        found = chosen(listing, wanted)
        if isinstance(found, CheckResult):
            self.results.note(found)
            return None
        aged = judge_age(found, now=self._kit.clock.now(), rpo_seconds=None)
        return found if self._accepts(aged, wanted) else None

    def _accepts(self, found: CheckResult, wanted: str | None) -> bool:
        """Return whether to go on: a doubt ends the restore only where nobody chose."""
        if found.verdict == "pass":
            return self.results.note(found)
        if wanted is None:
            hint = "look at the repository's snapshots by hand, and name the one to restore"
            self.results.note(msgspec.structs.replace(found, hint=hint))
        return wanted is not None

    def _is_full(self, snapshot: Snapshot) -> bool:
        self._kit.progress(Stage(name="count snapshot"))
        held, self._expected = count(self._tool, self._target, snapshot)
        return self.results.note(held)

    def _has_room(self) -> bool:
        tight = judge_space(
            self._into,
            needed_bytes=self._expected.bytes * SPACE_FACTOR,
            needed_files=self._expected.files * SPACE_FACTOR,
        )
        return tight is None or self.results.note(tight)

    def _write(self, snapshot: Snapshot) -> None:
        started = self._kit.clock.monotonic()
        self._tell(0, None)
        request = RestoreRequest(verifies=True, progress=self._tell)
        outcome = self._tool.restore(self._target, snapshot, into=self._into, request=request)
        self._seconds = self._kit.clock.monotonic() - started
        self._tree = measure(self._into)
        if self.results.note(from_outcome("restore", outcome, good="restored and read again")):
            self._count()

    def _count(self) -> None:
        self._kit.progress(Stage(name="check file-count"))
        kit = CheckKit(
            clock=self._kit.clock,
            environment=self._kit.environment,
            found=self._tree,
            expected=self._expected,
            is_cancelled=self._kit.is_cancelled,
        )
        for result in judge(self._into, (), kit):
            self.results.note(result)

    def _tell(self, done: int, _total: int | None) -> None:
        self._kit.progress(Stage(name="restore", done=done, total=self._expected.bytes))


def _refuse_unfit(into: Path, protected: tuple[Path, ...]) -> bool:
    """Refuse a folder that is in use or protected; return whether it has yet to be made."""
    real = into.resolve()
    if real == Path(real.anchor) or any(real.is_relative_to(each.resolve()) for each in protected):
        raise RefusedError(f"{into} may not be restored into", hint="name a new folder elsewhere")
    try:
        found = into.lstat()
    except FileNotFoundError:
        return True
    if not stat.S_ISDIR(found.st_mode):
        raise RefusedError(f"{into} is no folder", hint="name an empty or new folder")
    if any(into.iterdir()):
        raise RefusedError(
            f"{into} holds files already, and a restore overwrites nothing",
            hint="name an empty or new folder",
        )
    return False


def _take_back(into: Path, *, is_ours: bool) -> None:
    """Leave the folder as it was found if no file came back; what cannot be counted stays."""
    with suppress(OSError):
        if measure(into).files == 0:
            empty_tree(into)
            if is_ours:
                into.rmdir()
