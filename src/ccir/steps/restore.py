"""The `restore` step: a drill, so a real restore into scratch, judged and cleaned up."""

from __future__ import annotations

import msgspec

from ccir.domain.playbook import Id, Step
from ccir.steps.interface import Kit, StepOutcome, from_verdict


class RestoreArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a restore step plays: one of the drills."""

    drill: Id


class Restore:
    """Proof that a backup can really be restored in the time that was promised."""

    arguments = RestoreArguments

    def perform(self, step: Step, kit: Kit) -> StepOutcome:
        """Run the drill."""
        drill = msgspec.convert(step.arguments, RestoreArguments).drill
        return from_verdict(kit.run_drill(drill, step.id))


MEMBER = Restore()
