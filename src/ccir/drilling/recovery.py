"""Restores a backup for good: into a new or empty folder, verified, and kept."""

from __future__ import annotations

import stat
from pathlib import Path

from ccir.backup.interface import Content, Listing, RestoreRequest, Snapshot, Target
from ccir.checks.file_count import FileCount, FileCountArguments
from ccir.checks.interface import CheckKit, Tree, measure
from ccir.domain.outcomes import CheckResult, decisive
from ccir.drilling.failures import proved_nothing, untried, unwritable
from ccir.drilling.interface import DrillKit, RestoreResult, Stage
from ccir.drilling.scratch import PRIVATE, judge_space, remove_tree
from ccir.drilling.selecting import chosen, from_outcome, judge_content
from ccir.drilling.targets import tool_of
from ccir.errors import CcirError, RefusedError

SPACE_FACTOR = 1.05


def restore(
    target: Target, kit: DrillKit, *, into: Path, snapshot: str | None = None
) -> RestoreResult:
    """Restore the snapshot into the folder, read it again, count it, and keep it.

    A folder that holds anything is refused. Of a backup that turns out to be bad, what came
    back stays and the result says that it is not to be trusted.
    """
    work = _Work(target, kit, into)
    try:
        work.restore(snapshot)
    except CcirError as error:
        work.note(untried(error))
    except OSError as error:
        work.note(unwritable(error))
    return work.result()


class _Work:
    """One restore under way."""

    def __init__(self, target: Target, kit: DrillKit, into: Path) -> None:
        self._target = target
        self._kit = kit
        self._into = into
        self._tool = tool_of(target, kit, deadlines=kit.deadlines)
        self._checks: tuple[CheckResult, ...] = ()
        self._snapshot: Snapshot | None = None
        self._tree = Tree(files=0, bytes=0)
        self._seconds = 0.0

    def note(self, *checks: CheckResult) -> None:
        """Keep what was found."""
        self._checks = (*self._checks, *checks)

    def restore(self, wanted: str | None) -> None:
        """Choose, make room, restore and count.

        Raises:
            RefusedError: the folder is in use, or is none that may be written into.
        """
        is_ours = _refuse_unfit(self._into, self._kit.protected)
        found = self._look(wanted)
        if found is None:
            return
        snapshot, content = found
        if is_ours:
            self._into.mkdir(mode=PRIVATE, parents=True)
        self._into.chmod(PRIVATE)
        self._write(snapshot, content)
        if is_ours and not self._tree.files:
            remove_tree(self._into)

    def result(self) -> RestoreResult:
        """Return what the restore came to."""
        worst = decisive(self._checks)
        if worst is None or (worst.verdict == "pass" and not self._tree.files):
            worst = proved_nothing()
        doubtful = worst.verdict != "pass" and self._tree.files
        return RestoreResult(
            verdict=worst.verdict,
            reason=worst.reason,
            snapshot=None if self._snapshot is None else self._snapshot.id,
            destination=self._into,
            files=self._tree.files,
            bytes=self._tree.bytes,
            seconds=self._seconds,
            checks=self._checks,
            detail=worst.detail + (f"; {self._into} is not to be trusted" if doubtful else ""),
            hint=worst.hint,
        )

    def _look(self, wanted: str | None) -> tuple[Snapshot, Content] | None:
        self._kit.progress(Stage(name="look for the snapshot"))
        probed = self._tool.probe(self._target)
        listing = self._tool.snapshots(self._target) if probed.verdict == "pass" else None
        opened = probed if listing is None else listing.outcome
        if listing is None or (opened.verdict != "pass" and not listing.snapshots):
            self.note(from_outcome("repository", opened))
            return None
        return self._counted(listing, wanted)

    def _counted(self, listing: Listing, wanted: str | None) -> tuple[Snapshot, Content] | None:
        found = chosen(listing, wanted)
        if isinstance(found, CheckResult):
            self.note(found)
            return None
        self._snapshot = found
        self._kit.progress(Stage(name="count the snapshot"))
        content = self._tool.content(self._target, found)
        held = judge_content(content)
        self.note(held)
        return (found, content) if held.verdict == "pass" else None

    def _write(self, snapshot: Snapshot, content: Content) -> None:
        tight = judge_space(
            self._into,
            needed_bytes=content.bytes * SPACE_FACTOR,
            needed_files=content.files * SPACE_FACTOR,
        )
        if tight is not None:
            self.note(tight)
            return
        started = self._kit.clock.monotonic()

        def tell(done: int, total: int | None) -> None:
            self._kit.progress(Stage(name="restore", done=done, total=total or content.bytes))

        outcome = self._tool.restore(
            self._target,
            snapshot,
            into=self._into,
            request=RestoreRequest(verifies=True, progress=tell),
        )
        self._seconds = self._kit.clock.monotonic() - started
        self._tree = measure(self._into)
        self.note(from_outcome("restore", outcome, good="restored and read again"))
        self.note(self._count(content))

    def _count(self, content: Content) -> CheckResult:
        kit = CheckKit(
            clock=self._kit.clock,
            environment=self._kit.environment,
            found=self._tree,
            expected=Tree(files=content.files, bytes=content.bytes),
        )
        return FileCount().run(self._into, FileCountArguments(), kit)


def _refuse_unfit(into: Path, protected: tuple[Path, ...]) -> bool:
    """Refuse a folder that is in use or protected; return whether it has yet to be made."""
    real = into.resolve()
    if real == Path(real.anchor) or any(_holds(folder, real) for folder in protected):
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


def _holds(folder: Path, path: Path) -> bool:
    return path.is_relative_to(folder.resolve())
