from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ccir.channels.webhook_connection import Access, connect, tls_context
from ccir.channels.webhook_target import target_of
from ccir.config.values import Secret
from ccir.errors import UnavailableError
from support.certificates import write_certificate
from support.webhooks import WebService


@pytest.fixture
def service() -> Iterator[WebService]:
    with WebService() as running:
        yield running


def access(url: str, *, ca_file: Path | None = None, allow_private: bool = True) -> Access:
    target = target_of(Secret(url), channel="hook", allow_private=allow_private)
    tls = tls_context(ca_file) if target.is_encrypted else None
    return Access(channel="hook", target=target, tls=tls, allow_private=allow_private, seconds=1.0)


class Resolver:
    """Stands in for the system's: each look-up has its own answer, and then there is none."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, *answers: Sequence[str] | Exception
    ) -> None:
        self._answers = [*answers]
        monkeypatch.setattr(socket, "getaddrinfo", self)

    def __call__(self, _host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        addresses = self._answers.pop(0)
        if isinstance(addresses, Exception):
            raise addresses
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]


@pytest.mark.parametrize("host", ["127.1", "0x7f.1", "2130706433", "inside.example"])
def test_a_name_for_this_machine_is_found_out_when_it_is_looked_up(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Resolver(monkeypatch, ["127.0.0.1"])
    with pytest.raises(UnavailableError, match="leads into this machine") as caught:
        connect(access(f"https://{host}/t0ken", allow_private=False))
    assert "allow_private" in caught.value.hint


def test_one_address_inside_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    Resolver(monkeypatch, ["8.8.8.8", "169.254.169.254"])
    with pytest.raises(UnavailableError, match="leads into this machine"):
        connect(access("https://hooks.example/", allow_private=False))


def test_the_connection_goes_to_an_address_that_was_judged(
    service: WebService, monkeypatch: pytest.MonkeyPatch
) -> None:
    Resolver(monkeypatch, ["127.0.0.1"])  # a second look-up has no answer
    with connect(access(f"http://hooks.example:{service.port}/")) as connection:
        assert connection.getpeername() == ("127.0.0.1", service.port)
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_next_address_is_tried(service: WebService, monkeypatch: pytest.MonkeyPatch) -> None:
    Resolver(monkeypatch, ["127.0.0.2", "127.0.0.1"])  # nobody listens at the first
    with connect(access(f"http://hooks.example:{service.port}/")) as connection:
        assert connection.getpeername()[0] == "127.0.0.1"


def test_a_name_without_addresses_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    Resolver(monkeypatch, [])
    with pytest.raises(UnavailableError, match="it has no address"):
        connect(access("http://hooks.example/"))


@pytest.mark.parametrize(
    "fault", [socket.gaierror(-2, "t0ken is not known"), UnicodeError("t0ken: label too long")]
)
def test_a_name_that_cannot_be_looked_up_is_not_shown(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    Resolver(monkeypatch, fault)
    with pytest.raises(UnavailableError, match="cannot be looked up") as caught:
        connect(access("http://t0ken.example/"))
    assert "t0ken" not in f"{caught.value.message} {caught.value.hint}"


def test_where_nobody_listens_the_system_says_why() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(UnavailableError, match="cannot be reached: Connection refused"):
        connect(access(f"http://127.0.0.1:{port}/"))


def test_the_certificate_must_be_for_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = write_certificate(tmp_path / "tls.pem", name="hooks.example")
    with WebService(certificate=certificate) as service:
        Resolver(monkeypatch, ["127.0.0.1"], ["127.0.0.1"])
        right = access(f"https://hooks.example:{service.port}/", ca_file=certificate)
        connect(right).close()
        wrong = access(f"https://t0ken.example:{service.port}/", ca_file=certificate)
        with pytest.raises(UnavailableError, match="does not hold: Hostname mismatch") as caught:
            connect(wrong)
    assert "t0ken" not in caught.value.message


def test_a_service_that_does_not_encrypt_is_not_spoken_to(tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path / "tls.pem", name="127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        plain = access(f"https://127.0.0.1:{port}/", ca_file=certificate)
        with pytest.raises(UnavailableError, match=r"spoken to in secret: .*(timed out|in time)"):
            connect(plain)


def test_a_file_without_certificates_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(UnavailableError, match=r"ca\.pem cannot be used"):
        tls_context(tmp_path / "ca.pem")
