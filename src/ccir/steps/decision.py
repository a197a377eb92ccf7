"""The `decision` step: a person chooses one of the options and says why."""

from __future__ import annotations

from ccir.domain.playbook import DecisionArguments, Step
from ccir.errors import RefusedError
from ccir.steps.interface import Kit, StepOutcome


class Decision:
    """A choice that somebody answers for."""

    arguments = DecisionArguments

    def perform(self, step: Step, kit: Kit) -> StepOutcome:  # noqa: ARG002 - the family's shape
        """Refuse: ccir decides nothing.

        Raises:
            RefusedError: always.
        """
        raise RefusedError(
            f"step '{step.id}' is a decision", hint=f"`ccir decide {step.id} OPTION --reason …`"
        )


MEMBER = Decision()
