"""What a run is: the state that its log folds to."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from ccir.domain.conditions import Value
from ccir.domain.events import CloseOutcome, FactValue, Pin, RunKind, Sealed, Second
from ccir.domain.ledger import Halt
from ccir.domain.notices import Counts
from ccir.domain.playbook import Playbook

Progress = Literal["open", "active", "done", "skipped", "blocked", "failed"]
RunState = Literal["unstarted", "open", "closed"]
SendingState = Literal["idle", "sending", "sent", "partial"]

COMMANDER = "commander"
DEPUTY = "deputy"
SETTLED: frozenset[str] = frozenset({"done", "skipped"})


class FactEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One statement of a fact: its value, when it was true, and the event that holds it.

    `second` says what is up with a changed moment until `confirmed_by` names a second person.
    """

    seq: int
    value: FactValue
    source: str
    at: dt.datetime
    by: str
    withdrawn: bool = False
    reason: Sealed | None = None
    second: Second = "none"
    confirmed_by: str = ""

    @property
    def awaits(self) -> bool:
        """Return whether a second person has to stand for it yet."""
        return self.second != "none" and not self.confirmed_by


class StepRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the log says about a step; what follows from time and needs is in the board."""

    progress: Progress = "open"
    started_at: dt.datetime | None = None
    settled_at: dt.datetime | None = None
    by: str = ""
    assignee: str = ""
    evidence: int = 0
    option: str = ""
    reason: str = ""
    text: Sealed | None = None
    noted_overdue: bool = False


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """One approval of a version: who, in which role, through which account and when."""

    by: str
    role: str
    account: str
    at: dt.datetime


class Denial(msgspec.Struct, frozen=True, kw_only=True):
    """The refusal of a version: who, in which role, when and why."""

    by: str
    role: str
    at: dt.datetime
    reason: Sealed


class Halted(msgspec.Struct, frozen=True, kw_only=True):
    """A halt of a sending: paused or stopped, by whom, when and why."""

    halt: Halt
    by: str
    at: dt.datetime
    reason: Sealed


class VersionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One numbered version of a notice."""

    notice: str
    version: int
    digest: str
    text: Sealed
    channel: str
    list: str
    recipients: int
    rejected: int
    duplicates: int
    already_told: int
    languages: dict[str, int]
    author: str
    at: dt.datetime
    per_second: float | None = None
    not_before: dt.datetime | None = None
    approvals: tuple[Approval, ...] = ()
    denial: Denial | None = None
    halted: Halted | None = None
    sending: SendingState = "idle"
    counts: Counts = Counts()

    @property
    def halt(self) -> Halt:
        """Return whether the sending is paused or stopped; empty where it is neither."""
        return "" if self.halted is None else self.halted.halt


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """One telling of somebody as a rule asks; `seq` is the event that holds it."""

    seq: int
    at: dt.datetime
    by: str
    reference: Sealed | None = None
    evidence: str | None = None
    notice: str | None = None


class Waiver(msgspec.Struct, frozen=True, kw_only=True):
    """A decision not to tell; `confirmed_by` is empty until a second person stands for it."""

    seq: int
    by: str
    at: dt.datetime
    reason: Sealed
    review_on: dt.date
    confirmed_by: str = ""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One play of a playbook, as far as its log goes.

    `clock_times` are the instants to work to of the clocks that its playbook names: they follow
    from the log and the pinned rules, and whoever loads the run puts them there.
    """

    playbook: Playbook
    id: str = ""
    state: RunState = "unstarted"
    kind: RunKind = "incident"
    title: str = ""
    severity: str = ""
    pin: Pin | None = None
    zone: str = "UTC"
    started_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    seq: int = 0
    roles: dict[str, str] = {}
    facts: dict[str, tuple[FactEntry, ...]] = {}
    steps: dict[str, StepRecord] = {}
    notices: dict[str, tuple[VersionRecord, ...]] = {}
    held: bool = False
    outcome: CloseOutcome | None = None
    waived: tuple[str, ...] = ()
    rules: Pin | None = None
    submissions: dict[str, tuple[Submission, ...]] = {}
    delays: dict[str, Sealed] = {}
    waivers: dict[str, Waiver] = {}
    clock_times: dict[str, dt.datetime] = {}

    def record(self, step: str) -> StepRecord:
        """Return what the log says about a step."""
        return self.steps.get(step, _UNTOUCHED)

    def fact(self, name: str) -> FactEntry | None:
        """Return the fact's newest statement that counts, or None.

        None was withdrawn; one that waits for a second person counts only where no other does,
        and one narrowed to a part not even then where the fact is stated for all parts.
        """
        entries = [entry for entry in self.facts.get(name, ()) if not entry.withdrawn]
        counting = [each for each in entries if not each.awaits or each.second == "counts-now"]
        if counting:
            return counting[-1]
        plain, colon, _ = name.partition(":")
        has_other = bool(colon) and self.fact(plain) is not None
        return None if has_other or not entries else entries[-1]

    def latest(self, notice: str) -> VersionRecord | None:
        """Return the notice's newest version, or None before the first preview."""
        versions = self.notices.get(notice, ())
        return versions[-1] if versions else None

    def known(self) -> dict[str, Value]:
        """Return every path that a condition may read, with its value."""
        found: dict[str, Value] = {"severity": self.severity}
        for name in self.facts:
            entry = self.fact(name)
            if entry is not None:
                found[name] = entry.value
        for step, record in self.steps.items():
            if record.option:
                found[f"decision.{step}"] = record.option
        return found


_UNTOUCHED = StepRecord()


def unstarted(playbook: Playbook) -> Run:
    """Return the run of a playbook before its first event."""
    return Run(playbook=playbook)
