"""What the kernel is told about the renderer: how much it may take, and that it may do little."""

from __future__ import annotations

import contextlib
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from ccir.delivery.render_frames import RenderLimits

OPEN_FILES = 16  # enough for a library that reads its tables late
Lower = Callable[[int, tuple[int, int]], None]


class Bounds(Protocol):
    """What holds a renderer within its limits."""

    def lower(self, limits: RenderLimits) -> None:
        """Take from this process, for ever, what rendering does not need."""
        ...

    def batch(self, cpu_seconds: float) -> AbstractContextManager[None]:
        """End this process where the work within takes more computing time."""
        ...


class ProcessBounds:
    """The kernel's own bounds; they hold whatever a template makes the interpreter do."""

    def __init__(self, *, setrlimit: Lower = resource.setrlimit) -> None:
        self._setrlimit = setrlimit

    def lower(self, limits: RenderLimits) -> None:
        """Bound memory, files and processes of this process: none of it can be taken back."""
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        taken = _taken_bytes()
        if taken is not None:
            self._lower(resource.RLIMIT_AS, taken + limits.memory_bytes)
        self._lower(resource.RLIMIT_NOFILE, OPEN_FILES)
        for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC, resource.RLIMIT_CORE):
            self._lower(kind, 0)

    @contextlib.contextmanager
    def batch(self, cpu_seconds: float) -> Iterator[None]:
        """Let SIGPROF end this process after so much computing time within."""
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
        yield
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _lower(self, kind: int, value: int) -> None:
        _, hard = resource.getrlimit(kind)
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        self._setrlimit(kind, (lowest, lowest))


def _taken_bytes() -> int | None:
    """Return the address space taken so far, None where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[0]
    except OSError:
        return None
    return int(pages) * resource.getpagesize()
