"""One connection to an SMTP server: greeted, encrypted and logged in as the settings ask."""

from __future__ import annotations

import smtplib
import ssl
from pathlib import Path
from typing import Literal

import msgspec

from ccir.channels.smtp_replies import Reply
from ccir.channels.words import scrubbed
from ccir.config.values import Secret
from ccir.errors import UnavailableError

StartTls = Literal["required", "opportunistic", "never"]
_GREETING_NAME = "localhost"  # until the connection shows which address it comes from


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """Where the server is, and what the way to it must be like; all times in seconds.

    `opportunistic` encrypts where the server offers it and does not check the certificate,
    as mail servers do among themselves; `required` checks it against the system's or
    `ca_file`'s authorities.
    """

    host: str
    port: int
    starttls: StartTls
    ca_file: Path | None
    user: str
    password: Secret | None
    helo: str
    connect_seconds: float
    reply_seconds: float


def connect(access: Access) -> smtplib.SMTP:
    """Return a connection that is ready for mail.

    Raises:
        UnavailableError: there is no server, or it lacks what the settings ask for.
    """
    connection = _reach(access)
    try:
        _introduce(connection, access)
        _encrypt(connection, access)
        _log_in(connection, access)
    except (OSError, smtplib.SMTPException) as error:
        connection.close()
        raise _unusable(access, error) from error
    except UnavailableError:
        connection.close()
        raise
    return connection


def unavailable(access: Access, reply: Reply, *, doing: str) -> UnavailableError:
    """Return the error that tells what the server said instead of yes."""
    words = scrubbed(reply[1], address="")
    return UnavailableError(
        f"the mail server {access.host}:{access.port} refuses {doing}: {reply[0]} {words}",
        hint="nothing was sent; ask who runs the mail server, then send again",
    )


def tls_version(connection: smtplib.SMTP) -> str:
    """Return the TLS version that protects the connection; empty where none does."""
    sock = connection.sock
    return (sock.version() or "") if isinstance(sock, ssl.SSLSocket) else ""


def _reach(access: Access) -> smtplib.SMTP:
    try:
        return smtplib.SMTP(
            access.host, access.port, local_hostname=_GREETING_NAME, timeout=access.connect_seconds
        )
    except (OSError, smtplib.SMTPException) as error:
        raise UnavailableError(
            f"the mail server {access.host}:{access.port} cannot be reached: {_reason(error)}",
            hint="check host and port in ccir.toml, and the network",
        ) from error


def _introduce(connection: smtplib.SMTP, access: Access) -> None:
    connection.timeout = access.reply_seconds
    if connection.sock is not None:
        connection.sock.settimeout(access.reply_seconds)
        connection.local_hostname = access.helo or _literal(connection.sock.getsockname()[0])
    connection.ehlo_or_helo_if_needed()


def _literal(address: str) -> str:
    # RFC 5321 §4.1.3: who has no name to give gives its address.
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _encrypt(connection: smtplib.SMTP, access: Access) -> None:
    is_offered = connection.has_extn("starttls")
    if access.starttls == "never" or (access.starttls == "opportunistic" and not is_offered):
        return
    if not is_offered:
        raise UnavailableError(
            f"the mail server {access.host}:{access.port} does not offer STARTTLS",
            hint='nothing was sent; on a trusted network set starttls = "opportunistic"',
        )
    connection.starttls(context=_tls(access))
    connection.ehlo()


def _tls(access: Access) -> ssl.SSLContext:
    if access.ca_file is not None and not access.ca_file.is_file():
        raise UnavailableError(
            f"the ca_file {access.ca_file} is missing", hint="correct ca_file in ccir.toml"
        )
    context = ssl.create_default_context(cafile=access.ca_file)
    if access.starttls == "opportunistic":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _log_in(connection: smtplib.SMTP, access: Access) -> None:
    if access.password is not None:
        connection.login(access.user, access.password.reveal())


def _unusable(access: Access, error: OSError | smtplib.SMTPException) -> UnavailableError:
    server = f"the mail server {access.host}:{access.port}"
    match error:
        case smtplib.SMTPAuthenticationError():
            return UnavailableError(
                f"{server} refuses the login of '{access.user}': {_reason(error)}",
                hint="check user and password_file in ccir.toml",
            )
        case ssl.SSLCertVerificationError():
            return UnavailableError(
                f"{server} shows a certificate that does not hold: {error.verify_message}",
                hint="name its authority with ca_file, or use the name the certificate is for",
            )
        case _:
            return UnavailableError(
                f"{server} cannot be used: {_reason(error)}",
                hint="check starttls and user in ccir.toml, and the server's log",
            )


def _reason(error: OSError | smtplib.SMTPException) -> str:
    match error:
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            return f"{code} {scrubbed(words, address='')}"
        case OSError(strerror=str(words)):
            return words
        case _:
            return str(error) or type(error).__name__
