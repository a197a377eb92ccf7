"""A kit whose answers are set by hand, and what a step kind's contract suite needs to know."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from ccir.domain.events import BackupChecked, CleanSnapshotSought, DrillFinished, Sealed
from ccir.domain.outcomes import Objective, Verdict
from ccir.domain.playbook import Step
from ccir.domain.run import Run
from ccir.errors import CcirError
from ccir.steps.interface import Judged, Ran, Sent
from support import runs


class StepBench(NamedTuple):
    """A kind of step for the family's contract suite; `wrong` lacks or misnames something."""

    kind: str
    arguments: dict[str, object]
    wrong: dict[str, object]


class HandKit:
    """Answers every question as it was set and notes what it was asked for; see `Kit`."""

    def __init__(self, run: Run | None = None, *, error: CcirError | None = None) -> None:
        self.run = run or runs.given()
        self.asked: list[tuple[object, ...]] = []
        self.error = error
        self.verdict: Verdict = "pass"
        self.reason = ""
        self.ran = Ran(ended="exited", exit_code=0, seconds=1.5, output="")
        self.sent = Sent(complete=True, flawless=True, detail="3 of 3")

    def confirm(self, question: str) -> None:
        self._note("confirm", question)

    def check_backup(self, purpose: str, step: str) -> Judged[BackupChecked]:
        self._note("check_backup", purpose, step)
        event = BackupChecked(
            target=purpose,
            verdict=self.verdict,
            reason=self.reason,
            snapshot=None,
            age_seconds=None,
            rpo_seconds=None,
            checks=(),
            step=step,
        )
        return Judged(event=event, detail="looked at", hint="look again")

    def run_drill(self, drill: str, step: str) -> Judged[DrillFinished]:
        self._note("run_drill", drill, step)
        event = DrillFinished(
            drill=drill,
            target="main",
            verdict=self.verdict,
            reason=self.reason,
            snapshot=None,
            files=0,
            bytes=0,
            rpo=Objective(),
            rto=Objective(),
            checks=(),
            cleanup="done",
            step=step,
        )
        return Judged(event=event, detail="restored", hint="restore again")

    def seek_clean(
        self, purpose: str, step: str, *, drill: str | None, limit: int
    ) -> Judged[CleanSnapshotSought]:
        self._note("seek_clean", purpose, step, drill, limit)
        event = CleanSnapshotSought(
            target=purpose,
            verdict=self.verdict,
            reason=self.reason,
            snapshot=None,
            taken_at=None,
            lost_seconds=None,
            examined=2,
            step=step,
        )
        return Judged(event=event, detail="sought", hint="seek further back")

    def run_program(self, argv: tuple[str, ...], *, timeout_seconds: float) -> Ran:
        self._note("run_program", argv, timeout_seconds)
        return self.ran

    def send_notice(self, notice: str) -> Sent:
        self._note("send_notice", notice)
        return self.sent

    def seal(self, text: str) -> Sealed:
        self._note("seal", text)
        return runs.sealed(text)

    def _note(self, *words: object) -> None:
        self.asked.append(words)
        if self.error is not None:
            raise self.error


def step(kind: str, arguments: dict[str, object]) -> Step:
    return msgspec.structs.replace(runs.step("the-step"), kind=kind, arguments=arguments)
