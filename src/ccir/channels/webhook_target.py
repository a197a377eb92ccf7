"""Where a webhook's URL leads, and which addresses it may lead to."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

import msgspec

from ccir.config.values import Secret
from ccir.errors import InvalidDocumentError

_URL = re.compile(r"(?i:https?)://[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]{1,2000}")  # RFC 3986 §2
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*|[0-9a-f:.]*:[0-9a-f:.]*")
_PORTS = {"http": 80, "https": 443}
_HIGHEST_PORT = 65535

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: its last 32 bits are an IPv4 address
_CLOSED = (  # not the open internet either, though `is_global` says so in some versions
    ipaddress.ip_network("168.63.129.16/32"),  # Azure's service for its own machines
    ipaddress.ip_network("192.0.0.0/24"),  # RFC 6890; Oracle Cloud's metadata
    ipaddress.ip_network("fec0::/10"),  # RFC 3879, once for sites
)


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A URL taken apart; any part may hold a token, so it shows none.

    `authority` is what the header `Host` says, `resource` is path and query.
    """

    host: str
    port: int
    is_encrypted: bool
    authority: str
    resource: str

    def __repr__(self) -> str:
        return "Target(***)"


def target_of(url: Secret, *, channel: str, allow_private: bool) -> Target:
    """Return where the URL of a channel leads, without asking a resolver.

    Raises:
        InvalidDocumentError: it is no URL of a web service, or leads where it may not.
    """
    parts, port = _split(url, channel=channel)
    host = parts.hostname or ""
    is_encrypted = parts.scheme == "https"
    complaints = {
        "holds a name or password before the host: put a token into its path": "@" in parts.netloc,
        "has no host that could be looked up": not _HOST.fullmatch(host),
        "has a port that cannot be": not 0 < port <= _HIGHEST_PORT,
        "begins with http: a message would travel unprotected": not (is_encrypted or allow_private),
        "leads into this machine or a private network": not (allow_private or _may_be_public(host)),
    }
    for complaint, is_so in complaints.items():
        if is_so:
            raise _unfit(channel, complaint)
    bracketed = f"[{host}]" if ":" in host else host
    return Target(
        host=host,
        port=port,
        is_encrypted=is_encrypted,
        authority=bracketed if port == _PORTS[parts.scheme] else f"{bracketed}:{port}",
        resource=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
    )


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to the open internet.

    Loopback, private, link-local, shared, reserved and multicast addresses do not, nor do the
    addresses at which clouds answer their own machines. An IPv6 address that stands for an
    IPv4 address is judged by that one.
    """
    found = _meant(ipaddress.ip_address(address))
    is_special = found.is_multicast or found.is_reserved or any(found in net for net in _CLOSED)
    return found.is_global and not is_special


def _split(url: Secret, *, channel: str) -> tuple[SplitResult, int]:
    text = url.reveal()
    if not _URL.fullmatch(text):
        raise _unfit(channel, "is no web address that begins with https://")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:  # its words would show the URL
        raise _unfit(channel, "has a host or port that cannot be") from None
    return parts, _PORTS[parts.scheme] if port is None else port


def _may_be_public(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761 §6.3
        return False
    try:
        return is_public(host)
    except ValueError:
        return True  # a name: its addresses are judged when it is connected


def _meant(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _unfit(channel: str, complaint: str) -> InvalidDocumentError:
    return InvalidDocumentError(
        f"the URL of [channels.{channel}] {complaint}",
        hint="correct the URL; set allow_private = true only for a service in your own network",
    )
