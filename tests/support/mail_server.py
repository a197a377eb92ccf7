"""A real SMTP server on a free loopback port that records what it takes and fails on order."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import defaultdict, deque
from pathlib import Path
from typing import NamedTuple, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

START_SECONDS = 10


class Taken(NamedTuple):
    """A message that the server has taken, whether or not it could say so."""

    sender: str
    recipient: str
    content: bytes


class MailServer:
    """Takes mail until it is closed; `faults[address]` are its answers to come, in order.

    `rcpt:550 words` and `data:554 words` answer so, `drop-rcpt`, `drop-data` (before the final
    dot) and `drop-after` (the final dot came, the answer never leaves) break the connection,
    `slow:0.5` answers the final dot late. `sender_faults` do the same to MAIL.
    """

    def __init__(self, *, certificate: Path | None = None, login: tuple[str, str] | None = None):
        self.taken: list[Taken] = []
        self.connections = 0
        self.faults: defaultdict[str, deque[str]] = defaultdict(deque)
        self.sender_faults: deque[str] = deque()
        self.protocols: list[_Protocol] = []
        self.port = 0
        self._tls = _server_context(certificate)
        self._login = login
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def recipients(self) -> list[str]:
        return [taken.recipient for taken in self.taken]

    def __enter__(self) -> Self:
        self._thread.start()
        listening = self._loop.create_server(self._protocol, "127.0.0.1", self.port)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(START_SECONDS)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        closing = asyncio.run_coroutine_threadsafe(self._close(), self._loop)
        closing.result(START_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(START_SECONDS)
        self._loop.close()

    def break_connections(self) -> None:
        """Cut every connection, as a server does that is restarted."""
        self._loop.call_soon_threadsafe(self._abort)

    def authenticate(self, auth: LoginPassword) -> AuthResult:
        return AuthResult(success=(auth.login.decode(), auth.password.decode()) == self._login)

    def next_fault(self, address: str, kind: str) -> str:
        """Take the address's next fault if it is of that kind."""
        waiting = self.faults[address]
        return waiting.popleft().removeprefix(kind) if waiting and kind in waiting[0] else ""

    def _protocol(self) -> _Protocol:
        self.connections += 1
        protocol = _Protocol(self, self._tls, with_login=self._login is not None)
        self.protocols.append(protocol)
        return protocol

    async def _close(self) -> None:
        self._server.close()
        self._abort()
        for _ in range(100):
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            if not tasks:
                return
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=0.1)

    def _abort(self) -> None:
        for protocol in self.protocols:
            if protocol.transport is not None:
                protocol.transport.abort()


class _Handler:
    def __init__(self, record: MailServer) -> None:
        self._record = record

    async def handle_MAIL(  # noqa: N802, PLR0917 - aiosmtpd's name and order
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del session
        fault = self._record.sender_faults.popleft() if self._record.sender_faults else ""
        if fault == "drop":
            _drop(server)
        if fault:
            return fault
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802, PLR0917 - aiosmtpd's name and order
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del session, options
        if self._record.next_fault(address, "drop-rcpt") or _peek(self._record, address):
            _drop(server)
        refusal = self._record.next_fault(address, "rcpt:")
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del session
        (address,) = envelope.rcpt_tos
        refusal = self._record.next_fault(address, "data:")
        if refusal:
            return refusal
        content = envelope.original_content or b""
        self._record.taken.append(Taken(envelope.mail_from or "", address, content))
        if "drop-after" in self._record.faults[address]:
            self._record.faults[address].popleft()
            _drop(server)
        delay = self._record.next_fault(address, "slow:")
        if delay:
            await asyncio.sleep(float(delay))
        return f"250 2.0.0 <{address}> queued as Q{len(self._record.taken)}"


class _Protocol(SMTP):
    def __init__(self, record: MailServer, tls: ssl.SSLContext | None, *, with_login: bool) -> None:
        super().__init__(
            _Handler(record),
            hostname="mail.test",
            tls_context=tls,
            auth_require_tls=True,
            authenticator=lambda *words: record.authenticate(words[-1]) if with_login else None,
        )
        self._record = record

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        (address,) = self.envelope.rcpt_tos
        refusal = self._record.next_fault(address, "go:")
        if refusal:
            await self.push(refusal)
            return
        if "drop-data" in self._record.faults[address]:
            self._record.faults[address].popleft()
            await self.push("354 go ahead, but not for long")
            _drop(self)
        await super().smtp_DATA(arg)
