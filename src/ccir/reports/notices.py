"""What a run's log and ledger say of its notices, every version of each."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.domain.events import NoticeApproved, NoticePreviewed
from ccir.domain.notice_approvals import is_one_account
from ccir.domain.notices import Counts
from ccir.domain.playbook import Notice
from ccir.domain.record import Entry
from ccir.domain.run import Run, VersionRecord
from ccir.domain.views import NoticeState, notice_view
from ccir.reports.telling import Moment, Teller
from ccir.reports.timeline import account

ONE_ACCOUNT = "asserted, one account"
_STATES: dict[NoticeState, str] = {
    "none": "not prepared",
    "previewed": "prepared, not approved",
    "approved": "approved, not sent",
    "denied": "refused by an approver",
    "paused": "its sending is paused",
    "stopped": "its sending was stopped",
    "sending": "being sent",
    "partial": "partly sent",
    "sent": "sent",
}
_SENDING = {"idle": "not sent", "sending": "being sent", "partial": "partly sent", "sent": "sent"}


class ApprovalReport(msgspec.Struct, frozen=True, kw_only=True):
    """One approval of a version."""

    event: int
    by: str
    role: str
    account: str
    at: Moment


class VersionReport(msgspec.Struct, frozen=True, kw_only=True):
    """One version: who wrote it, who approved exactly its digest, how its recipients stand.

    `asserted` says that its approvals came through one operating-system account, so that they
    show the people's word and not their accounts. `counts` are the ledger's for the newest
    version, and the log's for earlier ones.
    """

    version: int
    digest: str
    channel: str
    recipients: int
    left_out: str
    languages: dict[str, int]
    author: str
    at: Moment
    approvals: tuple[ApprovalReport, ...]
    asserted: str
    state: str
    counts: Counts


class NoticeReport(msgspec.Struct, frozen=True, kw_only=True):
    """A notice with all its versions, the newest last; `needs` says who has to approve it."""

    notice: str
    title: str
    audience: str
    state: str
    due: Moment | None
    overdue: bool
    needs: str
    versions: tuple[VersionReport, ...]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What the log alone does not say of newest versions: rows, and approvals of one account."""

    counts: dict[str, Counts]
    one_account: frozenset[str]

    def counts_of(self, version: VersionRecord, *, is_newest: bool) -> Counts:
        """Return how the version's recipients stand."""
        return self.counts.get(version.notice, version.counts) if is_newest else version.counts

    def is_asserted(self, version: VersionRecord, *, is_newest: bool) -> bool:
        """Return whether the version's approvals came through one account."""
        return version.notice in self.one_account if is_newest else is_one_account(version)


class Notices:
    """Tells a run's notices."""

    def __init__(
        self, run: Run, entries: tuple[Entry, ...], *, teller: Teller, standing: Standing
    ) -> None:
        self._run = run
        self._entries = entries
        self._teller = teller
        self._standing = standing

    def told(self, now: dt.datetime) -> tuple[NoticeReport, ...]:
        """Return every notice of the playbook as it stands at `now`, those never prepared too."""
        return tuple(self._notice(notice, now) for notice in self._run.playbook.notices)

    def _notice(self, notice: Notice, now: dt.datetime) -> NoticeReport:
        view = notice_view(self._run, notice, now)
        roles = f" by {' or '.join(notice.approvals.roles)}" if notice.approvals.roles else ""
        return NoticeReport(
            notice=notice.id,
            title=notice.title,
            audience=notice.audience,
            state=_STATES[view.state],
            due=self._teller.moment_or_none(view.due_at),
            overdue=view.overdue,
            needs=f"{notice.approvals.count}{roles}",
            versions=tuple(map(self._version, self._run.notices.get(notice.id, ()))),
        )

    def _version(self, version: VersionRecord) -> VersionReport:
        is_newest = self._run.latest(version.notice) is version
        asserted = self._standing.is_asserted(version, is_newest=is_newest)
        return VersionReport(
            version=version.version,
            digest=version.digest,
            channel=version.channel,
            recipients=version.recipients,
            left_out=_left_out(version),
            languages=version.languages,
            author=self._teller.name(version.author),
            at=self._previewed(version),
            approvals=tuple(self._approvals(version)),
            asserted=ONE_ACCOUNT if asserted else "",
            state=_SENDING[version.sending],
            counts=self._standing.counts_of(version, is_newest=is_newest),
        )

    def _previewed(self, version: VersionRecord) -> Moment:
        """Return when it was prepared, and whether that was entered later."""
        [preview] = [
            entry
            for entry in self._entries
            if isinstance(entry.event, NoticePreviewed)
            and (entry.event.notice, entry.event.version) == (version.notice, version.version)
        ]
        return self._teller.happened(preview)

    def _approvals(self, version: VersionRecord) -> list[ApprovalReport]:
        return [
            ApprovalReport(
                event=entry.seq,
                by=self._teller.name(entry.by),
                role=entry.event.role,
                account=account(entry),
                at=self._teller.happened(entry),
            )
            for entry in self._entries
            if isinstance(entry.event, NoticeApproved)
            and (entry.event.notice, entry.event.version) == (version.notice, version.version)
        ]


def _left_out(version: VersionRecord) -> str:
    left_out = {
        "rejected": version.rejected,
        "doubled": version.duplicates,
        "told before": version.already_told,
    }
    return ", ".join(f"{count} {name}" for name, count in left_out.items() if count)
