"""One drill on one small backup, and what can be done to everything around it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from ccir.backup.interface import Deadlines
from ccir.clock import SystemClock
from ccir.domain.drills import Drill, Verification
from ccir.domain.outcomes import CheckResult
from ccir.drilling.drill import run_drill
from ccir.drilling.interface import DrillResult, Memory
from ccir.store.sqlite import SqliteFactory
from support.drills import (
    Course,
    drill_with,
    kit_for,
    left_in,
    meddling_restic,
    program,
    target_of,
)
from support.restic_repository import Repository, back_up
from support.stores import opened

FULL = drill_with(control_every=0)
SAMPLE = drill_with(control_every=0, mode="sample", buckets=2)
STREAM = drill_with(program("true"), control_every=0, mode="stream")
READING = drill_with(control_every=0, verify=Verification(data_parts=1, content=False))
MODES = {"full": FULL, "sample": SAMPLE, "stream": STREAM}
# Nothing of the small repository takes this long; a damaged one is tried again for minutes.
PATIENT = Deadlines(open_seconds=30, check_seconds=30, list_seconds=30, restore_seconds=30)
HASTY = Deadlines(open_seconds=10, check_seconds=1.2, list_seconds=1, restore_seconds=1)
BOUND_SECONDS = 5.0

LATER = "2026-01-02 03:10:00"
# 70 kB of recordings at 40 KiB a second: mid-restore for more than a second.
_SLOW = '{deed} exec $restic --limit-download=40 "$@"'
_IN_THE_MIDST = """(
    while ! find "$into" -name '*.wav' | grep -q .; do sleep 0.02; done
    kill -{signal} $$
) >/dev/null 2>&1 &"""
_ELSEWHERE = """for word; do
    shift; case $word in --include=*) word=--include=/nowhere ;; esac; set -- "$@" "$word"
done
exec $restic "$@" """
# As restic 0.14 said it on a disk of 40 MB.
_FULL_DISK = r"""printf '%s\n' \
    "ignoring error for /srv/jane-doe.wav: write $into/srv/jane-doe.wav: no space left on device" \
    "Fatal: There were 115 errors" >&2
exit 1"""


class Scene:
    """What a drill is played on: a repository that may be broken, its target and the kit."""

    def __init__(self, repository: Repository, folder: Path, *, path: str) -> None:
        self.repository = repository
        self.folder = folder
        self.target = target_of(repository)
        environment = {"PATH": path, "HOME": str(folder)}
        self.kit = kit_for(folder, environment=environment, deadlines=PATIENT)
        self.seconds = 0.0

    def play(self, drill: Drill, *, snapshot: str | None = None) -> DrillResult:
        """Play the drill, and keep how long it took."""
        clock = SystemClock()
        started = clock.monotonic()
        result = run_drill(drill, self.target, self.kit, snapshot=snapshot)
        self.seconds = clock.monotonic() - started
        return result

    def aim(self, **changes: object) -> None:
        """Change the target."""
        self.target = msgspec.structs.replace(self.target, **changes)

    def equip(self, **changes: object) -> None:
        """Change the kit."""
        self.kit = msgspec.structs.replace(self.kit, **changes)

    def meddle(self, script: str) -> None:
        """Have restic run a shell script instead of each restore."""
        environment = meddling_restic(self.folder / "bin", on_restore=script)
        self.equip(environment={**environment, "HOME": str(self.folder)})

    def remember(self) -> None:
        """Remember from now on which snapshots were there and what they held."""
        stores = opened(SqliteFactory(), self.folder)
        memory = Memory(folder=self.folder / "memory", key=b"k" * 32)
        self.equip(ledger=stores.backups, memory=memory)

    def at(self, stage: str, deed: Callable[[], None]) -> None:
        """Do something when a stage of the drill begins."""
        self.equip(progress=Course(**{stage: deed}))

    @property
    def locks(self) -> list[str]:
        """The names of the locks in the repository."""
        return [path.name for path in (self.repository.folder / "locks").iterdir()]


def says(scene: Scene, drill: Drill = FULL, *, snapshot: str | None = None) -> str:
    """Play the drill and return its verdict and reason; it is quick and leaves nothing."""
    result = scene.play(drill, snapshot=snapshot)
    assert scene.seconds < BOUND_SECONDS
    assert left_in(scene.folder) == []
    assert (result.verdict == "pass") == (result.hint == "")
    assert "jane-doe" not in repr(result)
    return told(result)


def told(found: DrillResult | CheckResult) -> str:
    """Return verdict and reason."""
    return f"{found.verdict} {found.reason}".strip()


def end_restic(scene: Scene, *, signal: str) -> None:
    """Send restic a signal as soon as the first recording is being restored."""
    scene.meddle(_SLOW.format(deed=_IN_THE_MIDST.format(signal=signal)))


def slow_restore(scene: Scene) -> None:
    """Have every restore take seconds, its process's number in the file `restoring`."""
    scene.meddle(_SLOW.format(deed=f"echo $$ > {scene.folder}/restoring;"))


def include_nothing(scene: Scene) -> None:
    """Have every restore ask for files that are not there, on which restic ends with 0."""
    scene.meddle(_ELSEWHERE)


def fill_disk(scene: Scene) -> None:
    """Have every restore say what restic says when the disk is full."""
    scene.meddle(_FULL_DISK)


def back_up_more(scene: Scene, *, at: str = LATER) -> None:
    """Make a second snapshot, of other files: with packs and an index of its own."""
    source = scene.folder / "more"
    source.mkdir()
    for number in range(4):
        (source / f"{number}.txt").write_bytes(b"%d" % number * 500)
    back_up(msgspec.structs.replace(scene.repository, source=source), at=at)


def play_slowly(repository: str, password_file: str, folder: str) -> None:
    """Play a drill whose restore takes seconds; for a process that is to be ended meanwhile."""
    copy = Repository(
        folder=Path(repository), password_file=Path(password_file), source=Path(folder)
    )
    scene = Scene(copy, Path(folder), path=os.environ["PATH"])
    slow_restore(scene)
    scene.play(FULL)
