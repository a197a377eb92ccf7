"""The `last-clean` step: finds the recovery point, the newest snapshot with clean content."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from ccir.domain.playbook import Id, Step
from ccir.steps.interface import Kit, StepOutcome, from_verdict


class LastCleanArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a last-clean step looks: the target that this purpose is bound to.

    The checks of the `drill` count too; at most `limit` snapshots are restored.
    """

    target: Id
    drill: Id | None = None
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 30


class LastClean:
    """The point to go back to before data was encrypted or replaced."""

    arguments = LastCleanArguments

    def perform(self, step: Step, kit: Kit) -> StepOutcome:
        """Seek the newest clean snapshot of the target."""
        asked = msgspec.convert(step.arguments, LastCleanArguments)
        return from_verdict(
            kit.seek_clean(asked.target, step.id, drill=asked.drill, limit=asked.limit)
        )


MEMBER = LastClean()
