"""Every event that can stand in a run's log, as typed values."""

from __future__ import annotations

import datetime as dt
from typing import get_args

from ccir.domain.backup_events import BackupChecked, BackupRestored, DrillFinished
from ccir.domain.drill_events import CleanSnapshotSought, DrillAlerted, DrillCited, DrillSlotsMissed
from ccir.domain.duty_events import (
    DelayExplained,
    DutyMet,
    DutyWaived,
    RulesRenewed,
    WaiverConfirmed,
)
from ccir.domain.event_parts import (
    SYSTEM,
    CloseOutcome,
    Event,
    FactValue,
    Pin,
    RunKind,
    Sealed,
    Second,
)
from ccir.domain.notice_events import (
    BouncesRead,
    NoticeApproved,
    NoticeDenied,
    NoticeEvent,
    NoticeLearnt,
    NoticePreviewed,
    RecipientsConfirmed,
    RecipientsUnmasked,
    RowsResolved,
    SendingEnded,
    SendingHalted,
    SendingReleased,
    SendingStarted,
)

# Whoever speaks of events needs this module only.
__all__ = [
    "SYSTEM",
    "BackupChecked",
    "BackupRestored",
    "BouncesRead",
    "CleanSnapshotSought",
    "CloseOutcome",
    "DelayExplained",
    "DrillAlerted",
    "DrillCited",
    "DrillFinished",
    "DrillSlotsMissed",
    "DutyMet",
    "DutyWaived",
    "Event",
    "FactValue",
    "NoticeApproved",
    "NoticeDenied",
    "NoticeEvent",
    "NoticeLearnt",
    "NoticePreviewed",
    "Pin",
    "RecipientsConfirmed",
    "RecipientsUnmasked",
    "RowsResolved",
    "RulesRenewed",
    "RunKind",
    "Sealed",
    "Second",
    "SendingEnded",
    "SendingHalted",
    "SendingReleased",
    "SendingStarted",
    "WaiverConfirmed",
]


class RunStarted(Event, frozen=True, kw_only=True):
    """A playbook began to be played; `zone` is the organisation's IANA time zone.

    `rules` are what its clocks are held to: the duties and the organisation as they were.
    """

    kind: RunKind
    title: str
    severity: str
    playbook: Pin
    zone: str
    roles: dict[str, str]
    rules: Pin | None = None


class FactRecorded(Event, frozen=True, kw_only=True):
    """A fact was stated, by whom it is known, for the first time or anew.

    A moment that starts clocks is changed with a reason and by two people: `second` says
    whether it counts at once (it is earlier) or only then.
    """

    name: str
    value: FactValue
    source: str = ""
    reason: Sealed | None = None
    second: Second = "none"


class FactConfirmed(Event, frozen=True, kw_only=True):
    """A second person stands for the changed moment that event `seq` states."""

    name: str
    seq: int


class RoleAssigned(Event, frozen=True, kw_only=True):
    """A person took a role."""

    role: str
    person: str


class RoleHandedOver(Event, frozen=True, kw_only=True):
    """A role went from one person to the next."""

    role: str
    previous: str
    person: str


class SeverityChanged(Event, frozen=True, kw_only=True):
    """The severity was set anew; both values stay."""

    previous: str
    severity: str
    reason: Sealed


class NoteAdded(Event, frozen=True, kw_only=True):
    """Somebody wrote something down; privileged notes stay out of reports unless asked for."""

    text: Sealed
    privileged: bool = False


class StepStarted(Event, frozen=True, kw_only=True):
    """Somebody began a step, for the role it belongs to."""

    step: str
    role: str


class StepFinished(Event, frozen=True, kw_only=True):
    """A step is done."""

    step: str
    role: str
    note: Sealed | None = None


class StepSkipped(Event, frozen=True, kw_only=True):
    """A person left a step out, with a reason."""

    step: str
    role: str
    reason: Sealed


class StepBlocked(Event, frozen=True, kw_only=True):
    """A step cannot go on, with the reason."""

    step: str
    role: str
    reason: Sealed


class StepFailed(Event, frozen=True, kw_only=True):
    """The work of a step did not succeed: why (a stable code) and what was seen."""

    step: str
    role: str
    reason: str
    detail: Sealed | None = None


class StepReopened(Event, frozen=True, kw_only=True):
    """A settled step is to be done again."""

    step: str
    role: str
    reason: Sealed


class StepAssigned(Event, frozen=True, kw_only=True):
    """A person is to do a step."""

    step: str
    person: str


class StepOverdue(Event, frozen=True, kw_only=True):
    """A step was not settled when it was due; recorded at its due time."""

    step: str
    due_at: dt.datetime


class WaitEnded(Event, frozen=True, kw_only=True):
    """What a `wait` step waited for has come."""

    step: str


class DecisionMade(Event, frozen=True, kw_only=True):
    """Somebody chose one of a decision's options, with a reason."""

    step: str
    role: str
    option: str
    reason: Sealed


class EvidenceAdded(Event, frozen=True, kw_only=True):
    """A file was taken into evidence; `sha256` and `size_bytes` are of its content."""

    sha256: str
    size_bytes: int
    name: Sealed
    step: str | None = None


class EventCorrected(Event, frozen=True, kw_only=True):
    """An earlier event was wrong; it stays, with this beside it."""

    seq: int
    reason: Sealed


class HoldPlaced(Event, frozen=True, kw_only=True):
    """Nothing of this run may be erased from now on (legal hold)."""

    reason: Sealed


class HoldReleased(Event, frozen=True, kw_only=True):
    """The legal hold is over."""

    reason: Sealed


class RunClosed(Event, frozen=True, kw_only=True):
    """The run is over; `waived` names the mandatory steps left open."""

    outcome: CloseOutcome
    reason: Sealed | None = None
    waived: tuple[str, ...] = ()


class RunReopened(Event, frozen=True, kw_only=True):
    """A closed run goes on."""

    reason: Sealed


class CommandRan(Event, frozen=True, kw_only=True):
    """A `command` step's program ended; its output is sealed."""

    step: str
    program: str
    ended: str
    exit_code: int | None
    seconds: float
    output: Sealed | None = None


class RolesAlerted(Event, frozen=True, kw_only=True):
    """Roles were called through a channel; `state` is the ledger state of the call."""

    roles: tuple[str, ...]
    channel: str
    state: str
    detail: str = ""


AnyEvent = (
    RunStarted
    | FactRecorded
    | FactConfirmed
    | DutyMet
    | DelayExplained
    | DutyWaived
    | WaiverConfirmed
    | RulesRenewed
    | RoleAssigned
    | RoleHandedOver
    | SeverityChanged
    | NoteAdded
    | StepStarted
    | StepFinished
    | StepSkipped
    | StepBlocked
    | StepFailed
    | StepReopened
    | StepAssigned
    | StepOverdue
    | WaitEnded
    | DecisionMade
    | EvidenceAdded
    | EventCorrected
    | HoldPlaced
    | HoldReleased
    | RunClosed
    | RunReopened
    | CommandRan
    | BackupChecked
    | DrillFinished
    | DrillSlotsMissed
    | DrillCited
    | DrillAlerted
    | CleanSnapshotSought
    | BackupRestored
    | NoticeEvent
    | RolesAlerted
)

EVENT_TYPES: dict[str, type[AnyEvent]] = {kind.__name__: kind for kind in get_args(AnyEvent)}
