"""Tells others of a drill while it is played: a monitor by pings, people by alerts.

Whatever goes wrong here is told to who plays the drill, and changes nothing of its result.
"""

from __future__ import annotations

from collections.abc import Callable

from ccir.channels.interface import Channel, Message
from ccir.domain.commands import RecordOutcome
from ccir.domain.drill_alerts import is_told_at_begin, is_told_at_end
from ccir.domain.drill_history import Due, errors_in_a_row, passed_at
from ccir.domain.drills import Drill
from ccir.domain.events import DrillAlerted, DrillFinished
from ccir.domain.notices import Receipt
from ccir.domain.outcomes import Verdict, exit_status
from ccir.engine.alert_sending import alert_message, sent, worst
from ccir.engine.channels import channel_named
from ccir.engine.drill_letters import Letter, Told, result_letter, stale_letter
from ccir.engine.drill_ping import Ping, call, ping_of
from ccir.engine.drill_schedule import Annals, annals
from ccir.engine.handle import handle
from ccir.engine.workspace import Workspace
from ccir.errors import CcirError, UnavailableError
from ccir.steps.interface import Judged

_INTERRUPTED = 130


class Telling:
    """Tells others of one run of one drill; nothing where the settings name nobody."""

    def __init__(
        self,
        workspace: Workspace,
        drill: Drill,
        *,
        run: str,
        by: str,
        warn: Callable[[str], None],
    ) -> None:
        self._workspace = workspace
        self._drill = drill
        self._run = run
        self._by = by
        self._warn = warn
        self._ping = self._configured()

    def begun(self, due: Due | None) -> None:
        """Tell that the drill begins, and people where it should have been played before."""
        self._call("start")
        if due is None or self._workspace.settings.drills.alert is None:
            return
        found = annals(self._workspace, self._drill.id)
        if is_told_at_begin(due, found.alerted):
            letter = stale_letter(due, self._told(found), target=self._drill.target)
            self._alert(letter, verdict="stale", reason=due.reason)

    def ended(self, judged: Judged[DrillFinished]) -> None:
        """Tell what the drill came to, once that is recorded."""
        event = judged.event
        reason = f" ({event.reason})" if event.reason else ""
        self._call(
            str(exit_status(event.verdict)),
            body=f"{self._run} drill {event.drill}: {event.verdict}{reason}",
        )
        settings = self._workspace.settings.drills
        if settings.alert is None:
            return
        found = annals(self._workspace, self._drill.id)
        errors_after = settings.alert_errors_after
        if is_told_at_end(found.played, found.alerted, errors_after=errors_after):
            letter = result_letter(judged, self._told(found))
            self._alert(letter, verdict=event.verdict, reason=event.reason)

    def broken_off(self) -> None:
        """Tell the monitor that the drill was ended by Ctrl-C."""
        self._call(str(_INTERRUPTED), body=f"{self._run} drill {self._drill.id}: interrupted")

    def _configured(self) -> Ping | None:
        try:
            return ping_of(self._workspace, self._drill.id, run=self._run)
        except CcirError as error:
            self._warn(f"drill {self._drill.id}: no ping: {error.message}; {error.hint}")
            return None

    def _call(self, signal: str, *, body: str = "") -> None:
        failure = "" if self._ping is None else call(self._ping, signal, body=body)
        if failure:
            self._warn(f"drill {self._drill.id}: the ping '{signal}' failed: {failure}")

    def _told(self, found: Annals) -> Told:
        return Told(
            run=self._run,
            passed_at=passed_at(found.played),
            errors=errors_in_a_row(found.played),
            zone=self._workspace.zone,
        )

    def _alert(self, letter: Letter, *, verdict: Verdict, reason: str) -> None:
        receipt = self._sent(letter)
        if receipt.state != "accepted":
            channel = self._workspace.settings.drills.alert
            words = f"drill {self._drill.id}: the alert through '{channel}' is {receipt.state}"
            self._warn(f"{words}: {receipt.reply}" if receipt.reply else words)
        event = DrillAlerted(
            drill=self._drill.id,
            verdict=verdict,
            reason=reason,
            channel=self._workspace.settings.drills.alert or "",
            state=receipt.state,
            detail=receipt.reply,
        )
        handle(self._workspace, self._run, RecordOutcome(by=self._by, outcome=event))

    def _sent(self, letter: Letter) -> Receipt:
        try:
            channel = channel_named(self._workspace, self._workspace.settings.drills.alert or "")
            return worst(sent(channel, self._messages(channel, letter)))
        except CcirError as error:
            return Receipt(state="refused-permanent", reply=error.message)

    def _messages(self, channel: Channel, letter: Letter) -> dict[str, Message]:
        return {
            name: alert_message(
                self._workspace,
                channel,
                address,
                run=self._run,
                subject=letter.subject,
                text=letter.text,
            )
            for name, address in self._addresses(channel).items()
        }

    def _addresses(self, channel: Channel) -> dict[str, str]:
        settings = self._workspace.settings
        if not channel.traits.personal:
            room = settings.drills.alert or ""
            return {room: room}
        people = {name: settings.people[name].email or "" for name in settings.drills.alert_to}
        if not people:
            raise UnavailableError(
                "[drills] alert_to names nobody", hint='say whom: alert_to = ["alex"]'
            )
        return people
