"""One connection to a webhook's service: to an address that was judged first, and encrypted.

1. The name is looked up once, and every address that it has must be allowed.
2. The connection goes to an address that was judged: no second look-up can lead elsewhere.
3. The certificate must hold for the name.
"""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import msgspec

from ccir.channels.webhook_target import Target, is_public
from ccir.errors import UnavailableError

LIMIT_ADDRESSES = 4  # tried one after the other, each for the whole time
_Address = tuple[int, str]  # the family, and the address in text
_REACH = "check the URL in ccir.toml or its url_file, and the network; nothing was sent"


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """Where the service is, and what the way to it must be like.

    `tls` is None where nothing is encrypted; `seconds` is the patience with the connection
    and again with each reply.
    """

    channel: str
    target: Target
    tls: ssl.SSLContext | None
    allow_private: bool
    seconds: float


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Return what checks certificates: against the system's or the file's authorities.

    Raises:
        UnavailableError: the file is missing or holds no certificates.
    """
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise UnavailableError(
            f"the ca_file {ca_file} cannot be used: {_reason(error)}",
            hint="correct ca_file in ccir.toml",
        ) from error


def connect(access: Access) -> socket.socket:
    """Return a connection that is ready for a request.

    Raises:
        UnavailableError: no address of the service may be used, answers, or shows a
            certificate that holds.
    """
    connection = _reach(access, _addresses(access))
    if access.tls is None:
        return connection
    try:
        return access.tls.wrap_socket(connection, server_hostname=access.target.host)
    except OSError as error:
        connection.close()
        raise _unusable(access, error) from None  # the cause may show the name


def _addresses(access: Access) -> list[_Address]:
    target = access.target
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnavailableError(
            f"the service of channel '{access.channel}' cannot be looked up by its name",
            hint=_REACH,
        ) from None  # the cause may show the name
    addresses = [(int(family), str(address[0])) for family, _, _, _, address in found]
    if not access.allow_private and not all(is_public(address) for _, address in addresses):
        raise UnavailableError(
            f"the URL of channel '{access.channel}' leads into this machine or a private network",
            hint="nothing was sent; set allow_private = true only where that is meant",
        )
    return addresses[:LIMIT_ADDRESSES]


def _reach(access: Access, addresses: list[_Address]) -> socket.socket:
    reason = "it has no address"
    for address in addresses:
        try:
            return _connected(address, port=access.target.port, seconds=access.seconds)
        except OSError as error:
            reason = _reason(error)
    raise UnavailableError(
        f"the service of channel '{access.channel}' cannot be reached: {reason}", hint=_REACH
    )


def _connected(address: _Address, *, port: int, seconds: float) -> socket.socket:
    connection = socket.socket(address[0], socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect((address[1], port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        connection.close()
        raise
    return connection


def _unusable(access: Access, error: OSError) -> UnavailableError:
    service = f"the service of channel '{access.channel}'"
    if isinstance(error, ssl.SSLCertVerificationError):
        words = error.verify_message.replace(access.target.host, "***")
        return UnavailableError(
            f"{service} shows a certificate that does not hold: {words}",
            hint="name its authority with ca_file, or use the name the certificate is for",
        )
    return UnavailableError(
        f"{service} cannot be spoken to in secret: {_reason(error)}",
        hint="nothing was sent; ask who runs the service whether it speaks TLS 1.2 or newer",
    )


def _reason(error: OSError) -> str:
    match error:
        case ssl.SSLError(reason=str(words)):
            return words.replace("_", " ").lower()
        case OSError(strerror=str(words)):
            return words
        case _:
            return str(error) or type(error).__name__
