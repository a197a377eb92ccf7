"""What a kind of step is: the shape of its arguments, and its work done with a kit."""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

import msgspec

from ccir.domain import events as e
from ccir.domain.outcomes import exit_status
from ccir.domain.playbook import Step
from ccir.domain.run import Run

E = TypeVar("E", bound=e.BackupChecked | e.DrillFinished | e.BackupRestored | e.CleanSnapshotSought)


class StepOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a step's work came to; only the engine records it.

    `reason` is empty where the step is done, otherwise a stable code that fails it; `detail`
    is shown and sealed. `pending` leaves the step as it is: nothing failed, nothing is done.
    """

    events: tuple[e.AnyEvent, ...] = ()
    reason: str = ""
    detail: str = ""
    hint: str = ""
    pending: bool = False
    exit_status: int = 0


class Judged(msgspec.Struct, Generic[E], frozen=True, kw_only=True):
    """The event that a check of the world led to, and what to do about it."""

    event: E
    detail: str = ""
    hint: str = ""


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """How the sending of a notice ended; `complete` means that every row was attempted."""

    complete: bool
    flawless: bool
    detail: str
    hint: str = ""


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """How a program ended: `exited` or why it was ended, with its redacted output."""

    ended: str
    exit_code: int | None
    seconds: float
    output: str


class Kit(Protocol):
    """What the engine lends a step: the run, and the ways to the outside."""

    @property
    def run(self) -> Run:
        """Return the run as it stands."""
        ...

    def confirm(self, question: str) -> None:
        """Ask the person whether to go on.

        Raises:
            RefusedError: she said no, or nobody can be asked.
        """
        ...

    def check_backup(self, purpose: str, step: str) -> Judged[e.BackupChecked]:
        """Verify the backup that the purpose is bound to."""
        ...

    def run_drill(self, drill: str, step: str) -> Judged[e.DrillFinished]:
        """Restore and judge what the drill names."""
        ...

    def seek_clean(
        self, purpose: str, step: str, *, drill: str | None, limit: int
    ) -> Judged[e.CleanSnapshotSought]:
        """Seek the newest clean snapshot of the target that the purpose is bound to."""
        ...

    def run_program(self, argv: tuple[str, ...], *, timeout_seconds: float) -> Ran:
        """Run a program to its end or its deadline."""
        ...

    def send_notice(self, notice: str) -> Sent:
        """Send the approved version of a notice to the rows still planned."""
        ...

    def seal(self, text: str) -> e.Sealed:
        """Keep a text outside the log."""
        ...


class StepKind(Protocol):
    """A member of the steps family."""

    @property
    def arguments(self) -> type[msgspec.Struct]:
        """Return the shape of the step's `with`."""
        ...

    def perform(self, step: Step, kit: Kit) -> StepOutcome:
        """Do the step's work in the outside world and return what came of it."""
        ...


def from_verdict(
    judged: Judged[e.BackupChecked] | Judged[e.DrillFinished] | Judged[e.CleanSnapshotSought],
) -> StepOutcome:
    """Return the outcome of a check of the world: only a pass makes the step done."""
    event = judged.event
    reason = "" if event.verdict == "pass" else event.reason or event.verdict
    return StepOutcome(
        events=(event,),
        reason=reason,
        detail=judged.detail,
        hint=judged.hint,
        exit_status=exit_status(event.verdict),
    )
