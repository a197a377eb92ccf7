"""Sends a notice's newest version to the rows that are still planned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from ccir.delivery.bounce_tags import BounceTags
from ccir.delivery.interface import Addressed, Progress, SendJob, SendKit, SendReport
from ccir.delivery.render_ahead import RenderAhead
from ccir.delivery.render_process import rendering
from ccir.delivery.sending import send
from ccir.domain.commands import BeginSending, EndSending
from ccir.domain.decide import decide
from ccir.domain.deciding_notices import existing_notice, latest_version
from ccir.domain.ledger import NoticeKey
from ccir.domain.notice_approvals import is_one_account
from ccir.domain.notices import Counts
from ccir.domain.run import Run, VersionRecord
from ccir.domain.wording import tally
from ccir.engine.attendant import Attendant
from ccir.engine.channels import channel_named
from ccir.engine.duty_recording import met_by_notice
from ccir.engine.handle import handle, load
from ccir.engine.notice_gates import QuietGate, refuse_held
from ccir.engine.notice_links import Links, ask
from ccir.engine.notice_rows import DIGEST_SHOWN, key_of, ledger_counts
from ccir.engine.notice_texts import letter_text, texts_of
from ccir.engine.send_forecast import forecast_for
from ccir.engine.workspace import Workspace
from ccir.errors import CcirError, StoreDamagedError

_SENDER_BYTES = 8


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """How the sending of a version ended; `report` is None where nothing was left to send."""

    version: VersionRecord
    counts: Counts
    report: SendReport | None = None

    @property
    def is_flawless(self) -> bool:
        """Return whether every row was taken and none came back."""
        return self.counts.told == self.counts.total

    @property
    def is_complete(self) -> bool:
        """Return whether every row was attempted."""
        return self.counts.left == 0


def send_notice(
    workspace: Workspace, run_id: str, *, notice: str, by: str, attendant: Attendant
) -> Sending:
    """Send the approved version to every row that is still planned, and record how it ended.

    Raises:
        RefusedError: it lacks approvals, comes too early, or the person says no.
        ConflictError: another process is sending it.
        CcirError: the channel's settings or the pinned text cannot be used.
    """
    run = load(workspace, run_id).run
    version = latest_version(run, notice)
    before = ledger_counts(workspace, run, version)
    begin = BeginSending(by=by, notice=notice, planned=before.planned)
    decide(run, begin, workspace.clock.now())  # what the rules refuse, they refuse before asking
    document = existing_notice(run, notice)
    refuse_held(workspace, run, document)
    in_doubt = before.unknown if document.when_unknown == "resend" else 0
    begin = msgspec.structs.replace(begin, planned=before.planned + in_doubt)
    if begin.planned == before.claimed == 0:
        _finish_batches(workspace, version)
        return Sending(version=version, counts=before)
    gate = QuietGate(workspace, document, version)
    gate.refuse(notice)
    kit = _kit(workspace, run, version, attendant=attendant, gate=gate)
    attendant.confirm(
        f"send '{notice}' version {version.version} ({version.digest[:DIGEST_SHOWN]}…) to "
        f"{begin.planned} recipients through {version.channel}?"
        + (" Its approvals come from one account." if is_one_account(version) else "")
    )
    key = key_of(run, version)
    with workspace.stores.ledger.sender(key):
        # Somebody else who sends is met here, before anything is recorded.
        _plan(workspace, key, version)
        ask(workspace, run, version)
        _supersede_earlier(workspace, run, version)
        if in_doubt:
            workspace.stores.ledger.abandon(key)
            workspace.stores.ledger.resend_unknown(key)
    with _job(workspace, run, version) as job:
        handle(workspace, run_id, begin)
        return _sent(workspace, run_id, by=by, version=version, work=(job, kit))


def _supersede_earlier(workspace: Workspace, run: Run, version: VersionRecord) -> None:
    """Let nobody who gets this version wait for an earlier one any more."""
    for earlier in run.notices[version.notice]:
        if earlier.version < version.version:
            earlier_key = key_of(run, earlier)
            workspace.stores.ledger.supersede(earlier_key, by=key_of(run, version))


def _finish_batches(workspace: Workspace, version: VersionRecord) -> None:
    """Let a channel finish what it took and a crash kept it from finishing."""
    channel = channel_named(workspace, version.channel)
    if channel.traits.is_batched:
        with channel.open():
            pass


def _sent(
    workspace: Workspace,
    run_id: str,
    *,
    by: str,
    version: VersionRecord,
    work: tuple[SendJob, SendKit],
) -> Sending:
    job, kit = work
    try:
        report = send(job, kit)
    except CcirError as error:
        counts = workspace.stores.ledger.counts(job.key)
        report = SendReport(ended="stopped", counts=counts, detail=error.message)
        _record(workspace, run_id, by=by, key=job.key, report=report)
        raise
    _record(workspace, run_id, by=by, key=job.key, report=report)
    return Sending(version=version, counts=report.counts, report=report)


def _record(
    workspace: Workspace, run_id: str, *, by: str, key: NoticeKey, report: SendReport
) -> None:
    end = EndSending(
        by=by,
        notice=key.notice,
        version=key.version,
        ended=report.ended,
        counts=report.counts,
        detail=report.detail,
    )
    is_told = report.counts.told == report.counts.total
    met = met_by_notice(workspace, load(workspace, run_id).run, key.notice) if is_told else []
    handle(workspace, run_id, end, *met)


@contextmanager
def _job(workspace: Workspace, run: Run, version: VersionRecord) -> Iterator[SendJob]:
    """Yield what is to be sent, while a renderer writes the messages ahead."""
    people, key = workspace.stores.people, key_of(run, version)
    text = letter_text(texts_of(workspace, version))
    links = Links(workspace, key, text.values)
    with rendering(text, clock=workspace.clock) as renderer:
        ahead: RenderAhead | None = None

        def prepare(row: int) -> Addressed:
            nonlocal ahead
            if ahead is None:  # not before there is a row to send
                ahead = RenderAhead(renderer, links.planned(run, version))
            person, written = ahead.message(row, lambda: links.one(version.list, row))
            return Addressed(recipient=person, rendered=written)

        yield SendJob(
            key=key,
            sender=workspace.entropy.octets(_SENDER_BYTES).hex(),
            date=version.at,
            prepare=prepare,
            tag=BounceTags(people.bounce_mark).tagging(workspace.stores.ledger.number(key)),
            per_second=version.per_second,
        )


def _kit(
    workspace: Workspace,
    run: Run,
    version: VersionRecord,
    *,
    attendant: Attendant,
    gate: QuietGate,
) -> SendKit:
    forecast = forecast_for(workspace, run, version.notice, attendant=attendant)

    def tell(progress: Progress) -> None:
        forecast.follow(progress)
        attendant.progress("send", progress.done, progress.planned)

    return SendKit(
        ledger=workspace.stores.ledger,
        channel=channel_named(workspace, version.channel),
        clock=workspace.clock,
        paces=workspace.stores.paces,
        blind=workspace.stores.people.key_of,
        progress=tell,
        is_stopped=lambda: attendant.is_cancelled() or gate.is_shut(),
    )


def _plan(workspace: Workspace, key: NoticeKey, version: VersionRecord) -> None:
    """Give every recipient her row; rows that are there already stay as they are."""
    ledger = workspace.stores.ledger
    ledger.plan(key, _rows(workspace, version))
    planned = ledger.counts(key).total
    if planned != version.recipients:
        raise StoreDamagedError(
            f"the list of version {version.version} had {version.recipients} recipients, "
            f"{planned} are left",
            hint="preview the notice again with its list",
        )


def _rows(workspace: Workspace, version: VersionRecord) -> Iterator[tuple[int, str]]:
    people = workspace.stores.people
    for recipient in people.recipients(version.list):
        yield recipient.row, people.key_of(recipient.address)


def outcome_in_words(sending: Sending) -> str:
    """Return how the sending stands in one sentence."""
    report = sending.report
    told = f"{tally(sending.counts)} of {sending.counts.total}"
    why = f": {report.detail}" if report is not None and report.detail else ""
    left = (
        f"; {report.abandoned} were in doubt after a crash" if report and report.abandoned else ""
    )
    return f"{told}{why}{left}"
