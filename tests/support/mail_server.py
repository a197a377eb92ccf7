"""A real SMTP server on a free loopback port that records what it takes and fails on order."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import defaultdict, deque
from pathlib import Path
from typing import NamedTuple, NoReturn, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PATIENCE_SECONDS = 10


class Taken(NamedTuple):
    """A message that the server has taken, whether or not it could say so."""

    sender: str
    recipient: str
    content: bytes
    greeted_as: str
    is_encrypted: bool
    is_logged_in: bool


class MailServer:
    """Takes mail until it is closed; `faults[address]` are its answers to come, in order.

    `rcpt:550 words`, `go:451 words` (to DATA) and `data:554 words` (to the final dot) answer so;
    `drop-rcpt`, `drop-data` (before the final dot) and `drop-after` (the final dot came, the
    answer never leaves) break the connection; `slow:0.5` answers the final dot late.
    `sender_faults` are whole answers to MAIL, or `drop`. With a `port` it comes back where
    another server was. With `pipelining` it offers that (RFC 2920).
    """

    def __init__(
        self,
        *,
        certificate: Path | None = None,
        login: tuple[str, str] | None = None,
        port: int = 0,
        pipelining: bool = False,
    ) -> None:
        self.taken: list[Taken] = []
        self.connections = 0
        self.faults: defaultdict[str, deque[str]] = defaultdict(deque)
        self.sender_faults: deque[str] = deque()
        self.port = port
        self.pipelining = pipelining
        self._protocols: list[_Protocol] = []
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
        starting = asyncio.run_coroutine_threadsafe(listening, self._loop)
        self._server = starting.result(PATIENCE_SECONDS)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        closing = asyncio.run_coroutine_threadsafe(self._close(), self._loop)
        closing.result(PATIENCE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_SECONDS)
        self._loop.close()

    def break_connections(self) -> None:
        """Cut every connection, as a server does that is restarted."""
        breaking = asyncio.run_coroutine_threadsafe(self._abort(), self._loop)
        breaking.result(PATIENCE_SECONDS)

    def authenticate(self, words: object) -> AuthResult:
        known = isinstance(words, LoginPassword) and self._login == (
            words.login.decode(),
            words.password.decode(),
        )
        return AuthResult(success=known, handled=False)

    def next_fault(self, address: str, kind: str) -> str | None:
        """Take the address's next fault if it is of that kind, and return its words."""
        waiting = self.faults[address]
        if not waiting or waiting[0].partition(":")[0] != kind:
            return None
        return waiting.popleft().partition(":")[2]

    def next_sender_fault(self) -> str | None:
        return self.sender_faults.popleft() if self.sender_faults else None

    def takes_fault(self, address: str, name: str) -> bool:
        """Take the address's next fault if it has that name."""
        waiting = self.faults[address]
        if not waiting or waiting[0] != name:
            return False
        waiting.popleft()
        return True

    def _protocol(self) -> _Protocol:
        self.connections += 1
        protocol = _Protocol(self, self._tls, with_login=self._login is not None)
        self._protocols.append(protocol)
        return protocol

    async def _close(self) -> None:
        self._server.close()
        await self._abort()
        for _ in range(100):
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            if not tasks:
                return
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=0.1)

    async def _abort(self) -> None:
        for protocol in self._protocols:
            _abort(protocol)


class _Handler:
    def __init__(self, record: MailServer) -> None:
        self._record = record

    async def handle_EHLO(  # noqa: N802, PLR0917 - aiosmtpd's name and order
        self, server: SMTP, session: Session, envelope: Envelope, name: str, offers: list[str]
    ) -> list[str]:
        del server, envelope
        session.host_name = name
        more = ["250-PIPELINING"] if self._record.pipelining else []
        return [*offers[:-1], *more, *offers[-1:]]

    async def handle_MAIL(  # noqa: N802, PLR0917 - aiosmtpd's name and order
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del session
        fault = self._record.next_sender_fault()
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
        if self._record.next_fault(address, "drop-rcpt") is not None:
            _drop(server)
        refusal = self._record.next_fault(address, "rcpt")
        if refusal is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        (address,) = envelope.rcpt_tos
        refusal = self._record.next_fault(address, "data")
        if refusal is not None:
            return refusal
        taken = Taken(
            sender=envelope.mail_from or "",
            recipient=address,
            content=envelope.original_content or b"",
            greeted_as=session.host_name or "",
            is_encrypted=session.ssl is not None,
            is_logged_in=session.authenticated or False,
        )
        self._record.taken.append(taken)
        if self._record.next_fault(address, "drop-after") is not None:
            _drop(server)
        delay = self._record.next_fault(address, "slow")
        if delay is not None:
            await asyncio.sleep(float(delay))
        return f"250 2.0.0 <{address}> queued as Q{len(self._record.taken)}"


class _Protocol(SMTP):
    def __init__(self, record: MailServer, tls: ssl.SSLContext | None, *, with_login: bool) -> None:
        super().__init__(
            _Handler(record),
            hostname="mail.test",
            tls_context=tls,
            auth_required=with_login,
            authenticator=lambda *words: record.authenticate(words[-1]),
            auth_exclude_mechanism=() if with_login else ("LOGIN", "PLAIN"),
            data_size_limit=None,
        )
        self._record = record

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        if self.envelope is None or not self.envelope.rcpt_tos:
            await super().smtp_DATA(arg)
            return
        (address,) = self.envelope.rcpt_tos
        refusal = self._record.next_fault(address, "go")
        if refusal is not None:
            await self.push(refusal)
            return
        if self._record.next_fault(address, "drop-data") is not None:
            await self.push("354 go ahead, but not for long")
            _drop(self)
        await super().smtp_DATA(arg)


def _server_context(certificate: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def _drop(server: SMTP) -> NoReturn:
    """Break the connection in the midst of a command, without an answer."""
    _abort(server)
    raise asyncio.CancelledError


def _abort(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()
