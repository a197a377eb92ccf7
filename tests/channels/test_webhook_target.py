from __future__ import annotations

import pytest

from ccir.channels.webhook_target import is_public, target_of
from ccir.config.values import Secret
from ccir.errors import InvalidDocumentError


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://hooks.example", ("hooks.example", 443, True, "hooks.example", "/")),
        ("HTTPS://Hooks.Example/t?a=1", ("hooks.example", 443, True, "hooks.example", "/t?a=1")),
        ("https://h.example:8443/t", ("h.example", 8443, True, "h.example:8443", "/t")),
        ("http://[::1]:80/t", ("::1", 80, False, "[::1]", "/t")),
        ("http://[fd00::1]:81?x", ("fd00::1", 81, False, "[fd00::1]:81", "/?x")),
    ],
)
def test_a_url_is_taken_apart(url: str, expected: tuple[object, ...]) -> None:
    target = target_of(Secret(url), channel="hook", allow_private=True)
    parts = (target.host, target.port, target.is_encrypted, target.authority, target.resource)
    assert parts == expected
    assert repr(target) == "Target(***)"


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("ftp://h.example/t0ken", "is no web address"),
        ("file:///etc/t0ken", "is no web address"),
        ("h.example/t0ken", "is no web address"),
        ("https://h.example/t0ken#part", "is no web address"),
        ("https://h.example/t0ken\r\nX: y", "is no web address"),
        ("https://h.example/t0ken x", "is no web address"),
        ("https://h.example/t0ken-ä", "is no web address"),
        ("https://h.example/t0ken" + "x" * 2000, "is no web address"),
        ("https://user:t0ken@h.example/", "before the host"),
        ("https:///t0ken", "has no host"),
        ("https://[t0ken]/", "has a host or port that cannot be"),
        ("https://t0ken%41.example/", "has no host"),
        ("https://.t0ken.example/", "has no host"),
        ("https://t0ken..example/", "has no host"),
        ("https://t0ken.example./", "has no host"),
        (f"https://t0ken{'x' * 64}.example/", "has no host"),
        (f"https://t0ken{'.x' * 130}/", "has no host"),
        ("https://h.example@t0ken.example/", "before the host"),
        ("https://h.example:t0ken/", "has a host or port that cannot be"),
        ("https://h.example:0/t0ken", "has a port that cannot be"),
        ("https://h.example:65536/t0ken", "has a host or port that cannot be"),
        ("http://h.example/t0ken", "travel unprotected"),
        ("https://localhost/t0ken", "private network"),
        ("https://LOCALHOST/t0ken", "private network"),
        ("https://a.localhost/t0ken", "private network"),
        ("https://169.254.169.254/t0ken", "private network"),
        ("https://[::1]/t0ken", "private network"),
        ("https://[::ffff:10.0.0.1]/t0ken", "private network"),
    ],
)
def test_a_url_that_may_not_be_used_is_refused_and_not_shown(url: str, complaint: str) -> None:
    with pytest.raises(InvalidDocumentError, match=complaint) as caught:
        target_of(Secret(url), channel="hook", allow_private=False)
    assert "t0ken" not in f"{caught.value.message} {caught.value.hint}"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8"])
def test_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - judged, not bound
        "10.1.2.3",
        "100.100.100.200",  # Alibaba Cloud's metadata, in the shared range
        "127.0.0.1",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.192",
        "192.168.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::169.254.169.254",
        "fd00:ec2::254",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_what_lies_inside_is_not_public(address: str) -> None:
    assert not is_public(address)
