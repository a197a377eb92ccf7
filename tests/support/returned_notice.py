"""A notice that was taken by the next server and may come back, and readings of its mailbox."""

from __future__ import annotations

from pathlib import Path

from ccir.delivery.bounce_tags import BounceTags
from ccir.delivery.message_ids import message_id
from ccir.domain.ledger import LedgerRow, NoticeKey, Settlement
from ccir.domain.notice_events import BouncesRead
from ccir.domain.notices import Counts, Receipt
from ccir.engine.attendant import Attendant
from ccir.engine.handle import load
from ccir.engine.notice_bounce_marks import VersionBounces
from ccir.engine.notice_bounces import BounceOrder, BouncesFound, read_bounces
from ccir.engine.opening import open_workspace
from ccir.engine.workspace import Workspace
from ccir.entropy import SeededEntropy
from support import bounces
from support.centre import make_centre, write_list
from support.cli import Cli
from support.mini import add_mini

RUN = "INC-2026-0001"
KEY = NoticeKey(run=RUN, notice="customers", version=1, channel="files")
ROWS = 4


def accepted_notice(folder: Path) -> None:
    """Make a notice of four rows: three were taken, the last is in doubt after a crash."""
    cli = make_centre(folder)
    add_mini(folder)
    cli("start", "mini", "--fact", "awareness=08:30", "--fact", "records=4100")
    path = write_list(folder, name="person", count=ROWS)
    cli("notice", "preview", "customers", "--recipients", path)
    workspace = open_workspace(cli.surroundings, folder)
    ledger, people = workspace.stores.ledger, workspace.stores.people
    version = load(workspace, RUN).run.notices["customers"][0]
    rows = [(each.row, people.key_of(each.address)) for each in people.recipients(version.list)]
    ledger.plan(KEY, rows)
    for _ in rows:
        row = ledger.claim(KEY, "desk")
        assert row is not None
        if row.row < ROWS:
            _settle(workspace, row)
    with ledger.sender(KEY):
        ledger.abandon(KEY)
    workspace.stores.close()


def later(folder: Path, *, seed: int = 99) -> Cli:
    """A command line in a copy of that notice's workspace, with chances of its own."""
    cli = Cli(folder)
    cli.entropy = SeededEntropy(seed)
    return cli


def _settle(workspace: Workspace, row: LedgerRow) -> None:
    settlement = Settlement(
        row=row.row, receipt=Receipt(state="accepted"), message_id=own_id(workspace, row.row)
    )
    workspace.stores.ledger.settle(KEY, settlement)


def key_of(workspace: Workspace, row: int) -> str:
    return workspace.stores.people.key_of(f"person{row - 1}@example.net")


def own_id(workspace: Workspace, row: int) -> str:
    return message_id(KEY, key_of(workspace, row), domain="example.org")


def address(workspace: Workspace, row: int, *, number: int = 1) -> str:
    """The envelope sender of a row's message."""
    tags = BounceTags(workspace.stores.people.bounce_mark).tagging(number)
    tag = tags(LedgerRow(row=row, recipient_key="", state="accepted"))
    return f"bounces+{tag}@example.org"


def read(workspace: Workspace, *mails: bytes, is_dry: bool = False) -> BouncesFound:
    place = bounces.mbox(workspace.folder / "box", *mails)
    order = BounceOrder(place=place, by="alex", is_dry=is_dry)
    return read_bounces(workspace, order, attendant=Attendant())


def counts(workspace: Workspace) -> Counts:
    return workspace.stores.ledger.counts(KEY)


def events(workspace: Workspace) -> list[BouncesRead]:
    entries = load(workspace, RUN).entries
    return [entry.event for entry in entries if isinstance(entry.event, BouncesRead)]


def version(*, bounced: int = 0, delivered: int = 0, ignored: int = 0) -> VersionBounces:
    return VersionBounces(
        run=RUN,
        notice="customers",
        version=1,
        bounced=bounced,
        delivered=delivered,
        ignored=ignored,
    )
