"""The kit that the engine lends to a step: the run, and every way to the outside."""

from __future__ import annotations

from ccir.delivery.interface import SendReport
from ccir.domain import events as e
from ccir.domain.cards import without_card_numbers
from ccir.domain.commands import StartStep
from ccir.domain.run import Run
from ccir.engine.attendant import Attendant
from ccir.engine.backups import check, drill
from ccir.engine.handle import handle
from ccir.engine.notice_sending import outcome_in_words, send_notice
from ccir.engine.recovery_point import seek_recovery_point
from ccir.engine.workspace import Workspace
from ccir.steps.interface import Judged, Ran, Sent


class EngineKit:
    """What one step of one run works with; `by` is who does the work.

    Of a notice the sending itself stands in the log; other outside work begins the step first.
    """

    def __init__(
        self, workspace: Workspace, run: Run, *, step: str, by: str, attendant: Attendant
    ) -> None:
        self._workspace = workspace
        self._run = run
        self._step = step
        self._by = by
        self._attendant = attendant
        self.sending: SendReport | None = None

    @property
    def run(self) -> Run:
        """Return the run as it stood when the work began."""
        return self._run

    def confirm(self, question: str) -> None:
        """Ask the person; see `Kit.confirm`."""
        self._attendant.confirm(question)

    def check_backup(self, purpose: str, step: str) -> Judged[e.BackupChecked]:
        """Verify a backup; see `Kit.check_backup`."""
        self._begin()
        return check(self._workspace, purpose, self._attendant, step=step)

    def run_drill(self, drill_id: str, step: str) -> Judged[e.DrillFinished]:
        """Restore and judge; see `Kit.run_drill`."""
        self._begin()
        return drill(self._workspace, drill_id, self._attendant, step=step)

    def seek_clean(
        self, purpose: str, step: str, *, drill: str | None, limit: int
    ) -> Judged[e.CleanSnapshotSought]:
        """Seek the newest clean snapshot; see `Kit.seek_clean`."""
        self._begin()
        sought = seek_recovery_point(
            self._workspace, purpose, self._attendant, limit=limit, drill=drill, step=step
        )
        return sought.judged

    def run_program(self, argv: tuple[str, ...], *, timeout_seconds: float) -> Ran:
        """Run a program within its bounds in the workspace's folder; see `Kit.run_program`."""
        from ccir.process import find_tool, run
        from ccir.program import Program, bare_environment

        environment = bare_environment(self._workspace.environment.passed_on)
        path = find_tool(argv[0], path=environment.get("PATH", ""))
        self._begin()
        program = Program(
            argv=(str(path), *argv[1:]),
            environment=environment,
            deadline_seconds=timeout_seconds,
            folder=self._workspace.folder,
        )
        finished = run(
            program, clock=self._workspace.clock, is_cancelled=self._attendant.is_cancelled
        )
        return Ran(
            ended=finished.ended,
            exit_code=finished.exit_code,
            seconds=finished.seconds,
            output=without_card_numbers(finished.stdout + finished.stderr),
        )

    def send_notice(self, notice: str) -> Sent:
        """Send the approved version of a notice; see `Kit.send_notice`."""
        sending = send_notice(
            self._workspace, self._run.id, notice=notice, by=self._by, attendant=self._attendant
        )
        report = self.sending = sending.report
        hint = "" if report is None else report.hint
        doubtful = f"`ccir notice status {notice}` lists who was refused or is in doubt"
        return Sent(
            complete=sending.is_complete,
            flawless=sending.is_flawless,
            detail=outcome_in_words(sending),
            hint=hint or ("" if sending.is_flawless else doubtful),
        )

    def _begin(self) -> None:
        """Let the board show that somebody is at it, before work that may take hours."""
        if self._run.record(self._step).progress != "active":
            handle(self._workspace, self._run.id, StartStep(by=self._by, step=self._step))

    def seal(self, text: str) -> e.Sealed:
        """Keep a text outside the log; see `Kit.seal`."""
        return self._workspace.stores.people.seal(self._run.id, text)
