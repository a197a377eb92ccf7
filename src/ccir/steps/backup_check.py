"""The `backup-check` step: verifies a repository, its newest snapshot's age, its structure."""

from __future__ import annotations

import msgspec

from ccir.domain.playbook import Id, Step
from ccir.steps.interface import Kit, StepOutcome, from_verdict


class BackupCheckArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup-check verifies: the target that this purpose is bound to."""

    target: Id


class BackupCheck:
    """Proof that a backup is there, young enough and whole in its structure."""

    arguments = BackupCheckArguments

    def perform(self, step: Step, kit: Kit) -> StepOutcome:
        """Verify the target's backup."""
        target = msgspec.convert(step.arguments, BackupCheckArguments).target
        return from_verdict(kit.check_backup(target, step.id))


MEMBER = BackupCheck()
