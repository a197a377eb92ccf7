"""What holds a notice up beside its approvals: law enforcement, and the quiet hours."""

from __future__ import annotations

import datetime as dt

from ccir.domain.moments import shown
from ccir.domain.playbook import Notice
from ccir.domain.run import Run, VersionRecord
from ccir.engine.channels import channel_named
from ccir.engine.run_clocks import RunClocks
from ccir.engine.workspace import Workspace
from ccir.errors import RefusedError


def refuse_held(workspace: Workspace, run: Run, notice: Notice) -> None:
    """Refuse a notice that law enforcement has asked to hold back.

    Raises:
        RefusedError: one of its obligations is held.
    """
    if not notice.obligations:
        return
    clocks, now = RunClocks(workspace, run), workspace.clock.now()
    for rule in notice.obligations:
        clock = clocks.one(rule, now).clock if clocks.has(rule) else None
        if clock is not None and clock.state == "held":
            raise RefusedError(
                f"'{notice.id}' may not go out: {clock.because} ({rule})",
                hint="when it is released: `ccir fact set le_hold_end=TIME`",
            )


class QuietGate:
    """Tells whether a version has to wait for the day."""

    def __init__(self, workspace: Workspace, notice: Notice, version: VersionRecord) -> None:
        traits = channel_named(workspace, version.channel).traits
        self._quiet = traits.quiet if notice.waits_for_day else None
        self._clock = workspace.clock
        self._zone = workspace.zone

    def is_shut(self) -> bool:
        """Return whether it is quiet now, and the notice can wait."""
        return self._end() is not None

    def refuse(self, notice: str) -> None:
        """Refuse to send in quiet hours.

        Raises:
            RefusedError: it is quiet now, and the notice can wait.
        """
        end = self._end()
        if end is not None:
            raise RefusedError(
                f"'{notice}' waits for the end of the quiet hours at {shown(end, self._zone)}",
                hint="what is urgent says so in the playbook: `urgency: legal` or `safety`",
            )

    def _end(self) -> dt.datetime | None:
        if self._quiet is None:
            return None
        return self._quiet.end_of(self._clock.now(), zone=self._zone)
