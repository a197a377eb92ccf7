from __future__ import annotations

from pathlib import Path

import pytest

from ccir.checks.postgres_server import Server
from ccir.checks.reading import NoVerdictError, Watch
from ccir.program import Program
from support.checks import kit_of

READY = "echo 'LOG:  database system is ready to accept connections' >&2"


def started(script: str) -> Server:
    argv = ("/bin/sh", "-c", script)
    program = Program(argv=argv, environment={}, deadline_seconds=20.0)
    return Server(program, kit_of())


def test_it_is_ready_when_it_says_so_and_ends_when_it_is_told(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    server = started(f"{READY}; trap 'echo x >{ended}; exit' INT; while :; do sleep 0.05; done")
    server.wait(Watch(kit_of(deadline_seconds=10.0)))
    server.stop()
    assert ended.exists()


@pytest.mark.parametrize("script", ["exit 1", "echo other"])
def test_a_server_that_ends_before_it_is_ready_is_no_verdict(script: str) -> None:
    server = started(script)
    with pytest.raises(NoVerdictError, match="did not start"):
        server.wait(Watch(kit_of(deadline_seconds=10.0)))
    server.stop()


def test_a_server_that_is_never_ready_is_no_verdict() -> None:
    server = started("exec sleep 20")
    with pytest.raises(NoVerdictError, match="too long"):
        server.wait(Watch(kit_of(deadline_seconds=0.2)))
    server.stop()
