"""`ccir backup snapshots` and `accept`: what is remembered of backups, and a person's word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.completion import complete_targets
from ccir.cli.options import command
from ccir.cli.session import Session
from ccir.cli.words import counted, moment, size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccir.engine.backup_ledger import KeyRow, SnapshotRow, TargetRows, Word

_SHOWN = 8
_ALARMING = frozenset({"vanished", "future", "empty", "unknown-host"})


def add_ledger_commands(app: typer.Typer) -> None:
    """Register the commands with those of the noun `backup`."""
    command(app, examples=("ccir backup snapshots", "ccir backup snapshots crm --json"))(snapshots)
    command(
        app,
        examples=(
            'ccir backup accept crm 3f2a9c1e --reason "removed on purpose, ticket 4711"',
            'ccir backup accept crm 3f2a9c1e 92a1c02f --reason "moved to crm2, with a new key"',
        ),
    )(accept)


def snapshots(
    session: Session,
    target: Annotated[
        str | None,
        typer.Argument(help="Only this target or purpose.", autocompletion=complete_targets),
    ] = None,
) -> None:
    """List the snapshots and keys that targets were ever seen with, and what is wrong with them.

    Asks no repository: `ccir backup check` and drills are what looks. A snapshot is `vanished`
    where it must be there and is not, and `gone` where it was removed.
    """
    from ccir.engine.backup_ledger import remembered
    from ccir.engine.backups import named_target

    settings = session.workspace.settings
    names = (
        sorted(settings.targets) if target is None else [named_target(session.workspace, target)]
    )
    found = remembered(session.workspace, tuple(names))
    if session.speech.result({"targets": found}):
        return
    for rows in found:
        _show(session, rows)


def accept(
    session: Session,
    target: Annotated[
        str, typer.Argument(help="A target or purpose.", autocompletion=complete_targets)
    ],
    ids: Annotated[
        list[str],
        typer.Argument(metavar="ID...", help="Snapshots or keys, by eight digits or more."),
    ],
    reason: Annotated[str, typer.Option(metavar="T", help="Why it is as it should be.")],
) -> None:
    """Say that what raised an alarm is as it should be; it is then not told again.

    For a snapshot that vanished, shrank, or came from an unknown host (which is known from then
    on), and for a key that was added.
    """
    from ccir.engine.backup_ledger import accept
    from ccir.engine.backups import named_target

    session.refuse_at()
    name = named_target(session.workspace, target)
    done = accept(session.workspace, name, tuple(ids), by=session.person, reason=reason)
    if not session.speech.result(done):
        for kind, found in (("snapshot", done.snapshots), ("key", done.keys)):
            for each in found:
                session.speech.say(f"{name}: {kind} {each[:_SHOWN]} accepted by {session.person}")


def _show(session: Session, rows: TargetRows) -> None:
    zone = session.workspace.zone.key
    if rows.looked_at is None:
        session.speech.say(
            f"{rows.target}: not looked at yet", f"next: `ccir backup check {rows.target}`"
        )
        return
    session.speech.say(
        f"{rows.target}: {counted(len(rows.snapshots), 'snapshot')} and "
        f"{counted(len(rows.keys), 'key')}, last looked at {moment(rows.looked_at, zone)}"
    )
    session.speech.table(
        ("snapshot", "taken", "by", "files", "bytes", "marks"),
        [_snapshot_cells(each, zone) for each in rows.snapshots],
        styles=["bold red" if _ALARMING & set(each.marks) else "" for each in rows.snapshots],
    )
    session.speech.table(
        ("key", "first seen", "of", "marks"),
        [_key_cells(each, zone) for each in rows.keys],
        styles=["bold red" if each.is_unknown else "" for each in rows.keys],
    )


def _snapshot_cells(row: SnapshotRow, zone: str) -> tuple[str, ...]:
    return (
        row.id[:_SHOWN],
        moment(row.taken_at, zone),
        _plain(f"{row.user}@{row.host}"),
        "-" if row.files is None else str(row.files),
        "-" if row.bytes is None else size(row.bytes),
        ", ".join([*(mark for mark in row.marks if mark != "accepted"), *_told(row.accepted)]),
    )


def _key_cells(row: KeyRow, zone: str) -> tuple[str, ...]:
    marks = ["unknown"] if row.is_unknown else []
    return (
        row.id[:_SHOWN],
        moment(row.first_seen_at, zone),
        _plain(row.label),
        ", ".join([*marks, *_told(row.accepted)]),
    )


def _told(word: Word | None) -> Iterator[str]:
    if word is not None:
        yield f"accepted by {word.by}: {word.reason or '(erased)'}"


def _plain(name: str) -> str:
    """Return a name from the repository as far as a terminal may be shown it."""
    from ccir.drilling.alarm_words import name as shown

    return shown(name)
