"""What a program is asked to do, within which bounds, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, Literal

import msgspec

Stream = Literal["stdout", "stderr"]
Ended = Literal["exited", "deadline", "stopped", "cancelled", "flooded"]

KEPT_NAMES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much a program may print, and how long it may take to end.

    `stop_seconds` is the grace after a judge's `Stop`; then come SIGINT, SIGTERM after
    `interrupt_seconds` more, SIGKILL after `terminate_seconds` more. `linger_seconds` is how
    long a pipe that a grandchild holds is still read after the program itself ended.
    """

    captured_characters: int = 65_536
    produced_bytes: int = 1 << 30
    line_bytes: int = 1 << 20
    stop_seconds: float = 5.0
    interrupt_seconds: float = 8.0
    terminate_seconds: float = 4.0
    linger_seconds: float = 1.0


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """What to run: an argument list, the whole environment it gets, and its bounds.

    `argv[0]` is an absolute path. Without `stdin` the program reads nothing; with `stdout`
    its output goes to that new file, which only this user may read. A `reader` is handed its
    output as raw bytes instead, in a thread of its own; nothing of that is captured. `secrets`
    are blotted out of everything that is captured. `nice` is added to its niceness.
    """

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    deadline_seconds: float
    folder: Path | None = None
    stdin: Path | None = None
    stdout: Path | None = None
    reader: Callable[[IO[bytes]], None] | None = None
    nice: int = 0
    secrets: tuple[str, ...] = ()
    limits: Limits = Limits()

    def __repr__(self) -> str:
        return f"Program(argv={self.argv!r})"


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """A judge's word that nothing the program may still print would change the verdict."""

    reason: str


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """How a program ended and what it printed.

    Either `exit_code` or `signal` is set; neither if it could not even be killed, or if whoever
    started us ignores SIGCHLD and so nobody learns how it ended. `stop` is the first `Stop` a
    judge returned, and `ended` is `stopped` only if the program had to be told.
    `was_killed` says that SIGKILL was needed, so that it could not tidy up.
    """

    exit_code: int | None
    signal: int | None
    ended: Ended
    stop: Stop | None
    stdout: str
    stderr: str
    is_truncated: bool
    was_killed: bool
    seconds: float


Judge = Callable[[Stream, str], Stop | None]


def bare_environment(parent: Mapping[str, str], *, keep: Iterable[str] = ()) -> dict[str, str]:
    """Return only what a program needs of its parent's environment, and the names in `keep`."""
    return {name: parent[name] for name in (*KEPT_NAMES, *keep) if name in parent}
