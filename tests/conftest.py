"""What holds for every test: an odd time zone, a bare environment, no other machine."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from support.restic_repository import Repository, restic_is_there, shared_repository
from support.restic_versions import INSTALLED, path_with

# No product code may depend on the machine's zone; one that is not a whole hour off shows it.
ZONE = "Asia/Kathmandu"
_LEFT_OUT = ("CCIR_", "RESTIC_")
_SHAPES_OUTPUT = ("FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS", "PYTHONPATH")
_MEMORY = Path("/dev/shm")
_MEMORY_BYTES = 4 << 30

hypothesis.settings.register_profile(
    "repeatable",
    derandomize=True,
    database=None,
    deadline=None,  # a shared machine is slow now and then
    suppress_health_check=[hypothesis.HealthCheck.too_slow],  # as the deadline
)
hypothesis.settings.register_profile(
    "soak", hypothesis.settings.get_profile("repeatable"), max_examples=2_000
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run all rounds of faults, for long")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile("soak" if config.getoption("--soak") else "repeatable")
    for name in [*os.environ]:
        if name.startswith(_LEFT_OUT) or name in _SHAPES_OUTPUT:
            del os.environ[name]
    os.environ.update(TZ=ZONE, COLUMNS="100", NO_COLOR="1", TERM="dumb", LC_ALL="C.UTF-8")
    time.tzset()
    _keep_what_is_compiled()
    if _is_memory_usable():
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None  # looked for again


def _keep_what_is_compiled() -> None:
    """Keep the tests' rewritten assertions: each worker would rewrite them each time, for 10 s."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _is_memory_usable() -> bool:
    """Tell whether files may lie in memory: no test looks at a disk, and many wait for one.

    Whoever names a folder for temporary files is heeded.
    """
    if "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK | os.X_OK):
        return False
    may_run_programs = not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
    return may_run_programs and shutil.disk_usage(_MEMORY).free >= _MEMORY_BYTES


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--soak"):
        return
    for item in items:
        if "soak" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="takes long: runs with --soak (make soak)"))


@pytest.fixture(scope="session")
def soak(pytestconfig: pytest.Config) -> bool:
    """Whether there is time for many rounds."""
    return bool(pytestconfig.getoption("--soak"))


@pytest.fixture(scope="session", autouse=True)
def this_machine_only() -> Iterator[None]:
    """Fail the test that would speak with another machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
        yield


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A healthy restic repository that tests only read."""
    if not restic_is_there():
        pytest.skip("restic is not installed: apt-get install restic")
    return shared_repository(tmp_path_factory.getbasetemp())


@pytest.fixture
def restic_path(request: pytest.FixtureRequest) -> str:
    """A PATH on which restic is found: the installed one, or one of those of `every_restic`."""
    return path_with(getattr(request, "param", INSTALLED))


@pytest.fixture
def repository(healthy: Repository, tmp_path: Path) -> Repository:
    """A copy of the healthy repository, to be broken."""
    return healthy.copied(tmp_path / "repository")


def _guarded(original: Callable[..., object]) -> Callable[..., object]:
    def guard(self: socket.socket, *arguments: object) -> object:
        address = arguments[-1]
        if isinstance(address, tuple):  # a path of a local socket is text
            _refuse_other_machines(str(address[0]))
        return original(self, *arguments)

    return guard


def _guarded_lookup(original: Callable[..., object]) -> Callable[..., object]:
    def guard(host: str | bytes | None, *arguments: object, **options: object) -> object:
        name = host.decode() if isinstance(host, bytes) else host or "localhost"
        if name.endswith(".invalid"):  # RFC 6761: no such name, and no server need be asked
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        _refuse_other_machines(name)
        return original(host, *arguments, **options)

    return guard


def _refuse_other_machines(host: str) -> None:
    if host in {"localhost", "", "0.0.0.0", "::", socket.gethostname()}:  # noqa: S104 - not bound
        return
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        pytest.fail(f"the test would speak with '{host}'; tests reach this machine only")
