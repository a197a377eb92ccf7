"""A real mail server on loopback for the demonstration: takes mail and keeps who it was for."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
_START_SECONDS = 10


class LoopbackMail:
    """Listens on a free port of this machine until it is closed."""

    def __init__(self) -> None:
        self.recipients: list[str] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        from aiosmtpd.smtp import SMTP

        self._thread.start()
        listening = self._loop.create_server(
            lambda: SMTP(self, hostname="mail.demo", loop=self._loop), HOST, 0
        )
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(
            _START_SECONDS
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(_START_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_START_SECONDS)
        self._loop.close()

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a mail; see aiosmtpd."""
        del server, session
        self.recipients += envelope.rcpt_tos
        return f"250 OK queued as D{len(self.recipients)}"

    async def _close(self) -> None:
        self._server.close()
        await self._server.wait_closed()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=1)
