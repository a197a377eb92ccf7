"""Gives a command to a run: load, fold, decide, append, and again where somebody was faster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

import msgspec

from ccir.catalog.pinned import decode_playbook
from ccir.domain import events as e
from ccir.domain.commands import AnyCommand, MeetDuty, RecordFact
from ccir.domain.decide import decide
from ccir.domain.elapsed import elapsed
from ccir.domain.evolve import evolve, fold
from ccir.domain.playbook import Playbook, dues_of
from ccir.domain.record import Draft, Entry
from ccir.domain.run import Run
from ccir.engine.workspace import Workspace
from ccir.errors import ConflictError, NotFoundError, RefusedError, UsageError
from ccir.store.interface import NO_PINS, RunRow, VersionConflict

TRIES = 40
KEY_BYTES = 16
_SETTLING = (e.StepFinished, e.StepSkipped, e.DecisionMade)


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """A run with the log that it was folded from."""

    run: Run
    entries: tuple[Entry, ...]


class Handled(msgspec.Struct, frozen=True, kw_only=True):
    """A run after a command, and the entries that the command added."""

    run: Run
    added: tuple[Entry, ...]


def pinned_playbook(workspace: Workspace, entries: Sequence[Entry]) -> Playbook:
    """Return the playbook that a run was started with, whatever its file says now."""
    started = entries[0].event
    if not isinstance(started, e.RunStarted):
        raise NotFoundError(f"{entries[0].run} never started", hint="`ccir doctor` checks the log")
    return decode_playbook(workspace.stores.events.pinned(started.playbook.digest))


def load(workspace: Workspace, run_id: str) -> Loaded:
    """Return a run folded from its whole log.

    Raises:
        NotFoundError: there is no such run.
    """
    entries = workspace.stores.events.read(run_id)
    run = fold(pinned_playbook(workspace, entries), entries)
    return Loaded(run=_timed(workspace, run), entries=tuple(entries))


def open_runs(workspace: Workspace) -> list[RunRow]:
    """Return the runs that are open, oldest first; a drill that is being played is none."""
    rows = workspace.stores.events.runs()
    return [row for row in rows if row.open and row.kind != "drill"]


def which_run(workspace: Workspace, given: str | None) -> str:
    """Return the id of the run that is meant: the one given, else the only open one.

    Raises:
        UsageError: several are open; ccir does not guess.
        NotFoundError: none is open, or the given one does not exist.
    """
    if given is not None:
        return _existing(workspace, given)
    found = [row.id for row in open_runs(workspace)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"{len(found)} runs are open: {', '.join(found)}", hint=f"say which: --run {found[0]}"
        )
    raise NotFoundError("no run is open", hint="`ccir start PLAYBOOK` opens one; `ccir runs` lists")


def handle(
    workspace: Workspace,
    run_id: str,
    *commands: AnyCommand,
    at: dt.datetime | None = None,
    pins: Mapping[str, bytes] = NO_PINS,
) -> Handled:
    """Decide and record a command, or several that stand or fall together.

    A conflict with another writer is tried again. `at` is when it happened, where that is
    not now. Each of several is decided on the run as it was before all of them. `pins` are
    documents that they name, by the SHA-256 of their bytes.

    Raises:
        CcirError: the run's rules, the moment or the store refuse it.
        ConflictError: others were faster every time.
    """
    key = workspace.entropy.octets(KEY_BYTES).hex()
    for _ in range(TRIES):
        run = load(workspace, run_id).run
        drafts = _drafts(workspace, run, commands, at=at)
        try:
            added = workspace.stores.events.append(
                run_id, drafts, expected=run.seq, key=key, pins=pins
            )
        except VersionConflict:
            continue
        return Handled(run=_timed(workspace, reduce(evolve, added, run)), added=tuple(added))
    raise ConflictError(
        f"{run_id} was changed by others {TRIES} times meanwhile", hint="try again in a moment"
    )


def checked_moment(
    run: Run, command: AnyCommand, *, at: dt.datetime | None, now: dt.datetime
) -> dt.datetime:
    """Return when the command happened.

    Raises:
        UsageError: it lies in the future, or before the start though it is no fact.
    """
    if at is None:
        return now  # even where the machine's clock was set back meanwhile: work goes on
    if at > now:
        raise UsageError("--at lies in the future", hint="give the moment when it happened")
    is_early = run.started_at is not None and at < run.started_at
    if is_early and not isinstance(command, RecordFact | MeetDuty):
        raise UsageError(
            "--at lies before the run's start",
            hint="only facts and submissions may be older than the run",
        )
    return at


def _timed(workspace: Workspace, run: Run) -> Run:
    """Put the clocks in that the playbook's due times hang on; most playbooks name none."""
    if all(due.before is None for due in dues_of(run.playbook)):
        return run
    from ccir.engine.run_clocks import with_clock_times

    return with_clock_times(workspace, run)


def _existing(workspace: Workspace, given: str) -> str:
    known = [row.id for row in workspace.stores.events.runs()]
    if given not in known:
        hint = f"known: {', '.join(known[-8:])}" if known else "`ccir start PLAYBOOK` opens one"
        raise NotFoundError(f"there is no run '{given}'", hint=hint)
    return given


def _drafts(
    workspace: Workspace, run: Run, commands: Sequence[AnyCommand], *, at: dt.datetime | None
) -> list[Draft]:
    now = workspace.clock.now()
    moments = [checked_moment(run, command, at=at, now=now) for command in commands]
    decided = [decide(run, command, now) for command in commands]
    flat = [event for events in decided for event in events]
    by_itself = _without_kept_deadlines(elapsed(run, now), flat, moments[0])
    return [
        *(_draft(workspace, event, at=when, by=e.SYSTEM) for when, event in by_itself),
        *(
            _draft(workspace, event, at=moment, by=command.by)
            for command, moment, events in zip(commands, moments, decided, strict=True)
            for event in events
        ),
    ]


def _without_kept_deadlines(
    happened: Iterable[tuple[dt.datetime, e.AnyEvent]],
    decided: Sequence[e.AnyEvent],
    moment: dt.datetime,
) -> list[tuple[dt.datetime, e.AnyEvent]]:
    """Leave out what is overdue only because its step's end was entered later than it came."""
    settled = {event.step for event in decided if isinstance(event, _SETTLING)}
    return [
        (when, event)
        for when, event in happened
        if not (isinstance(event, e.StepOverdue) and event.step in settled and moment <= when)
    ]


def _draft(workspace: Workspace, event: e.AnyEvent, *, at: dt.datetime, by: str) -> Draft:
    return Draft(event=event, at=at, by=by, via=workspace.via)


def refuse_closed(run: Run) -> None:
    """Refuse work for a run that is over.

    Raises:
        RefusedError: the run is not open.
    """
    if run.state != "open":
        raise RefusedError(f"{run.id} is {run.state}", hint="`ccir reopen --reason …` first")
