"""Whom a report is about: from the ledger's number and row, or from a Message-ID, to a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import msgspec

from ccir.delivery.bounce_tags import Tagged
from ccir.delivery.message_ids import message_id
from ccir.domain.ledger import LedgerRow, NoticeKey
from ccir.domain.notices import LedgerState
from ccir.domain.run import VersionRecord
from ccir.engine.handle import load
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a report is about; her address is not to be kept."""

    row: int
    address: str
    key: str
    state: LedgerState


class Subjects:
    """Finds who stands in a notice's row; runs are loaded once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lists: dict[NoticeKey, str | None] = {}

    def find(self, notice: NoticeKey, row: int) -> Subject | None:
        """Return who stands in a row; None where her list or her row is gone."""
        stores = self._workspace.stores
        name = self._list(notice)
        if name is None:
            return None
        try:
            address = stores.people.recipient(name, row).address
        except NotFoundError:
            return None
        key = stores.people.key_of(address)
        found = stores.ledger.row_of(notice, key)
        if found is None:
            return None
        return Subject(row=row, address=address, key=key, state=found.state)

    def _list(self, notice: NoticeKey) -> str | None:
        if notice not in self._lists:
            version = self._version(notice)
            self._lists[notice] = None if version is None else version.list
        return self._lists[notice]

    def _version(self, notice: NoticeKey) -> VersionRecord | None:
        try:
            run = load(self._workspace, notice.run).run
        except NotFoundError:
            return None
        versions = run.notices.get(notice.notice, ())
        return next((each for each in versions if each.version == notice.version), None)


def notices(workspace: Workspace) -> Iterator[tuple[int, NoticeKey]]:
    """Return every notice of the ledger with its number."""
    ledger, number = workspace.stores.ledger, 1
    while (key := ledger.by_number(number)) is not None:
        yield number, key
        number += 1


def rows_by_id(workspace: Workspace, ids: Collection[str]) -> dict[str, Tagged]:
    """Return the rows whose message has one of these Message-IDs, in one pass over the ledger.

    What stands before the `@` is compared: it cannot be guessed, and it alone is known of a row
    whose sender died before it could write down the rest.
    """
    wanted = {local_part(each) for each in ids}
    found: dict[str, Tagged] = {}
    for number, key in notices(workspace) if wanted else ():
        for row in _sent(workspace, key):
            local = local_part(row.message_id or message_id(key, row.recipient_key, domain=""))
            if local in wanted:
                found[local] = Tagged(number, row.row)
        if len(found) == len(wanted):
            break
    return found


def local_part(name: str) -> str:
    """Return what stands before the last @."""
    return name.rpartition("@")[0]


def _sent(workspace: Workspace, key: NoticeKey) -> Iterable[LedgerRow]:
    return (row for row in workspace.stores.ledger.rows(key) if row.state != "planned")
