"""The link by which a recipient confirms: pinned with a stand-in, given to each when it is sent.

1. A text that names `recipient.ack_url` is pinned with a stand-in as long as a real link, so that
   previews, approvals and dry runs know all but the random part.
2. Who is asked gets her link when the ledger is planned, and keeps it however often it is sent.
3. A link never stands in a log, an event or an argument of a program.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from ccir.catalog.notice_text import TemplateText
from ccir.config.settings import SETTINGS_FILE
from ccir.domain.acknowledgement import TOKEN_CHARACTERS
from ccir.domain.events import FactValue
from ccir.domain.ledger import NoticeKey
from ccir.domain.moments import zone_of
from ccir.domain.notices import Recipient
from ccir.domain.periods import add, parse_period
from ccir.domain.playbook import Notice
from ccir.domain.run import Run, VersionRecord
from ccir.engine.notice_rows import key_of, planned_recipients
from ccir.engine.workspace import Workspace
from ccir.errors import InvalidDocumentError, StoreDamagedError

Values = Mapping[str, Mapping[str, FactValue]]

COLUMN = "ack_url"
PATH = "/a/"
_VARIABLE = f"recipient.{COLUMN}"
_STAND_IN = "x" * TOKEN_CHARACTERS


def stand_in(
    workspace: Workspace, notice: Notice, templates: Iterable[TemplateText], *, is_personal: bool
) -> dict[str, str]:
    """Return what stands for a recipient's link in the pinned values; empty where there is none.

    A text that asks for the link with `is defined` does without one where the notice asks nobody
    to confirm, no address for links is set, or the message goes to a room.

    Raises:
        InvalidDocumentError: the text requires a link, but the notice asks nobody to confirm, or
            nobody knows where the links lead.
    """
    texts = tuple(templates)
    url = workspace.settings.acks.url
    if not any(_VARIABLE in text.requires for text in texts):
        is_named = any(_VARIABLE in text.optional for text in texts)
        is_usable = is_named and is_personal and notice.acknowledge is not None
        return _link(url) if is_usable and url is not None else {}
    if notice.acknowledge is None:
        raise InvalidDocumentError(
            f"the text of '{notice.id}' uses {_VARIABLE}, but the notice asks nobody to confirm",
            hint="add 'acknowledge: {within: 30m}' to the notice in its playbook",
        )
    if url is None:
        raise InvalidDocumentError(
            f"the text of '{notice.id}' uses {_VARIABLE}, but nobody knows where links lead",
            hint=f'add to {SETTINGS_FILE}:\n[acks]\nurl = "https://ack.example.org"',
        )
    return _link(url)


def _link(url: str) -> dict[str, str]:
    return {COLUMN: f"{url.rstrip('/')}{PATH}{_STAND_IN}"}


def refuse_shared_link(values: Values, *, channel: str) -> None:
    """Refuse a link in a message that is one for a whole room.

    Raises:
        InvalidDocumentError: the pinned values hold the stand-in of a link.
    """
    if _pinned(values):
        raise InvalidDocumentError(
            f"channel '{channel}' is one room, and a link is for one person",
            hint="choose a channel that writes to each recipient by herself",
        )


def ask(workspace: Workspace, run: Run, version: VersionRecord) -> None:
    """Give each planned recipient her link, where the notice asks for an answer."""
    notice = run.playbook.notice(version.notice)
    if notice is None or notice.acknowledge is None:
        return
    now = workspace.clock.now()
    good_for = dt.timedelta(seconds=workspace.settings.acks.valid_seconds)
    expires_at = due_at(run, notice, since=now) + good_for
    workspace.stores.acks.ask(key_of(run, version), expires_at=expires_at)


def due_at(run: Run, notice: Notice, *, since: dt.datetime) -> dt.datetime:
    """Return by when a recipient is to confirm whose message left at `since`."""
    period = parse_period(notice.acknowledge.within) if notice.acknowledge is not None else None
    return since if period is None else add(period, to=since, zone=zone_of(run.zone))


class Links:
    """Puts each recipient's own link in the place of the stand-in of a pinned text."""

    def __init__(self, workspace: Workspace, key: NoticeKey, values: Values) -> None:
        self._workspace = workspace
        self._key = key
        self._beginning = _pinned(values).removesuffix(_STAND_IN)

    def planned(self, run: Run, version: VersionRecord) -> Iterator[Recipient]:
        """Yield whose message is to go out, each with her link, in the order of the list."""
        return map(self._given, planned_recipients(self._workspace, run, version))

    def one(self, list_id: str, row: int) -> Recipient:
        """Return a recipient of a list with her link."""
        return self._given(self._workspace.stores.people.recipient(list_id, row))

    def _given(self, recipient: Recipient) -> Recipient:
        """Return the recipient with her link, or as she is where the text has none.

        Raises:
            StoreDamagedError: she was never given one.
        """
        if not self._beginning:
            return recipient
        token = self._workspace.stores.acks.token(self._key, recipient.row)
        if token is None:
            raise StoreDamagedError(
                f"row {recipient.row} of '{self._key.notice}' has no link",
                hint="preview the notice again",
            )
        columns = {**recipient.columns, COLUMN: self._beginning + token}
        return msgspec.structs.replace(recipient, columns=columns)


def _pinned(values: Values) -> str:
    return str(values.get("recipient", {}).get(COLUMN, ""))
