"""Drills that are played one after the other, each knowing those before it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from hashlib import shake_256
from pathlib import Path

import msgspec

from ccir.backup.interface import Target
from ccir.domain.drills import CheckPlan, Drill, Verification
from ccir.domain.events import DrillFinished
from ccir.drilling.drill import run_drill
from ccir.drilling.interface import DrillKit, DrillResult, Memory
from ccir.store.sqlite import MEMBER
from support.drills import NOW, DatedClock, drill_with, kit_for, target_of
from support.restic_repository import TAKEN_AT, Repository, back_up, empty_repository, restic
from support.stores import opened

MANY = 66
COUNTED = CheckPlan(kind="file-count", arguments={"minimum_files": 1})


def quick(*checks: CheckPlan, **changes: object) -> Drill:
    """Return a drill that leaves out what takes long: the structure, and damage made on purpose."""
    plain = {"verify": Verification(structure=False), "control_every": 0}
    return drill_with(*(checks or (COUNTED,)), **{**plain, **changes})


def event_of(result: DrillResult) -> DrillFinished:
    """Return what would be recorded of a drill."""
    fields = msgspec.structs.asdict(result)
    names = DrillFinished.__struct_fields__
    return DrillFinished(**{name: fields[name] for name in names if name in fields})


CANARY = CheckPlan(kind="canary", arguments={"maximum_age": "30d"})
SAMPLE = quick(mode="sample")
STREAM = quick(mode="stream")


class Rotation:
    """The drills of one target, a day apart; `past` grows with each."""

    def __init__(self, target: Target, folder: Path, **changes: object) -> None:
        self.target = target
        self.folder = folder
        self.past: list[DrillFinished] = []
        self.now = NOW
        self._kit = kit_for(
            folder,
            ledger=opened(MEMBER, folder).backups,
            memory=Memory(folder=folder / "memory", key=b"k" * 32),
            **changes,
        )

    @property
    def kit(self) -> DrillKit:
        """What the next drill works with."""
        clock = DatedClock(self.now)
        return msgspec.structs.replace(self._kit, clock=clock, past=tuple(self.past))

    def play(
        self, drill: Drill, *, days: float = 1, then: Callable[[], None] = lambda: None
    ) -> DrillResult:
        """Play the next drill, do something, and let so many days pass."""
        result = run_drill(drill, self.target, self.kit)
        self.past.append(event_of(result))
        then()
        self.now += dt.timedelta(days=days)
        return result


def many_files(folder: Path) -> Repository:
    """Return a repository of files that are all different."""
    repository = empty_repository(folder)
    for number in range(MANY):
        file = repository.source / str(number % 7) / f"call-{number:03}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"RIFF" + shake_256(b"%d" % number).digest(300 + number))
    back_up(repository, at=TAKEN_AT)
    return repository


def patient(repository: Repository, **changes: object) -> Target:
    """Return the target without objectives."""
    return target_of(repository, rpo_seconds=None, rto_seconds=None, **changes)


def next_snapshot(repository: Repository, folder: Path, *, day: int, name: str = "more") -> None:
    """Back up a folder of one new file as well, so many days after the first snapshot."""
    source = folder / f"source-{day}"
    source.mkdir()
    (source / name).write_bytes(b"%d" % day)
    at = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC) + dt.timedelta(days=day)
    back_up(msgspec.structs.replace(repository, source=source), at=f"{at:%Y-%m-%d %H:%M:%S}")


def id_of(repository: Repository, *, at: int) -> str:
    """Return the id of the snapshot that is so many after the first."""
    printed = json.loads(restic(repository, "snapshots", "--json"))
    return str(sorted(printed, key=lambda each: str(each["time"]))[at]["id"])


def told(result: DrillResult) -> tuple[str, str]:
    """Return verdict and reason."""
    return result.verdict, result.reason
