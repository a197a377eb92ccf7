"""Serves acknowledgement links over HTTP, within bounds of time, size and number.

1. One request a connection, and a connection lives for `CONNECTION_SECONDS` at most: who sends
   slowly, or nothing, is cut off.
2. TLS is the reverse proxy's work: without one this listens to the machine itself only.
3. What confirmed is told to the log every `RECORD_SECONDS`, at the start and at the end.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ccir.engine.notice_acks import AckDesk
from ccir.engine.workspace import Workspace
from ccir.errors import CcirError, UnavailableError
from ccir.web.ack_app import AckApp, OneThread

if TYPE_CHECKING:
    from asyncio.transports import Transport

CONNECTION_SECONDS: Final = 20.0
CONNECTIONS_AT_ONCE: Final = 128
HEADER_BYTES: Final = 16_384
RECORD_SECONDS: Final = 30.0
SHUTDOWN_SECONDS: Final = 5


class BriefConnection(H11Protocol):
    """A connection that is cut when its time is over, whatever it is doing."""

    seconds: float = CONNECTION_SECONDS
    _cut: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin to count."""
        super().connection_made(transport)
        self._cut = self.loop.call_later(self.seconds, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop counting."""
        if self._cut is not None:
            self._cut.cancel()
        super().connection_lost(exc)


class AckServer:
    """A server of acknowledgement links; `report` is told of faults in words for people."""

    def __init__(self, workspace: Workspace, *, report: Callable[[str], None]) -> None:
        self._desk = AckDesk(workspace)
        self._report = report
        self._thread = OneThread()
        self._sockets: list[socket.socket] = []
        app = AckApp(self._desk, thread=self._thread, report=report)
        self._server = _Server(
            uvicorn.Config(
                app.routes(),
                http=BriefConnection,
                ws="none",
                lifespan="off",
                loop="asyncio",
                log_config=None,
                log_level="critical",  # a traceback could show a link
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=CONNECTIONS_AT_ONCE,
                h11_max_incomplete_event_size=HEADER_BYTES,
                timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            )
        )

    def bind(self, host: str, port: int) -> str:
        """Take the address, and return it as a browser names it; port 0 is any that is free.

        Raises:
            UnavailableError: the address cannot be taken.
        """
        taken = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        try:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind((host, port))
            taken.listen(CONNECTIONS_AT_ONCE)
        except OSError as error:
            taken.close()
            raise UnavailableError(
                f"{host}:{port} cannot be listened to: {error.strerror}",
                hint="name another address: --listen 127.0.0.1:8090",
            ) from error
        self._sockets.append(taken)
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{taken.getsockname()[1]}"

    def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until a signal or `stop` ends it; what had begun is answered first.

        `ready` is called when requests are answered and signals are heard.
        """
        try:
            asyncio.run(self._run(ready))
        finally:
            self._thread.end()
            for each in self._sockets:
                each.close()

    def stop(self) -> None:
        """End serving; any thread may call it."""
        self._server.should_exit = True

    async def _run(self, ready: Callable[[], None]) -> None:
        if threading.current_thread() is threading.main_thread():
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, self.stop)
        await self._record()
        ready()
        recording = asyncio.create_task(self._record_for_ever())
        try:
            await self._server.serve(sockets=self._sockets)
        finally:
            recording.cancel()
            with suppress(asyncio.CancelledError):
                await recording
            await self._record()

    async def _record_for_ever(self) -> None:
        while not self._server.should_exit:  # a wait that ends at once may miss its cancelling
            await asyncio.sleep(RECORD_SECONDS)
            await self._record()

    async def _record(self) -> None:
        try:
            await self._thread.do(self._desk.record)
        except CcirError as error:
            self._report(f"the log was not told of confirmations yet: {error.message}")
        except TimeoutError:
            self._report("the log was not told of confirmations yet: it took too long")


class _Server(uvicorn.Server):
    """uvicorn's server, which leaves signals to us: it would raise them again at its end."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield
