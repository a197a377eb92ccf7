"""Gathers what the plan of a sending is made of: who is left, how fast it goes, what is due."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.channels.rate import Rate, per_second
from ccir.domain.deciding_notices import existing_notice, latest_version
from ccir.domain.run import Run, VersionRecord
from ccir.domain.send_plan import DueTime, Pace, SendPlan, plan_sending
from ccir.domain.throughput import throughput
from ccir.domain.views import notice_view
from ccir.engine.channels import channel_named
from ccir.engine.duty_clocks import Computed
from ccir.engine.duty_recording import owed_by_notice
from ccir.engine.handle import Loaded
from ccir.engine.notice_rows import ledger_counts
from ccir.engine.workspace import Workspace
from ccir.errors import UsageError


class PlannedNotice(msgspec.Struct, frozen=True, kw_only=True):
    """The plan of sending a notice's newest version."""

    version: VersionRecord
    plan: SendPlan


def plan_notice(
    workspace: Workspace,
    loaded: Loaded,
    notice: str,
    *,
    start_at: dt.datetime,
    asked: float | None = None,
) -> PlannedNotice:
    """Return how the newest version of a notice stands against the clock.

    `asked` is a pace to calculate with in place of the known ones, in messages a second.

    Raises:
        NotFoundError: the playbook has no such notice, or the settings not its channel.
        RefusedError: it was never previewed.
        InvalidDocumentError: the channel's settings do not fit its kind.
    """
    run = loaded.run
    version = latest_version(run, notice)
    counts = ledger_counts(workspace, run, version)
    pace = Pace(
        channel=_limit(channel_named(workspace, version.channel).traits.per_second, version),
        measured=throughput(run, loaded.entries, version.channel).per_second,
        asked=asked,
    )
    plan = plan_sending(
        counts.left,
        pace,
        start_at=start_at,
        dues=due_times(workspace, run, notice),
    )
    return PlannedNotice(version=version, plan=plan)


def _limit(of_channel: float | None, version: VersionRecord) -> float | None:
    return min((rate for rate in (of_channel, version.per_second) if rate), default=None)


def due_times(workspace: Workspace, run: Run, notice: str) -> list[DueTime]:
    """Return by when the notice has to be out: by its rules, and by the playbook."""
    now = workspace.clock.now()
    found = [_due_time(each) for each in owed_by_notice(workspace, run, notice, now=now)]
    own = notice_view(run, existing_notice(run, notice), now).due_at
    found += [] if own is None else [DueTime(rule="", plan_by=own)]
    return [each for each in found if each is not None]


def asked_rate(text: str) -> float:
    """Return the messages a second of a rate as `ccir.toml` has it.

    Raises:
        UsageError: it is no rate.
    """
    try:
        rate = per_second(msgspec.convert(text, Rate))
    except msgspec.ValidationError:
        rate = None
    if rate is None:
        raise UsageError(f"'{text}' is no rate", hint="write it as 14/s, 600/min or 50000/h")
    return rate


def _due_time(computed: Computed) -> DueTime | None:
    """Return by when a duty is owed; None where it has no time or law enforcement holds it up."""
    clock = computed.clock
    plan_by = computed.due_at
    if plan_by is None or not clock.is_owed:
        return None
    return DueTime(
        rule=clock.duty.rule.id,
        plan_by=plan_by,
        legal_due=computed.legal_at,
        is_certain=clock.state != "undetermined",
    )
