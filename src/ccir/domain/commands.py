"""Every command a person or the engine can give to a run, as typed values."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.domain.events import (
    AnyEvent,
    CloseOutcome,
    FactValue,
    Pin,
    RunKind,
    Sealed,
)
from ccir.domain.ledger import Halt
from ccir.domain.notices import Counts


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """Something somebody wants to happen; `by` is a person's id or `ccir` itself."""

    by: str


class StartRun(Command, frozen=True, kw_only=True):
    """Begin to play the pinned playbook."""

    kind: RunKind
    title: str
    severity: str | None
    playbook: Pin
    zone: str
    roles: dict[str, str]
    facts: dict[str, FactValue] = {}
    rules: Pin | None = None


class RecordFact(Command, frozen=True, kw_only=True):
    """State a fact, already of the type that its playbook or the rules ask for.

    `of_rules` says that the rules read it and the playbook does not name it.
    """

    name: str
    value: FactValue
    source: str = ""
    reason: Sealed | None = None
    of_rules: bool = False


class ConfirmFact(Command, frozen=True, kw_only=True):
    """Stand for a moment that somebody else changed."""

    name: str


class MeetDuty(Command, frozen=True, kw_only=True):
    """Say that somebody was told as a rule asks; `is_late` is judged by the rule's clock."""

    rule: str
    reference: Sealed | None = None
    evidence: str | None = None
    notice: str | None = None
    reason: Sealed | None = None
    is_late: bool = False


class ExplainDelay(Command, frozen=True, kw_only=True):
    """Say why somebody is told late."""

    rule: str
    reason: Sealed


class WaiveDuty(Command, frozen=True, kw_only=True):
    """Decide not to tell, or stand for that decision of another person."""

    rule: str
    reason: Sealed | None = None
    review_on: dt.date | None = None


class AssignRole(Command, frozen=True, kw_only=True):
    """Give a role to a person."""

    role: str
    person: str


class HandOverRole(Command, frozen=True, kw_only=True):
    """Pass a role of one's own on; by default the commander's."""

    role: str
    person: str


class ChangeSeverity(Command, frozen=True, kw_only=True):
    """Set the severity anew."""

    severity: str
    reason: Sealed


class AddNote(Command, frozen=True, kw_only=True):
    """Write something down."""

    text: Sealed
    privileged: bool = False


class StartStep(Command, frozen=True, kw_only=True):
    """Begin a step."""

    step: str


class FinishStep(Command, frozen=True, kw_only=True):
    """Say that a step done by hand is done."""

    step: str
    note: Sealed | None = None


class SkipStep(Command, frozen=True, kw_only=True):
    """Leave a step out."""

    step: str
    reason: Sealed


class BlockStep(Command, frozen=True, kw_only=True):
    """Say that a step cannot go on."""

    step: str
    reason: Sealed


class ReopenStep(Command, frozen=True, kw_only=True):
    """Do a settled step again."""

    step: str
    reason: Sealed


class AssignStep(Command, frozen=True, kw_only=True):
    """Give a step to a person."""

    step: str
    person: str


class RecordWork(Command, frozen=True, kw_only=True):
    """Record what the work of a step came to: its events, then the step's end.

    `reason` is empty where the work succeeded; `pending` leaves the step active.
    """

    step: str
    outcomes: tuple[AnyEvent, ...] = ()
    reason: str = ""
    detail: Sealed | None = None
    pending: bool = False


class RecordOutcome(Command, frozen=True, kw_only=True):
    """Record what happened outside without a step of its own."""

    outcome: AnyEvent


class Decide(Command, frozen=True, kw_only=True):
    """Choose one of a decision's options."""

    step: str
    option: str
    reason: Sealed


class AddEvidence(Command, frozen=True, kw_only=True):
    """Take a file into evidence."""

    sha256: str
    size_bytes: int
    name: Sealed
    step: str | None = None


class CorrectEvent(Command, frozen=True, kw_only=True):
    """Say that an earlier event was wrong; a fact may get its right value at once."""

    seq: int
    reason: Sealed
    value: FactValue | None = None


class PlaceHold(Command, frozen=True, kw_only=True):
    """Put the run under legal hold."""

    reason: Sealed


class ReleaseHold(Command, frozen=True, kw_only=True):
    """End the legal hold."""

    reason: Sealed


class CloseRun(Command, frozen=True, kw_only=True):
    """End the run."""

    outcome: CloseOutcome
    reason: Sealed | None = None


class ReopenRun(Command, frozen=True, kw_only=True):
    """Go on with a closed run."""

    reason: Sealed


class StoreVersion(Command, frozen=True, kw_only=True):
    """Store a new version of a notice: what `preview` made."""

    notice: str
    digest: str
    text: Sealed
    channel: str
    list: str
    recipients: int
    rejected: int
    duplicates: int
    already_told: int
    languages: dict[str, int]
    per_second: float | None = None
    not_before: dt.datetime | None = None


class ApproveNotice(Command, frozen=True, kw_only=True):
    """Approve the newest version of a notice.

    `roles` are all roles the person holds; `account` the operating-system account she came
    through; `one_account_counts_once` refuses a second approval from the same account.
    """

    notice: str
    roles: tuple[str, ...]
    account: str
    one_account_counts_once: bool = False
    version: int | None = None


class DenyNotice(Command, frozen=True, kw_only=True):
    """Refuse the newest version of a notice; `roles` are all roles the person holds."""

    notice: str
    roles: tuple[str, ...]
    reason: Sealed


class HaltSending(Command, frozen=True, kw_only=True):
    """Pause the sending of a notice's newest version, or stop it for good."""

    notice: str
    halt: Halt
    reason: Sealed


class ReleaseSending(Command, frozen=True, kw_only=True):
    """Let a paused sending go on."""

    notice: str


class BeginSending(Command, frozen=True, kw_only=True):
    """Let the approved version of a notice go out."""

    notice: str
    planned: int


class EndSending(Command, frozen=True, kw_only=True):
    """Record how the sending ended."""

    notice: str
    version: int
    ended: str
    counts: Counts
    detail: str = ""


class RenewRules(Command, frozen=True, kw_only=True):
    """Hold the run's clocks to the rules, settings and contracts as they are now."""

    rules: Pin
    reason: Sealed


AnyCommand = (
    StartRun
    | RecordFact
    | ConfirmFact
    | MeetDuty
    | ExplainDelay
    | WaiveDuty
    | RenewRules
    | AssignRole
    | HandOverRole
    | ChangeSeverity
    | AddNote
    | StartStep
    | FinishStep
    | SkipStep
    | BlockStep
    | ReopenStep
    | AssignStep
    | RecordWork
    | RecordOutcome
    | Decide
    | AddEvidence
    | CorrectEvent
    | PlaceHold
    | ReleaseHold
    | CloseRun
    | ReopenRun
    | StoreVersion
    | ApproveNotice
    | DenyNotice
    | HaltSending
    | ReleaseSending
    | BeginSending
    | EndSending
)
