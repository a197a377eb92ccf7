"""The `wait` step: over when its time, its fact or its step has come."""

from __future__ import annotations

from ccir.domain.playbook import Step, WaitArguments
from ccir.steps.interface import Kit, StepOutcome


class Wait:
    """Something that only has to be awaited; the board says when it is over."""

    arguments = WaitArguments

    def perform(self, step: Step, kit: Kit) -> StepOutcome:  # noqa: ARG002 - the family's shape
        """Leave the step waiting: a wait that is over is settled before this is reached."""
        return StepOutcome(pending=True, detail=f"'{step.id}' is still waiting")


MEMBER = Wait()
