"""What drills are tested with: a target, a kit, a clock with a fixed date, odd folders."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from ccir.backup.interface import Deadlines, Target
from ccir.domain.drills import CheckPlan, Drill
from ccir.domain.outcomes import CheckResult
from ccir.drilling.interface import DrillKit, Stage
from support.restic_repository import CUSTOMERS, HOST, TAG, Repository, back_up, quick_init

# Half an hour after the snapshot of the shared repository.
NOW = dt.datetime(2026, 1, 2, 3, 34, 5, tzinfo=dt.UTC)
ONE_DATABASE = CheckPlan(
    kind="sqlite", arguments={"path": "**/crm.sqlite", "tables": {"customers": CUSTOMERS}}
)
_NOBODY = 65_534


class DatedClock:
    """Stands still as a calendar, runs as a stopwatch, and can be moved on."""

    def __init__(self, now: dt.datetime = NOW) -> None:
        self._now = now
        self._ahead = 0.0

    def now(self) -> dt.datetime:
        return self._now

    def monotonic(self) -> float:
        return time.monotonic() + self._ahead

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def move(self, seconds: float) -> None:
        self._ahead += seconds


class Course:
    """Remembers the stages that it hears of, and does something when one begins."""

    def __init__(self, **at: Callable[[], None]) -> None:
        self.stages: list[Stage] = []
        self._at = {name.replace("_", " "): deed for name, deed in at.items()}

    def __call__(self, stage: Stage) -> None:
        self.stages.append(stage)
        deed = self._at.get(stage.name)
        if deed is not None:
            deed()

    @property
    def names(self) -> list[str]:
        """The stages' names, each once for as long as it goes on."""
        names = [stage.name for stage in self.stages]
        return [name for at, name in enumerate(names) if at == 0 or names[at - 1] != name]


def target_of(repository: Repository, /, **changes: object) -> Target:
    """Return the target that the repository's snapshot belongs to."""
    target = Target(
        name="crm",
        repository=str(repository.folder),
        password_file=str(repository.password_file),
        hosts=(HOST,),
        tags=(TAG,),
        rpo_seconds=3_600.0,
        rto_seconds=3_600.0,
    )
    return msgspec.structs.replace(target, **changes)


def kit_for(folder: Path, **changes: object) -> DrillKit:
    """Return a kit that restores below the folder."""
    kit = DrillKit(
        clock=DatedClock(),
        environment={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        scratch=folder / "scratch",
        deadlines=Deadlines(open_seconds=60, check_seconds=60, list_seconds=60, restore_seconds=60),
    )
    return msgspec.structs.replace(kit, **changes)


def drill_with(*checks: CheckPlan, **changes: object) -> Drill:
    """Return a drill of the customer database with these checks."""
    drill = Drill(
        id="customer-records",
        version="1.0.0",
        title="Restore the customer records",
        summary="For tests.",
        target="customer-records",
        checks=checks or (ONE_DATABASE,),
    )
    return msgspec.structs.replace(drill, **changes)


def back_up_nothing(repository: Repository, folder: Path, *, at: str) -> None:
    """Back up an empty folder for the repository's target."""
    folder.mkdir()
    back_up(msgspec.structs.replace(repository, source=folder), at=at)


def verdicts(checks: Iterable[CheckResult]) -> dict[str, str]:
    """Return what each check came to: its reason, or its verdict where it has none."""
    return {each.name: each.reason or each.verdict for each in checks}


def left_in(folder: Path) -> list[Path]:
    """Return what is left of drills whose kit restores below the folder."""
    scratch = folder / "scratch"
    return list(scratch.iterdir()) if scratch.exists() else []


def program(*argv: str, exit_code: int = 0) -> CheckPlan:
    """Return the check that a program finds the restored folder good."""
    return CheckPlan(kind="command", arguments={"argv": list(argv), "exit_code": exit_code})


def meddling_restic(folder: Path, *, on_restore: str) -> dict[str, str]:
    """Return an environment whose restic runs a shell script where it is to restore.

    The script gets restic's arguments, `$restic` and `$into`.
    """
    real = shutil.which("restic") or "restic"
    folder.mkdir(exist_ok=True)
    init = quick_init(folder / "planted")
    script = folder / "restic"
    script.write_text(
        f"""#!/bin/sh
restic={real}
case " $* " in
*" restore "*)
    for word; do case $word in --target=*) into=${{word#--target=}} ;; esac; done
    {on_restore}
    ;;
*" init "*) {init} ;;
*) exec $restic "$@" ;;
esac
""",
        encoding="utf-8",
    )
    script.chmod(0o700)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


@contextmanager
def ordinary_user(folder: Path) -> Iterator[None]:
    """Act as a user whom modes bind, and who owns everything below the folder."""
    if os.geteuid() != 0:
        yield
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, _NOBODY, _NOBODY, follow_symlinks=False)
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
