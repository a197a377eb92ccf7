"""The command line as a test types it: in this process, through the real `main`."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import os
from pathlib import Path
from typing import Any

import msgspec

from ccir.cli.main import main
from ccir.config.environment import environment_of
from ccir.engine.surroundings import Surroundings
from ccir.entropy import SeededEntropy
from support.clocks import StoryClock

NOW = dt.datetime(2026, 1, 2, 8, 0, tzinfo=dt.UTC)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a command said and how it ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command's document holds
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = self.json["error"]
        return found


class Cli:
    """Types commands in one folder, as one account, at the story's time."""

    def __init__(self, folder: Path, *, clock: StoryClock | None = None, **variables: str) -> None:
        self.folder = folder
        self.clock = clock or StoryClock(NOW)
        self.entropy = SeededEntropy(7)
        self.variables = {name: os.environ[name] for name in ("PATH", "HOME")} | variables

    def __call__(self, *words: str | Path, status: int | None = 0) -> Answer:
        """Run a command; by default it must succeed."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            ended = main([str(word) for word in words], surroundings=self.surroundings)
        answer = Answer(status=ended, out=out.getvalue(), err=err.getvalue())
        assert status is None or answer.status == status, (words, answer)
        return answer

    def json(self, *words: str | Path, status: int | None = 0) -> Any:  # noqa: ANN401 - as Answer
        """Run a command with --json and return its document."""
        return self(*words, "--json", status=status).json

    @property
    def surroundings(self) -> Surroundings:
        return Surroundings(
            clock=self.clock,
            entropy=self.entropy,
            environment=environment_of(self.variables),
            here=self.folder,
        )
