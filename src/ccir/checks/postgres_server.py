"""The server of a scratch cluster, which runs beside the check until it is told to stop."""

from __future__ import annotations

from contextlib import suppress
from threading import Event, Thread

from ccir.checks.interface import CheckKit
from ccir.checks.reading import NoVerdictError, Watch
from ccir.errors import UnavailableError
from ccir.process import run
from ccir.program import Program, Stop, Stream

_READY = "database system is ready to accept connections"
_WAIT_SECONDS = 0.05
_STOP_SECONDS = 30.0
# Nothing is kept: what a crash would lose is thrown away anyway. Errors, which may quote rows,
# are not logged.
SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_connections=10",
    "max_parallel_maintenance_workers=0",
    "max_parallel_workers_per_gather=0",
    "autovacuum=off",
    "jit=off",
    "logging_collector=off",
    "log_destination=stderr",
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "timezone=UTC",
)


class Server:
    """The server, which a thread of its own keeps until it is told to stop."""

    def __init__(self, program: Program, kit: CheckKit) -> None:
        self._program = program
        self._kit = kit
        self._is_ready = Event()
        self._is_to_stop = Event()
        self._thread = Thread(target=self._serve, name="ccir-postgres", daemon=True)
        self._thread.start()

    def wait(self, watch: Watch) -> None:
        """Wait until it answers.

        Raises:
            NoVerdictError: it ended instead, or there is no time left.
        """
        while not self._is_ready.wait(_WAIT_SECONDS):
            watch.look()
            if not self._thread.is_alive():
                hint = "look whether the disk or the memory is full"
                raise NoVerdictError("cluster-failed", "the server did not start", hint=hint)

    def stop(self) -> None:
        """Let it end, and its session with it."""
        self._is_to_stop.set()
        self._thread.join(_STOP_SECONDS)

    def _serve(self) -> None:
        with suppress(UnavailableError):  # `wait` sees that it is not there
            run(
                self._program,
                clock=self._kit.clock,
                judge=self._hear,
                is_cancelled=self._is_to_stop.is_set,
            )

    def _hear(self, _stream: Stream, line: str) -> Stop | None:
        if _READY in line:
            self._is_ready.set()
        return None
