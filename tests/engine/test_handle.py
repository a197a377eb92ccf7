from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import cast

import msgspec
import pytest

from ccir.domain.commands import AddNote, RecordFact
from ccir.domain.events import NoteAdded, Sealed
from ccir.domain.record import Draft, Entry
from ccir.engine import handle as handling
from ccir.engine.handle import checked_moment, handle, load, pinned_playbook, refuse_closed
from ccir.engine.workspace import Workspace
from ccir.errors import ConflictError, NotFoundError, RefusedError, UsageError
from ccir.store.interface import NO_PINS, EventStore, Stores, VersionConflict
from support.cli import NOW

NOTE = AddNote(by="alex", text=Sealed(ref="0" * 32, digest="0" * 64))


class _Overtaken:
    """An event store in which somebody else is faster so many times."""

    def __init__(self, store: EventStore, *, times: int) -> None:
        self._store = store
        self.left = times

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def append(
        self,
        run: str,
        drafts: Sequence[Draft],
        *,
        expected: int,
        key: str,
        pins: Mapping[str, bytes] = NO_PINS,
    ) -> list[Entry]:
        if self.left:
            self.left -= 1
            raise VersionConflict("somebody was faster", hint="again")
        return self._store.append(run, drafts, expected=expected, key=key, pins=pins)


class _Stores:
    def __init__(self, workspace: Workspace, *, times: int) -> None:
        self._stores = workspace.stores
        self.events = _Overtaken(workspace.stores.events, times=times)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stores, name)


def _overtaken(workspace: Workspace, *, times: int) -> Workspace:
    stores = cast("Stores", _Stores(workspace, times=times))
    return dataclasses.replace(workspace, stores=stores)


def test_who_was_overtaken_decides_again(workspace: Workspace, run_id: str) -> None:
    handled = handle(_overtaken(workspace, times=handling.TRIES - 1), run_id, NOTE)
    assert [entry.type for entry in handled.added] == ["NoteAdded"]


def test_who_is_overtaken_every_time_gives_up(workspace: Workspace, run_id: str) -> None:
    with pytest.raises(ConflictError, match="40 times"):
        handle(_overtaken(workspace, times=handling.TRIES), run_id, NOTE)


def test_several_commands_stand_or_fall_together(workspace: Workspace, run_id: str) -> None:
    good = RecordFact(by="alex", name="records", value=3)
    with pytest.raises(NotFoundError):
        handle(workspace, run_id, good, RecordFact(by="alex", name="recods", value=3))
    assert load(workspace, run_id).run.fact("records") is None
    added = handle(workspace, run_id, good, NOTE).added
    assert [entry.type for entry in added] == ["FactRecorded", "NoteAdded"]
    assert added[0].key == added[1].key


def test_a_clock_that_was_set_back_stops_no_work(workspace: Workspace, run_id: str) -> None:
    run = load(workspace, run_id).run
    earlier = NOW - dt.timedelta(hours=1)
    assert checked_moment(run, NOTE, at=None, now=earlier) == earlier
    with pytest.raises(UsageError, match="before the run's start"):
        checked_moment(run, NOTE, at=earlier, now=NOW)
    with pytest.raises(UsageError, match="future"):
        checked_moment(run, NOTE, at=NOW + dt.timedelta(days=1), now=NOW)


def test_a_log_that_does_not_begin_with_a_start_has_no_playbook(
    workspace: Workspace, run_id: str
) -> None:
    entries = load(workspace, run_id).entries
    odd = msgspec.structs.replace(entries[0], event=NoteAdded(text=NOTE.text))
    with pytest.raises(NotFoundError, match="never started"):
        pinned_playbook(workspace, [odd])


def test_a_closed_run_is_refused(workspace: Workspace, run_id: str) -> None:
    run = load(workspace, run_id).run
    refuse_closed(run)
    with pytest.raises(RefusedError, match="is closed"):
        refuse_closed(msgspec.structs.replace(run, state="closed"))
