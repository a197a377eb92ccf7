"""The check that a program of the operator's finds the restored data good."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from ccir.checks.interface import CheckKit
from ccir.domain.outcomes import CheckResult
from ccir.errors import UnavailableError
from ccir.process import find_tool, run
from ccir.program import Finished, Program, bare_environment

NAME = "command"
_FOLDER_VARIABLE = "CCIR_RESTORED"


class CommandArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to run, for how long at most, and the exit code that means good.

    The program runs in the restored folder, whose path is also in `CCIR_RESTORED`.
    """

    argv: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    timeout_seconds: Annotated[float, msgspec.Meta(gt=0)] = 300.0
    exit_code: int = 0


class Command:
    """Runs one program and judges its exit code; restored programs are never run."""

    @property
    def arguments(self) -> type[CommandArguments]:
        """The program and what is expected of it."""
        return CommandArguments

    def run(self, folder: Path, arguments: CommandArguments, kit: CheckKit) -> CheckResult:
        """Run the program in the folder."""
        try:
            program = _program(folder, arguments, kit)
            finished = run(program, clock=kit.clock, is_cancelled=kit.is_cancelled)
        except UnavailableError as error:
            return _error("tool-missing", error.message, hint=error.hint)
        return _judged(arguments, finished)


def _program(folder: Path, arguments: CommandArguments, kit: CheckKit) -> Program:
    path = find_tool(arguments.argv[0], path=kit.environment.get("PATH", ""))
    if path.resolve().is_relative_to(folder.resolve()):
        raise UnavailableError(
            f"'{path}' was itself restored, and restored programs are not run",
            hint="name a program that is installed on this machine",
        )
    return Program(
        argv=(str(path), *arguments.argv[1:]),
        environment={**bare_environment(kit.environment), _FOLDER_VARIABLE: str(folder)},
        folder=folder,
        deadline_seconds=min(arguments.timeout_seconds, kit.deadline_seconds),
    )


def _judged(arguments: CommandArguments, finished: Finished) -> CheckResult:
    """Judge how it ended; what it printed may hold customers' data and goes nowhere."""
    name = arguments.argv[0]
    if finished.ended != "exited":
        reason = "timed-out" if finished.ended == "deadline" else finished.ended
        detail = f"{name} was ended after {finished.seconds:.1f} s"
        return _error(reason, detail, hint="allow it more time, or run it by hand")
    if finished.exit_code is None:
        detail = f"{name} was ended by signal {finished.signal}"
        return _error("tool-crashed", detail, hint="run it by hand")
    detail = f"{name} ended with exit code {finished.exit_code}"
    if finished.exit_code == arguments.exit_code:
        return CheckResult(name=NAME, verdict="pass", detail=detail)
    return CheckResult(
        name=NAME,
        verdict="fail",
        reason="unexpected-exit",
        detail=f"{detail}, expected {arguments.exit_code}",
        hint="restore the snapshot into a folder and run the command there by hand",
    )


def _error(reason: str, detail: str, *, hint: str) -> CheckResult:
    return CheckResult(name=NAME, verdict="error", reason=reason, detail=detail, hint=hint)


MEMBER = Command()
