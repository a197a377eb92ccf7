"""The negative control: damage is made on purpose, and must be found.

1. A small repository is made in scratch by the operator's own tool, and drilled in the drill's
   own mode: it must pass. One byte of its largest file is changed: now it must fail.
2. What was restored is overwritten as ransomware would, and the drill's own checks are made
   again: each must stop passing. Counts and commands are left out: neither reads contents.
3. A drill that cannot fail proves nothing, so it is an error, whatever else it found.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import shake_256
from pathlib import Path

import msgspec

from ccir.backup.interface import Target
from ccir.checks.interface import CheckKit
from ccir.checks.interface import regular_files as files_below
from ccir.clock import SystemClock
from ccir.domain.drills import CheckPlan, Drill, Verification
from ccir.domain.outcomes import CheckResult
from ccir.drilling.failures import error_result
from ccir.drilling.interface import DrillKit, DrillResult
from ccir.drilling.judging import judge
from ccir.drilling.targets import tool_of

NAME = "control"
_FILES = 8
_FILE_BYTES = 20_000
_NOISE_BYTES = 65_536
_UNREAD = ("file-count", "command")
_PRIVATE = 0o700
_HINT = "correct the drill's checks or its tool: until then its passes prove nothing"


# `run_drill`, which plays the drill that this is a part of.
Player = Callable[[Drill, Target, DrillKit], DrillResult]


def control(
    drill: Drill, target: Target, kit: DrillKit, *, scratch: Path, play: Player
) -> CheckResult:
    """Return whether damage to a repository of the operator's own tool is found.

    Raises:
        UnavailableError: the tool cannot make a repository to practise on.
    """
    place = scratch / "control"
    source, planted = place / "source", place / "planted"
    for folder in (source, planted):
        folder.mkdir(_PRIVATE, parents=True)
    for number in range(_FILES):
        octets = shake_256(b"%d" % number).digest(_FILE_BYTES)
        (source / f"{number}.wav").write_bytes(b"RIFF" + octets)
    own_kit = msgspec.structs.replace(
        kit,
        clock=SystemClock(),  # the tool dates what it makes by the machine, not by a story
        scratch=place / "scratch",
        protected=(),
        past=None,
        ledger=None,
        memory=None,
    )
    practice = _practice(drill)
    own = tool_of(target, own_kit).plant(source, folder=planted)
    whole = play(practice, own, own_kit)
    if whole.verdict != "pass":
        return _undecided(f"the undamaged repository: {whole.verdict} ({whole.reason})")
    _damage(Path(own.repository))
    damaged = play(practice, own, own_kit)
    if damaged.verdict == "fail":
        return CheckResult(name=NAME, verdict="pass", detail=f"damage was found: {damaged.reason}")
    return _cannot_fail(f"a damaged repository came to {damaged.verdict} ({damaged.reason})")


def control_checks(folder: Path, drill: Drill, kit: CheckKit) -> CheckResult | None:
    """Overwrite what was restored, and return the check that still passes, or None."""
    plans = tuple(plan for plan in drill.checks if plan.kind not in _UNREAD)
    if not plans:
        return None
    for file in files_below(folder):
        _overwrite(file)
    found = judge(folder, (CheckPlan(kind="file-count"), *plans), kit)
    blind = [each.name for each in found if each.verdict == "pass" and each.name not in _UNREAD]
    if not blind:
        return None
    return _cannot_fail(f"every file was overwritten, and '{blind[0]}' passes all the same")


def _practice(drill: Drill) -> Drill:
    """Return the drill as it is played on what was planted: no checks of its own data."""
    return msgspec.structs.replace(
        drill,
        checks=(CheckPlan(kind="file-count", arguments={"minimum_files": _FILES}),),
        mode="stream" if drill.mode == "stream" else "full",
        select="newest",
        verify=Verification(structure=False, content=drill.verify.content),
        control_every=0,
        keep_on_fail=None,
        rpo=None,
        rto=None,
    )


def _damage(repository: Path) -> None:
    """Change one byte in the middle of the largest file: it holds what was backed up."""
    largest = max(files_below(repository), key=lambda each: each.stat().st_size)
    largest.chmod(0o600)
    with largest.open("r+b") as file:
        at = largest.stat().st_size // 2
        file.seek(at)
        octet = file.read(1)
        file.seek(at)
        file.write(bytes((octet[0] ^ 1,)))


def _overwrite(file: Path) -> None:
    file.chmod(0o600)
    size = min(file.stat().st_size, _NOISE_BYTES)
    with file.open("r+b") as opened:
        opened.write(shake_256(os.fsencode(file.name)).digest(size))


def _cannot_fail(detail: str) -> CheckResult:
    return error_result(NAME, "cannot-fail", detail, hint=_HINT)


def _undecided(detail: str) -> CheckResult:
    hint = "try again; the drill itself is judged apart"
    return error_result(NAME, "control-undecided", detail, hint=hint)
