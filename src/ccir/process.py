"""Runs one program, bounded in time and output, and leaves nothing of it behind."""

from __future__ import annotations

import contextlib
import os
import select
import selectors
import shutil
import signal
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from subprocess import DEVNULL, PIPE, TimeoutExpired
from typing import IO, TYPE_CHECKING

from ccir.capture import Capture, redactor
from ccir.clock import Clock
from ccir.conversation import Conversation
from ccir.errors import UnavailableError
from ccir.piping import Reading
from ccir.program import Ended, Finished, Judge, Program, Stop, Stream

if TYPE_CHECKING:  # plumbum is imported when the first program starts
    from plumbum.machines.local import PlumbumLocalPopen

_TICK_SECONDS = 0.05
_CHUNK_BYTES = 65_536
_PRIVATE = 0o600
_EXIT_TICKS = 20
_REAP_SECONDS = 5.0


def run(
    program: Program,
    *,
    clock: Clock,
    judge: Judge = lambda _stream, _line: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Finished:
    """Run the program to its end, or end it, and return how it went.

    The judge sees every line as it arrives, before anything is blotted out. Ctrl-C is passed
    on to the program before it is raised here. No process of the program's session survives.

    Raises:
        UnavailableError: the program cannot be started.
        Exception: whatever the program's reader raised, once the program has ended.
    """
    child = _Child(program, clock=clock, judge=judge)
    ended: Ended = "cancelled"
    try:
        ended = child.follow(is_cancelled)
    finally:
        child.end()
    return child.finished(ended)


@contextlib.contextmanager
def conversation(program: Program, *, clock: Clock, frame_bytes: int) -> Iterator[Conversation]:
    """Start the program and talk with it over its pipes; afterwards its whole session is killed.

    What it writes to its standard error is thrown away; of the program's bounds none counts but
    those of the conversation. It must end where its input ends, as it does when we are killed.

    Raises:
        UnavailableError: it cannot be started.
    """
    popen = _start(program, stdin=PIPE, stderr=DEVNULL)
    pipes = (popen.stdin, popen.stdout)
    talk = Conversation(
        *pipes, clock=clock, frame_bytes=frame_bytes, status=lambda: _status(popen.pid)
    )
    try:
        yield talk
    finally:
        _kill(popen)
        talk.close()


def birth_of(pid: int) -> str:
    """Return when the process was born, in the kernel's ticks; empty where it is dead.

    With its number it tells a process from a later one that got the same number.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return fields[19].decode("ascii")
    except (OSError, IndexError):
        return ""


def boot_id() -> str:
    """Return what names this start of the machine; empty where the system does not tell."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def find_tool(name: str, *, path: str) -> Path:
    """Return the absolute path of an installed program, looked for in `path` as a shell does.

    Raises:
        UnavailableError: it is not installed.
    """
    found = shutil.which(name, path=path)
    if found is None:
        raise UnavailableError(
            f"the program '{name}' is not installed",
            hint=f"install it (Debian: apt-get install {name}) or add its folder to PATH",
        )
    return Path(found).absolute()


class _Child:
    """One running program: reads its pipes, watches its bounds, ends its session."""

    def __init__(self, program: Program, *, clock: Clock, judge: Judge) -> None:
        self._program = program
        self._limits = program.limits
        self._clock = clock
        self._judge = judge
        self._produced_bytes = 0
        self._stop: Stop | None = None
        self._stopped_at = 0.0
        self._exited_at: float | None = None
        self._was_killed = False
        self._is_lost = False
        self._started_at = clock.monotonic()
        self._reading = None if program.reader is None else Reading(program.reader)
        self._popen = _start(program, self._reading)
        self._captures: dict[Stream, Capture] = {}
        self._selector = selectors.DefaultSelector()
        self._listen("stdout", self._popen.stdout)
        self._listen("stderr", self._popen.stderr)

    def follow(self, is_cancelled: Callable[[], bool]) -> Ended:
        """Read until the program is over or must be ended, and return which."""
        ended: Ended | None = None
        while ended is None:
            self._read(_TICK_SECONDS)
            ended = "cancelled" if is_cancelled() else self._reason_to_end()
        return ended

    def end(self) -> None:
        """Ask the program to end, insist, and sweep away what is left of its session."""
        try:
            self._ask(signal.SIGINT, self._limits.interrupt_seconds)
            self._ask(signal.SIGTERM, self._limits.terminate_seconds)
        finally:
            self._was_killed = not self._has_exited()
            self._send(signal.SIGKILL)
            self._read_until_exit(self._limits.linger_seconds)
            self._close()
            if self._reading is not None:
                self._reading.end(max(self._limits.linger_seconds, self._left()))

    def finished(self, ended: Ended) -> Finished:
        """Return the outcome of an ended program, or raise what its reader raised."""
        if self._reading is not None:
            self._reading.tell()
        code = None if self._is_lost else self._popen.poll()
        return Finished(
            exit_code=code if code is not None and code >= 0 else None,
            signal=-code if code is not None and code < 0 else None,
            ended=ended,
            stop=self._stop,
            stdout=self._captures["stdout"].text(),
            stderr=self._captures["stderr"].text(),
            is_truncated=any(capture.is_truncated for capture in self._captures.values()),
            was_killed=self._was_killed,
            seconds=self._clock.monotonic() - self._started_at,
        )

    def _reason_to_end(self) -> Ended | None:
        now = self._clock.monotonic()
        if self._is_over(now):
            return "exited"
        if self._stop is not None and now - self._stopped_at >= self._limits.stop_seconds:
            return "stopped"
        if now - self._started_at >= self._program.deadline_seconds:
            return "deadline" if self._stop is None else "stopped"
        return "flooded" if self._has_flooded() else None

    def _is_over(self, now: float) -> bool:
        if not self._has_exited():
            return False
        if self._exited_at is None:
            self._exited_at = now
        has_lingered = now - self._exited_at >= self._limits.linger_seconds
        return has_lingered or not (self._selector.get_map() or self._is_being_read())

    def _is_being_read(self) -> bool:
        return self._reading is not None and self._reading.is_going_on()

    def _left(self) -> float:
        return self._started_at + self._program.deadline_seconds - self._clock.monotonic()

    def _has_exited(self) -> bool:
        """Look without reaping: while the zombie stands, its process group's id stays its own."""
        try:
            found = os.waitid(os.P_PID, self._popen.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:  # SIGCHLD is ignored here: the system forgot how it ended
            self._is_lost = True
            return True
        return found is not None

    def _has_flooded(self) -> bool:
        output = self._program.stdout
        written = output.stat().st_size if output is not None and output.exists() else 0
        return self._produced_bytes + written > self._limits.produced_bytes

    def _ask(self, number: signal.Signals, seconds: float) -> None:
        if not self._has_exited():
            self._send(number)
            self._read_until_exit(seconds)

    def _send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._popen.pid, number)

    def _read_until_exit(self, seconds: float) -> None:
        until = self._clock.monotonic() + seconds
        while not self._has_exited() and self._clock.monotonic() < until:
            self._read(_TICK_SECONDS)

    def _read(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            chunk = os.read(key.fd, _CHUNK_BYTES)
            self._produced_bytes += len(chunk)
            if not chunk:
                self._selector.unregister(key.fd)
            self._show(key.data, self._captures[key.data].feed(chunk))

    def _show(self, stream: Stream, lines: Iterable[str]) -> None:
        for line in lines:
            stop = self._judge(stream, line)
            if stop is not None and self._stop is None:
                self._stop, self._stopped_at = stop, self._clock.monotonic()

    def _listen(self, stream: Stream, pipe: IO[bytes] | None) -> None:
        self._captures[stream] = Capture(
            limit=self._limits.captured_characters,
            line_bytes=self._limits.line_bytes,
            redact=redactor(self._program.secrets),
        )
        if pipe is not None:
            self._selector.register(pipe, selectors.EVENT_READ, stream)

    def _close(self) -> None:
        while self._selector.select(0) and not self._has_flooded():
            self._read(0)
        for stream, capture in self._captures.items():
            self._show(stream, capture.rest())
        self._selector.close()
        for pipe in (self._popen.stdout, self._popen.stderr):
            if pipe is not None:
                pipe.close()
        self._popen.poll()


def _status(pid: int) -> int | None:
    """Return how a program ended that has closed its output, a signal below zero.

    It is not reaped, so that its process group's id stays its own.
    """
    with contextlib.suppress(ChildProcessError):  # SIGCHLD is ignored here: nobody learns it
        for _ in range(_EXIT_TICKS):
            found = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if found is not None:
                return found.si_status if found.si_code == os.CLD_EXITED else -found.si_status
            select.select((), (), (), _TICK_SECONDS)
    return None


def _kill(popen: PlumbumLocalPopen) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(popen.pid, signal.SIGKILL)
    with contextlib.suppress(TimeoutExpired):
        popen.wait(_REAP_SECONDS)


def _start(
    program: Program, reading: Reading | None = None, *, stdin: int = DEVNULL, stderr: int = PIPE
) -> PlumbumLocalPopen:
    """Start it without the parent's environment, which plumbum's commands would mix in."""
    from plumbum.machines.local import PlumbumLocalPopen

    try:
        with contextlib.ExitStack() as files:
            popen = PlumbumLocalPopen(
                program.argv,
                cwd=program.folder,
                env=dict(program.environment),
                stdin=files.enter_context(program.stdin.open("rb")) if program.stdin else stdin,
                stdout=_output(program, reading, files),
                stderr=stderr,
                start_new_session=True,
            )
    except (OSError, ValueError) as error:  # ValueError: an argument holds a null byte
        reason = error.strerror if isinstance(error, OSError) else error
        raise UnavailableError(
            f"{program.argv[0]!r} cannot be started: {reason}",
            hint="check that it is installed and that this user may run it",
        ) from error
    if program.nice:
        _yield_to_others(popen.pid, program.nice)
    return popen


def _yield_to_others(pid: int, nice: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it is over already
        os.setpriority(os.PRIO_PGRP, pid, os.getpriority(os.PRIO_PROCESS, 0) + nice)


def _output(
    program: Program, reading: Reading | None, files: contextlib.ExitStack
) -> IO[bytes] | int:
    if reading is not None:
        return files.enter_context(reading.begin())
    return PIPE if program.stdout is None else files.enter_context(_new_file(program.stdout))


def _new_file(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb")
