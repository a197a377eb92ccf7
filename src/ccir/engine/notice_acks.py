"""Takes acknowledgements: by a recipient's link, or by a person who heard her answer.

1. A link is compared before any file is read; what it opens shows and changes nothing.
2. An answer is on the disk before anybody is told that it was taken.
3. The first answer's moment counts; a later one may change what was answered, not when.
4. The log tells how many confirmed, never who: at once where a person enters it, in batches for
   links (`AckDesk.record`), since a million events would help nobody.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.domain.acknowledgement import (
    NOTICE_ANSWERS,
    ROLL_CALL_ANSWERS,
    Answer,
    is_late,
)
from ccir.domain.commands import RecordOutcome
from ccir.domain.event_parts import SYSTEM
from ccir.domain.ledger import NoticeKey
from ccir.domain.notice_events import RecipientsConfirmed
from ccir.domain.playbook import Notice
from ccir.domain.run import Run, VersionRecord
from ccir.engine.handle import handle, load
from ccir.engine.notice_links import due_at
from ccir.engine.notice_rows import key_of
from ccir.engine.workspace import Workspace
from ccir.errors import CcirError, NotFoundError, UsageError
from ccir.store.acks_interface import Asked, Confirmation, Unrecorded

_STAFF = "employees"


class AckPage(msgspec.Struct, frozen=True, kw_only=True):
    """What a recipient is shown: which notice, what she can answer, what she has answered."""

    organisation: str
    title: str
    language: str
    zone: str
    answers: tuple[Answer, ...]
    confirmed_at: dt.datetime | None = None
    answer: Answer | None = None


class Expired(msgspec.Struct, frozen=True, kw_only=True):
    """A genuine link whose time is over, and whom to call instead; empty where nobody knows."""

    organisation: str
    hotline: str
    email: str


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    run: Run
    notice: Notice
    version: VersionRecord


class AckDesk:
    """Answers what comes in by links; one thread uses it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[NoticeKey, _Known] = {}

    def look(self, token: str) -> AckPage | Expired | None:
        """Return what a link opens, without taking note of it; None where it is no link of ours."""
        found = self._found(token)
        return self._page(found) if isinstance(found, Asked) else found

    def confirm(self, token: str, answer: str) -> AckPage | Expired | None:
        """Take an answer, durably, and return what is shown for it.

        Raises:
            UsageError: the notice does not ask for that answer.
        """
        found = self._found(token)
        if not isinstance(found, Asked):
            return found
        given = next((each for each in self._page(found).answers if each == answer), None)
        if given is None:
            raise UsageError("the notice does not ask for that answer", hint="use its buttons")
        now, known = self._workspace.clock.now(), self._notice(found.notice)
        confirmation = Confirmation(
            row=found.row,
            answer=given,
            how="link",
            at=now,
            late=is_late(now, first_due_at(self._workspace, known.run, found)),
        )
        acks = self._workspace.stores.acks
        acks.confirm(found.notice, [confirmation], recorded=False)
        return self._page(acks.asked(found.notice, found.row) or found)

    def record(self) -> int:
        """Tell the log of those who confirmed since the last time; return how many.

        Raises:
            CcirError: the log does not take it now; the next time tells of them too.
        """
        unrecorded = self._workspace.stores.acks.take_unrecorded()
        for number, each in enumerate(unrecorded):
            try:
                self._tell(each)
            except CcirError:
                for untold in unrecorded[number:]:
                    self._workspace.stores.acks.give_back(untold)
                raise
        return sum(len(each.rows) for each in unrecorded)

    def _tell(self, unrecorded: Unrecorded) -> None:
        key = unrecorded.notice
        event = RecipientsConfirmed(
            notice=key.notice,
            version=key.version,
            rows=len(unrecorded.rows),
            late=unrecorded.late,
            by_link=True,
        )
        handle(self._workspace, key.run, RecordOutcome(by=SYSTEM, outcome=event))
        self._workspace.stores.acks.settle(key)

    def _found(self, token: str) -> Asked | Expired | None:
        acks = self._workspace.stores.acks
        content = acks.read(token)
        if content is None:
            return None
        if content.expires_at <= self._workspace.clock.now():
            organisation = self._workspace.settings.organisation
            return Expired(
                organisation=organisation.name,
                hotline=organisation.hotline or "",
                email=organisation.email or "",
            )
        return acks.find(content.id)

    def _page(self, asked: Asked) -> AckPage:
        known = self._notice(asked.notice)
        return AckPage(
            organisation=self._workspace.settings.organisation.name,
            title=known.notice.title,
            language=self._language(known.version, asked.row),
            zone=known.run.zone,
            answers=answers_to(known.notice),
            confirmed_at=asked.confirmed_at,
            answer=asked.answer,
        )

    def _language(self, version: VersionRecord, row: int) -> str:
        """Return the recipient's language; empty where her data was erased: she answers still."""
        try:
            return self._workspace.stores.people.recipient(version.list, row).language
        except NotFoundError:
            return ""

    def _notice(self, key: NoticeKey) -> _Known:
        """Return the notice of a key; a version never changes once it is sent."""
        if key not in self._known:
            run = load(self._workspace, key.run).run
            self._known[key] = _Known(
                run=run, notice=asking_notice(run, key.notice), version=version_of(run, key)
            )
        return self._known[key]


def answers_to(notice: Notice) -> tuple[Answer, ...]:
    """Return what recipients can answer: staff whose safety is at stake say how they are."""
    is_roll_call = notice.audience == _STAFF and notice.urgency == "safety"
    return ROLL_CALL_ANSWERS if is_roll_call else NOTICE_ANSWERS


def asking_notice(run: Run, name: str) -> Notice:
    """Return a notice that asks its recipients to confirm.

    Raises:
        NotFoundError: there is no such notice, or it asks for nothing.
    """
    notice = run.playbook.notice(name)
    if notice is None:
        known = ", ".join(each.id for each in run.playbook.notices)
        raise NotFoundError(f"there is no notice '{name}'", hint=f"known: {known or 'none'}")
    if notice.acknowledge is None:
        raise NotFoundError(
            f"notice '{name}' asks nobody to confirm",
            hint="add 'acknowledge: {within: 30m}' to it in the playbook, for the next run",
        )
    return notice


def first_due_at(workspace: Workspace, run: Run, asked: Asked) -> dt.datetime:
    """Return by when a recipient is to confirm, counted from when she was asked first."""
    acks, first = workspace.stores.acks, asked
    root = msgspec.structs.replace(asked.notice, version=acks.round_of(asked.notice))
    if root.version != asked.notice.version:
        first = acks.asked(key_of(run, version_of(run, root)), asked.row) or asked
    return due_at(run, asking_notice(run, root.notice), since=first.sent_at)


def version_of(run: Run, key: NoticeKey) -> VersionRecord:
    """Return the version that a key names.

    Raises:
        NotFoundError: the run has none of that number.
    """
    for version in run.notices.get(key.notice, ()):
        if version.version == key.version:
            return version
    raise NotFoundError(
        f"'{key.notice}' has no version {key.version}", hint="`ccir doctor` checks the log"
    )
