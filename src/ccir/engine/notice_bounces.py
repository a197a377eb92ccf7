"""Reads what came back of notices, and brings it into the ledger and the list of dead addresses.

1. The mailbox is read and never changed. A mail that was read before counts no more, so that it
   may be read as often as one likes.
2. A report belongs to the row whose genuine tag it bears; without anything like a tag, to the row
   whose Message-ID it gives back. What bears a wrong tag, or fits no row, changes nothing.
3. First the rows are marked, then addresses suppressed, then the run's log says how many, and last
   the mails are remembered: after a crash they are read again, and no row changes twice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from ccir.config.settings import STATE_FOLDER
from ccir.delivery.bounce_mails import mails_in
from ccir.delivery.bounce_reports import Report, mail_content, report_in
from ccir.delivery.bounce_tags import BounceTags, Tagged
from ccir.engine.attendant import Attendant
from ccir.engine.notice_bounce_marks import Learnt, VersionBounces, learn
from ccir.engine.notice_bounce_rows import Subjects, local_part, rows_by_id
from ccir.engine.workspace import Workspace
from ccir.errors import ConflictError
from ccir.store.state_folder import held

MAILS_AT_ONCE = 10_000
_LOCK = "locks/bounces"
_PROGRESS_EVERY = 100

MailKind = Literal["read", "known", "other", "forged", "foreign"]


class BounceOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Where the mails lie, and who has them read; with `is_dry` nothing is kept."""

    place: Path
    by: str
    is_dry: bool = False


class BouncesFound(msgspec.Struct, frozen=True, kw_only=True):
    """What a mailbox held.

    - `mails`: how many were `read`; of these `known` were read before, `other` report nothing,
      `forged` bear a wrong tag, `foreign` report about nobody of ours.
    - `reports`: how many genuine ones are there, by what they say.
    - `versions`: how many rows of which notice changed.
    - `suppressed`: how many addresses are no longer written to that were before.
    """

    mails: dict[MailKind, int]
    reports: dict[str, int]
    versions: tuple[VersionBounces, ...]
    suppressed: int


def read_bounces(workspace: Workspace, order: BounceOrder, *, attendant: Attendant) -> BouncesFound:
    """Read a mailbox and keep what its reports say of the workspace's notices.

    Raises:
        NotFoundError: there is no such mailbox.
        InvalidDocumentError: it is none.
        ConflictError: another process reads mails that came back.
    """
    taken = ConflictError(
        "another process reads mails that came back", hint="wait until it is done"
    )
    with held(workspace.folder / STATE_FOLDER / _LOCK, taken=taken):
        reading = _Reading(workspace, order, attendant=attendant)
        reading.run()
        return reading.found()


class _Reading:
    """One mailbox under way: counts, and what was read and not kept yet."""

    def __init__(self, workspace: Workspace, order: BounceOrder, *, attendant: Attendant) -> None:
        self._workspace = workspace
        self._order = order
        self._attendant = attendant
        self._tags = BounceTags(workspace.stores.people.bounce_mark)
        self._subjects = Subjects(workspace)
        self._mails: Counter[MailKind] = Counter(
            {"read": 0, "known": 0, "other": 0, "forged": 0, "foreign": 0}
        )
        self._learnt = Learnt()
        self._seen: set[str] = set()

    def run(self) -> None:
        """Read all mails, keeping what they say in blocks."""
        block: list[Report] = []
        for report in self._unread():
            if report is not None:
                block.append(report)
            if len(self._seen) == MAILS_AT_ONCE:
                self._keep(block)
                block = []
        self._keep(block)

    def found(self) -> BouncesFound:
        """Return what was found so far."""
        return BouncesFound(
            mails=dict(self._mails),
            reports=self._learnt.reports,
            versions=self._learnt.versions,
            suppressed=self._learnt.suppressed,
        )

    def _unread(self) -> Iterator[Report | None]:
        """Yield what each mail that was not read before reports; None for nothing."""
        people = self._workspace.stores.people
        for octets in mails_in(self._order.place):
            self._mails["read"] += 1
            if self._mails["read"] % _PROGRESS_EVERY == 0:
                self._attendant.progress("read mails", self._mails["read"], None)
            mark = people.bounce_mark(b"mail " + mail_content(octets))
            if mark in self._seen or people.is_mail_read(mark):
                self._mails["known"] += 1
                continue
            self._seen.add(mark)
            report = report_in(octets)
            self._mails["other"] += report is None
            yield report

    def _keep(self, block: list[Report]) -> None:
        by_notice = self._by_notice(block)
        for number, reports in by_notice.items():
            key = self._workspace.stores.ledger.by_number(number)
            if key is None:  # the tag is ours, but its ledger is gone
                self._mails["foreign"] += len(reports)
                continue
            about = [(self._subjects.find(key, row), report) for row, report in reports]
            known = [(subject, report) for subject, report in about if subject is not None]
            self._mails["foreign"] += len(about) - len(known)
            order = self._order
            learn(
                self._workspace,
                key,
                known,
                learnt=self._learnt,
                by=None if order.is_dry else order.by,
            )
        if not self._order.is_dry:
            self._workspace.stores.people.remember_mails(self._seen)
        self._seen.clear()

    def _by_notice(self, block: list[Report]) -> dict[int, list[tuple[int, Report]]]:
        untagged = [report for report in block if not report.tags]
        ids = {name for report in untagged for name in report.message_ids}
        by_id = rows_by_id(self._workspace, ids)
        found: dict[int, list[tuple[int, Report]]] = defaultdict(list)
        for report in block:
            tagged = self._row(report, by_id)
            if tagged is not None:
                found[tagged.number].append((tagged.row, report))
        return found

    def _row(self, report: Report, by_id: dict[str, Tagged]) -> Tagged | None:
        if report.tags:
            tagged = self._tags.verified(report.tags)
            self._mails["forged"] += tagged is None
            return tagged
        locals_ = (local_part(name) for name in report.message_ids)
        tagged = next((by_id[name] for name in locals_ if name in by_id), None)
        self._mails["foreign"] += tagged is None
        return tagged
