"""The `manual` step: a person does it and says so, with a note and evidence."""

from __future__ import annotations

import msgspec

from ccir.domain.playbook import Step, Text
from ccir.errors import RefusedError
from ccir.steps.interface import Kit, StepOutcome


class ManualArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a manual step shows: the points to go through, in order."""

    checklist: tuple[Text, ...] = ()


class Manual:
    """Work that only a person can do."""

    arguments = ManualArguments

    def perform(self, step: Step, kit: Kit) -> StepOutcome:  # noqa: ARG002 - the family's shape
        """Refuse: there is nothing that ccir could run.

        Raises:
            RefusedError: always.
        """
        raise RefusedError(
            f"step '{step.id}' is done by a person", hint=f"`ccir step done {step.id}` when it is"
        )


MEMBER = Manual()
