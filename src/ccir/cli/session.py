"""One command's surroundings: its workspace, its person, its run, and its way of speaking."""

from __future__ import annotations

import datetime as dt
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

from ccir.cli.speech import Speech
from ccir.domain.event_parts import SYSTEM
from ccir.domain.moments import parse_moment
from ccir.engine.attendant import Attendant
from ccir.engine.surroundings import Surroundings
from ccir.errors import NotFoundError, RefusedError, UsageError

if TYPE_CHECKING:
    from types import TracebackType

    from ccir.catalog.sources import Kind, Sources
    from ccir.domain.rulebook import Rulebook
    from ccir.engine.workspace import Workspace


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """The global options, each None (or False) where it was not given."""

    workspace: Path | None = None
    run: str | None = None
    person: str | None = None
    at: str | None = None
    json: bool = False

    def overlaid(self, later: Options) -> Options:
        """Return these options with those given later in their place."""
        given = {
            name: value
            for name, value in msgspec.structs.asdict(later).items()
            if value is not None and value is not False
        }
        return msgspec.structs.replace(self, **given)


class Root(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around a call before its command is known."""

    surroundings: Surroundings
    options: Options = Options()


class Session:
    """What a command works with; the workspace is opened on first use and closed at the end."""

    def __init__(self, root: Root) -> None:
        self.surroundings = root.surroundings
        self.options = root.options
        environment = root.surroundings.environment
        self.speech = Speech(
            is_json=root.options.json, columns=environment.columns, no_color=environment.no_color
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if "workspace" in self.__dict__:
            self.workspace.stores.close()

    @cached_property
    def workspace(self) -> Workspace:
        """Return the workspace that the call means."""
        from ccir.engine.opening import open_workspace

        return open_workspace(self.surroundings, self.options.workspace)

    @cached_property
    def sources(self) -> Sources:
        """Return the documents; where there is no workspace, only those shipped with ccir."""
        from ccir.catalog.sources import Sources

        try:
            return self.workspace.sources
        except NotFoundError:
            if self.options.workspace is not None:
                raise
            return Sources(None)

    @cached_property
    def rulebook(self) -> Rulebook:
        """Return today's rules, with the organisation's contracts where there is a workspace."""
        from ccir.engine.run_clocks import present_rulebook, shipped_rulebook

        try:
            return present_rulebook(self.workspace)
        except NotFoundError:
            if self.options.workspace is not None:
                raise
            return shipped_rulebook()

    @cached_property
    def person(self) -> str:
        """Return the id of the person who acts."""
        from ccir.engine.opening import acting_person

        return acting_person(self.workspace, self.options.person)

    @cached_property
    def person_or_system(self) -> str:
        """Return the id of the person who acts; ccir itself where a timer names nobody."""
        try:
            return self.person
        except UsageError:
            if self.options.person is not None:
                raise
            return SYSTEM

    @cached_property
    def run_id(self) -> str:
        """Return the id of the run that the call means."""
        from ccir.engine.handle import which_run

        return which_run(self.workspace, self.options.run or self.workspace.environment.run)

    @cached_property
    def run_if_any(self) -> str | None:
        """Return the run that the call means, or None where none was named and none is open.

        Raises:
            UsageError: several are open.
        """
        from ccir.engine.handle import open_runs

        named = self.options.run or self.workspace.environment.run
        return self.run_id if named or open_runs(self.workspace) else None

    @property
    def now(self) -> dt.datetime:
        """Return the present moment."""
        return self.surroundings.clock.now()

    @cached_property
    def at(self) -> dt.datetime | None:
        """Return the moment of `--at`, or None where it was not given."""
        if self.options.at is None:
            return None
        return parse_moment(self.options.at, now=self.now, zone=self.workspace.zone)

    def document(self, kind: Kind, name: str) -> str:
        """Return a document's id as it is, and a file's path from where the person stands."""
        from ccir.catalog.sources import is_path

        return str(self.surroundings.here / name) if is_path(kind, name) else name

    def refuse_at(self) -> None:
        """Refuse `--at` for what ccir itself does now.

        Raises:
            UsageError: it was given.
        """
        if self.options.at is not None:
            raise UsageError(
                "--at says when something happened, but this happens now", hint="leave --at out"
            )

    def attendant(self, *, yes: bool = False) -> Attendant:
        """Return who is asked and told while work goes on; `yes` answers every question."""
        return Attendant(
            confirm=lambda question: self._confirm(question, yes=yes),
            progress=self.speech.progress,
            is_cancelled=lambda: self.speech.is_interrupted,
            warn=self.speech.warn,
            forecast=self.speech.forecast,
        )

    def _confirm(self, question: str, *, yes: bool) -> None:
        if yes:
            return
        if not sys.stdin.isatty():
            raise RefusedError(
                f"nobody is at a terminal to confirm: {question}", hint="use --yes to go on"
            )
        print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            raise RefusedError("not confirmed, so nothing was done", hint="answer y, or use --yes")
