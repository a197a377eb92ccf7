"""What a playbook is: roles, facts, phases, steps, notices and services, as typed values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ccir.domain.conditions import Condition

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$(?!\n)")]
FactName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,63}$(?!\n)")]
Version = Annotated[str, Meta(pattern=r"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$(?!\n)")]
PeriodText = Annotated[str, Meta(pattern=r"^(\d{1,5}(m|min|h|d|bd|w|mo)|P[0-9WDTHM]+)$(?!\n)")]
Text = Annotated[str, Meta(min_length=1)]
RuleWord = Annotated[str, Meta(pattern=r"^[a-z_]{1,64}$(?!\n)")]
RuleName = Annotated[str, Meta(pattern=r"^[A-Z0-9][A-Z0-9.-]{1,63}$(?!\n)")]
FactKind = Literal["text", "number", "boolean", "moment", "choice", "list"]


class Role(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody's part in a run: a role, not a person."""

    id: Id
    title: Text
    duties: Text


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A typed statement the run will need, and the question that brings it out."""

    id: FactName
    kind: FactKind
    question: Text
    required: bool = False
    choices: tuple[str, ...] = ()


class Phase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the response; phases order the board, `needs` orders the work."""

    id: Id
    title: Text


class Severity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One level of the playbook's severity scale, most severe first in the list."""

    id: Id
    meaning: Text


class Due(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When something is due: so long after the start, a fact's moment or a step's end.

    `after` is `start`, `fact:NAME` (a fact of kind `moment`) or `step:ID`. With `before`
    (`clock:RULE`) it is due so long before the time that the rule's clock says to work to.
    """

    within: PeriodText
    before: Annotated[str, Meta(pattern=r"^clock:[A-Z0-9][A-Z0-9.-]{1,63}$(?!\n)")] | None = None
    after: Annotated[str, Meta(pattern=r"^(start|fact:[a-z][a-z0-9_]*|step:[a-z0-9-]+)$(?!\n)")] = (
        "start"
    )


class When(msgspec.Struct, frozen=True, kw_only=True):
    """A step's condition: as it was written, and as it was understood."""

    source: str
    test: Condition


class Step(msgspec.Struct, frozen=True, kw_only=True, rename={"arguments": "with"}):
    """One piece of work of a run.

    `kind` names a member of the steps family, which owns the shape of `arguments`.
    `on_failure` is `stop` (what needs this step waits), `continue` (as if it were done for
    those) or the id of a step that becomes ready by the failure.
    """

    id: Id
    title: Text
    phase: Id
    role: Id
    kind: Id
    needs: tuple[Id, ...] = ()
    when: When | None = None
    due: Due | None = None
    runbook: Id | None = None
    arguments: dict[str, object] = {}
    mandatory: bool = True
    evidence: Text | None = None
    on_failure: Id = "stop"


class Approvals(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many people must approve a notice, in which of the named roles, and for how long.

    An approval older than `valid_for` does not count; without it, it counts for ever.
    """

    count: Annotated[int, Meta(ge=1, le=5)] = 1
    roles: tuple[Id, ...] = ()
    valid_for: PeriodText | None = None


Urgency = Literal["legal", "safety", "service"]
WhenUnknown = Literal["ask", "resend", "other-channel", "hold"]
"""`ask`: a person decides for each; `resend`: the next sending tells them again, with the same
bytes; `other-channel`: the next version, over another channel, includes them; `hold`: only
evidence closes them."""


class Acknowledge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By when recipients are to confirm, and who is told of those who do not.

    `channel` is the purpose of the channel that they are asked through next; `role` is called.
    """

    within: PeriodText
    channel: Id | None = None
    role: Id | None = None


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One templated message to one audience for one purpose.

    `channel` and `recipients` are purposes that the workspace binds; `recipients` names the
    list to ask for (`customers-affected`), given to `preview` as a CSV file. `obligations` are
    the rules that the notice satisfies: its text has to carry what they require. `urgency` says
    whether it may go out in a channel's quiet hours: `legal` and `safety` notices may, those of
    `service` wait; without it a notice with obligations is a legal one. `when_unknown` says what
    becomes of recipients of whom nobody knows whether they were told. `acknowledge` asks them to
    confirm.
    """

    id: Id
    title: Text
    audience: Id
    template: Id
    channel: Id
    recipients: Text
    approvals: Approvals = Approvals()
    after: Id | None = None
    due: Due | None = None
    obligations: tuple[RuleName, ...] = ()
    urgency: Urgency | None = None
    when_unknown: WhenUnknown = "ask"
    acknowledge: Acknowledge | None = None

    @property
    def waits_for_day(self) -> bool:
        """Return whether it goes out outside quiet hours only."""
        return (self.urgency or ("legal" if self.obligations else "service")) == "service"


class Service(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service the centre keeps running, with how long it may be gone.

    `maximum_outage` is the maximum tolerable period of disruption (ISO 22301).
    """

    id: Id
    name: Text
    rto: PeriodText
    rpo: PeriodText
    maximum_outage: PeriodText
    workaround: Text


class Playbook(msgspec.Struct, frozen=True, kw_only=True):
    """A versioned plan of a response.

    `sectors` are those whose duties its incidents touch, beside the organisation's own.
    """

    id: Id
    version: Version
    title: Text
    summary: Text
    severities: tuple[Severity, ...]
    roles: tuple[Role, ...]
    facts: tuple[Fact, ...] = ()
    phases: tuple[Phase, ...]
    steps: tuple[Step, ...]
    notices: tuple[Notice, ...] = ()
    services: tuple[Service, ...] = ()
    sectors: tuple[RuleWord, ...] = ()

    def step(self, step_id: str) -> Step | None:
        """Return the step of that id, or None."""
        return next((step for step in self.steps if step.id == step_id), None)

    def fact(self, name: str) -> Fact | None:
        """Return the fact of that name, or None."""
        return next((fact for fact in self.facts if fact.id == name), None)

    def notice(self, notice_id: str) -> Notice | None:
        """Return the notice of that id, or None."""
        return next((notice for notice in self.notices if notice.id == notice_id), None)


def dues_of(playbook: Playbook) -> Iterator[Due]:
    """Yield every due time of the playbook: of steps, of notices, and what waits wait for."""
    for step in playbook.steps:
        if step.due is not None:
            yield step.due
        if step.kind == "wait" and step.arguments.get("until") is not None:
            yield msgspec.convert(step.arguments["until"], Due)
    for notice in playbook.notices:
        if notice.due is not None:
            yield notice.due


class DecisionArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a `decision` step asks: one of these options, each with what follows from it."""

    question: Text
    options: dict[Id, Text]


class WaitArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a `wait` step waits for: a time, a fact, or another step; exactly one."""

    until: Due | None = None
    fact: FactName | None = None
    step: Id | None = None


class NotifyArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a `notify` step sends: one of the playbook's notices."""

    notice: Id
