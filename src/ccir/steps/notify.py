"""The `notify` step: sends the approved version of one notice."""

from __future__ import annotations

import msgspec

from ccir.domain.playbook import NotifyArguments, Step
from ccir.steps.interface import Kit, StepOutcome


class Notify:
    """Tells an audience; done when every recipient's row was attempted."""

    arguments = NotifyArguments

    def perform(self, step: Step, kit: Kit) -> StepOutcome:
        """Send to the rows that are still planned."""
        notice = msgspec.convert(step.arguments, NotifyArguments).notice
        sent = kit.send_notice(notice)
        if not sent.complete:
            return StepOutcome(
                reason="sending-incomplete", detail=sent.detail, hint=sent.hint, exit_status=3
            )
        return StepOutcome(
            detail=sent.detail, hint=sent.hint, exit_status=0 if sent.flawless else 1
        )


MEMBER = Notify()
