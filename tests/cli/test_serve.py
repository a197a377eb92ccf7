from __future__ import annotations

import builtins
import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from support.ack_web import request
from support.asking import already_asked
from support.centre import make_centre
from support.cli import Answer, Cli

PATIENCE_SECONDS = 10


def _served(cli: Cli, *words: str) -> tuple[Answer, list[int]]:
    """Serve until a request was answered, then press Ctrl-C."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    statuses: list[int] = []

    def press() -> None:
        for _ in range(PATIENCE_SECONDS * 50):
            try:
                statuses.append(request(port, "GET", "/robots.txt").status)
                break
            except OSError:
                time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    answer = cli("serve", "--acks", "--listen", f"127.0.0.1:{port}", *words)
    thread.join()
    return answer, statuses


def test_ctrl_c_ends_serving_cleanly(tmp_path: Path) -> None:
    cli, _ = already_asked(tmp_path)
    answer, statuses = _served(cli)
    assert statuses == [200]
    assert "serving acknowledgements on http://127.0.0.1:" in answer.out
    assert answer.out.endswith("ended; every answer is kept\n")
    assert answer.err == ""


def test_the_address_is_told_to_programs_and_a_missing_url_to_people(tmp_path: Path) -> None:
    answer, _ = _served(make_centre(tmp_path / "centre"), "--json")
    assert set(answer.json) == {"address"}
    assert "ccir.toml has no url in [acks]" in answer.err


@pytest.mark.parametrize("listen", ["8080", "127.0.0.1:", "127.0.0.1:70000", "a b:80", ":80"])
def test_an_address_without_a_port_is_refused(tmp_path: Path, listen: str) -> None:
    cli = make_centre(tmp_path / "centre")
    assert "--listen" in cli("serve", "--acks", "--listen", listen, status=2).err


def test_what_is_served_has_to_be_named(tmp_path: Path) -> None:
    assert "--acks" in make_centre(tmp_path / "centre")("serve", status=2).err


def test_other_machines_are_warned_of_before_they_are_listened_to(tmp_path: Path) -> None:
    cli = make_centre(tmp_path / "centre")
    refused = cli("serve", "--acks", "--listen", "192.0.2.1:8080", status=3)
    assert "192.0.2.1:8080 cannot be listened to" in refused.err


@pytest.mark.parametrize(("module", "status"), [("uvicorn", 3), ("ccir.nowhere", 70)])
def test_a_missing_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, module: str, status: int
) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: object, **more: object) -> object:
        if name == "ccir.web.ack_server":
            raise ModuleNotFoundError(f"No module named {module!r}", name=module)
        return real(name, *arguments, **more)  # type: ignore[arg-type] # as it was called

    cli = make_centre(tmp_path / "centre")
    monkeypatch.setattr(builtins, "__import__", without)
    assert ("ccir[web]" in cli("serve", "--acks", status=status).err) == (status == 3)
