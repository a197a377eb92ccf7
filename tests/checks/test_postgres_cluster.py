from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from architecture.project import ROOT
from ccir.checks.postgres_cluster import OWNER, running
from ccir.checks.postgres_faults import judge_restore
from ccir.checks.postgres_programs import Programs
from ccir.checks.reading import NoVerdictError, Watch
from ccir.process import birth_of
from support.checks import kit_of
from support.postgres_dumps import cluster, programs
from support.unprivileged import open_folder


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with open_folder() as folder:
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        yield folder


def is_gone(pid: int) -> bool:
    for _ in range(100):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or ") Z" in state.read_text(encoding="utf-8"):
            return True
        time.sleep(0.05)
    return False


def pid_of(folder: Path) -> int:
    (file,) = folder.glob("**/postmaster.pid")
    return int(file.read_text(encoding="utf-8").splitlines()[0])


def test_it_listens_on_a_socket_that_only_its_user_reaches(temporary: Path) -> None:
    with cluster() as server:
        assert server.places.sockets.stat().st_mode & 0o777 == 0o700
        assert server.places.home.stat().st_mode & 0o777 == 0o700
        words = ("--tuples-only", "--command=SHOW listen_addresses")
        shown = server.run("psql", *words, user=OWNER, database="postgres")
        assert shown.stdout.strip() == ""
        pid = pid_of(temporary)
        assert Path(f"/proc/{pid}").stat().st_uid != 0
    assert is_gone(pid)
    assert [*temporary.iterdir()] == []


def break_off(temporary: Path) -> None:
    with cluster():
        raise RuntimeError(pid_of(temporary))


def test_it_is_gone_whatever_happens_meanwhile(temporary: Path) -> None:
    with pytest.raises(RuntimeError) as raised:
        break_off(temporary)
    assert is_gone(int(str(raised.value)))
    assert [*temporary.iterdir()] == []


def test_a_server_that_dies_meanwhile_refuses_its_clients(temporary: Path) -> None:
    with cluster() as server:
        pid = pid_of(temporary)
        os.kill(pid, signal.SIGQUIT)
        assert is_gone(pid)
        done = server.run("psql", "--command=SELECT 1", user=OWNER, database="postgres")
        assert done.exit_code != 0
        with pytest.raises(NoVerdictError, match="cannot be restored here"):
            judge_restore(done)


def test_a_client_that_crashes_is_no_verdict(temporary: Path) -> None:
    with cluster() as server:
        program = server.program("psql")
        crashing = msgspec.structs.replace(program, argv=("/bin/sh", "-c", "kill -SEGV $$"))
        with pytest.raises(NoVerdictError, match="broke down"):
            server.finished(crashing)
    assert [*temporary.iterdir()] == []


@pytest.mark.parametrize("breaks", ["initdb", "postgres"])
def test_a_cluster_that_cannot_be_started_is_no_verdict(temporary: Path, breaks: str) -> None:
    real = programs()
    fake = temporary / "fake"
    fake.mkdir(mode=0o755)
    for name in ("initdb", "postgres", "psql", "pg_restore"):
        is_broken = name == breaks
        (fake / name).write_text(f"#!/bin/sh\nexit {int(is_broken)}\n", encoding="utf-8")
        (fake / name).chmod(0o755)
    kit = kit_of(deadline_seconds=20.0)
    broken: Programs = msgspec.structs.replace(real, folder=fake)
    with (
        pytest.raises(NoVerdictError) as raised,
        running(broken, kit, watch=Watch(kit), maximum_bytes=1 << 30),
    ):
        pass
    assert raised.value.reason == "cluster-failed"
    assert [path.name for path in temporary.iterdir()] == ["fake"]


def test_the_server_ends_where_ccir_is_killed(temporary: Path) -> None:
    programs()
    program = f"""\
import sys, tempfile, time
sys.path[:0] = [{str(ROOT / "src")!r}, {str(ROOT / "tests")!r}]
tempfile.tempdir = {str(temporary)!r}
from support.postgres_dumps import cluster
with cluster():
    print("started", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == b"started\n"
        pid = pid_of(temporary)
        started.kill()
    assert is_gone(pid)


def test_what_a_killed_check_left_is_removed_by_the_next_and_what_lives_is_not(
    temporary: Path,
) -> None:
    ended = subprocess.Popen((sys.executable, "-c", ""))
    ended.wait()
    dead, living = (
        temporary / f"ccir-pg-{pid}-{birth}-abc"
        for pid, birth in ((ended.pid, "1"), (os.getpid(), birth_of(os.getpid())))
    )
    for folder in (dead, living):
        folder.mkdir()
        (folder / "restored").write_text("a customer", encoding="utf-8")
    (temporary / "ccir-pg-1-1-link").symlink_to(living)
    with cluster():
        assert not dead.exists()
    assert (living / "restored").exists()
