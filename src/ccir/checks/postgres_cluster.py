"""A PostgreSQL cluster of our own: made, bounded, reachable by nobody else, always removed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from tempfile import gettempdir, mkdtemp

import msgspec

from ccir.checks.interface import CheckKit
from ccir.checks.postgres_programs import Programs
from ccir.checks.postgres_server import SETTINGS, Server
from ccir.checks.reading import NoVerdictError, Watch
from ccir.process import birth_of, run
from ccir.program import Finished, Limits, Program

OWNER = "ccir_owner"
RESTORER = "ccir_restorer"
_PORT = "5432"
_PREFIX = "ccir-pg-"
_MOST_ORPHANS = 1_000
_SECONDS_BETWEEN_MEASURES = 1.0
_LIMITS = Limits(interrupt_seconds=5.0, terminate_seconds=2.0)


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Where the cluster's files lie, and its socket: a socket's path must be short."""

    home: Path
    sockets: Path

    @property
    def files(self) -> str:
        """The folder that `initdb` makes."""
        return str(self.home / "cluster")


class Cluster:
    """Runs PostgreSQL's programs, within the check's time and the cluster's bound."""

    def __init__(
        self, programs: Programs, kit: CheckKit, *, places: Places, watch: Watch, maximum_bytes: int
    ) -> None:
        self.places = places
        self._programs = programs
        self._kit = kit
        self._watch = watch
        self._maximum_bytes = maximum_bytes
        self._measured_at = kit.clock.monotonic()
        self._is_too_large = False

    def run(
        self,
        name: str,
        *words: str,
        user: str,
        database: str,
        options: str = "",
        stdin: Path | None = None,
    ) -> Finished:
        """Run a client of the cluster to its end.

        Raises:
            NoVerdictError: it was cancelled, took too long, or the cluster grew too large.
        """
        to = (f"--host={self.places.sockets}", f"--port={_PORT}", f"--username={user}")
        words = (*to, f"--dbname={database}", "--no-password", *words)
        program = self.program(name, *words, options=options, stdin=stdin)
        return self.finished(program)

    def finished(self, program: Program) -> Finished:
        """Run a program to its own end; see `run`."""
        self._watch.look()
        done = run(program, clock=self._kit.clock, is_cancelled=self._is_to_end)
        self._watch.look()
        if self._is_too_large:
            detail = f"restored it is larger than {self._maximum_bytes} bytes"
            raise NoVerdictError("too-large", detail, hint="raise maximum_bytes")
        if done.ended != "exited" or done.exit_code is None:
            raise NoVerdictError("tool-crashed", "PostgreSQL broke down", hint="run it again")
        return done

    def program(
        self, name: str, *words: str, options: str = "", stdin: Path | None = None
    ) -> Program:
        """Return one of PostgreSQL's programs, with nothing of our environment."""
        path = os.pathsep.join((str(self._programs.folder), os.defpath))
        return Program(
            argv=(*self._programs.wrapper, str(self._programs.folder / name), *words),
            environment={
                "PATH": path,
                "HOME": str(self.places.home),
                "LC_ALL": "C",
                "TZ": "UTC",
                "PGOPTIONS": options,
            },
            deadline_seconds=self._watch.left(),
            folder=self.places.home,
            stdin=stdin,
            limits=_LIMITS,
        )

    def _is_to_end(self) -> bool:
        now = self._kit.clock.monotonic()
        if now - self._measured_at >= _SECONDS_BETWEEN_MEASURES:
            self._is_too_large = _size(self.places.home) > self._maximum_bytes
            self._measured_at = self._kit.clock.monotonic()
        return self._is_too_large or self._watch.is_cancelled()


@contextmanager
def running(
    programs: Programs, kit: CheckKit, *, watch: Watch, maximum_bytes: int
) -> Iterator[Cluster]:
    """Make a cluster, start it, and remove it whatever happens.

    Raises:
        NoVerdictError: it cannot be started, or is not gone afterwards.
    """
    with _places(programs, kit) as places:
        cluster = Cluster(programs, kit, places=places, watch=watch, maximum_bytes=maximum_bytes)
        _make(cluster)
        server = Server(_server_program(cluster), kit)
        try:
            server.wait(watch)
            _make_restorer(cluster)
            yield cluster
        finally:
            server.stop()


def _make(cluster: Cluster) -> None:
    words = (f"--username={OWNER}", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    made = cluster.finished(cluster.program("initdb", f"--pgdata={cluster.places.files}", *words))
    if made.exit_code != 0:
        hint = "look whether its folder can be written by the user that it runs as"
        raise NoVerdictError("cluster-failed", "initdb made no cluster", hint=hint)


def _make_restorer(cluster: Cluster) -> None:
    """Make the user who restores: no superuser, whose dumps could run programs.

    Row security hides no row from it, or rows that are there would not be counted.
    """
    words = ("--no-psqlrc", "--quiet", f"--command=CREATE ROLE {RESTORER} LOGIN BYPASSRLS")
    cluster.run("psql", *words, user=OWNER, database="postgres")


def _server_program(cluster: Cluster) -> Program:
    places = cluster.places
    settings = [word for setting in SETTINGS for word in ("-c", setting)]
    return cluster.program(
        "postgres", "-D", places.files, "-p", _PORT, "-k", str(places.sockets), *settings
    )


@contextmanager
def _places(programs: Programs, kit: CheckKit) -> Iterator[Places]:
    """Make the folders, and remove them with all that is in them.

    Where another user runs the programs, who cannot reach the scratch folder, they lie where
    the system keeps temporary files. What checks of dead processes left there is removed first.
    """
    _reap_orphans(Path(gettempdir()))
    is_ours = programs.user_id is None
    with (
        _folder(programs, kit.scratch if is_ours else None) as home,
        _folder(programs, None) as sockets,
    ):
        yield Places(home=home, sockets=sockets)


@contextmanager
def _folder(programs: Programs, parent: Path | None) -> Iterator[Path]:
    owner = f"{os.getpid()}-{birth_of(os.getpid())}-"
    folder = Path(mkdtemp(prefix=f"{_PREFIX}{owner}", dir=parent))
    try:
        if programs.user_id is not None and programs.group_id is not None:
            os.chown(folder, programs.user_id, programs.group_id)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        hint = f"remove {folder}: it holds what was restored"
        raise NoVerdictError("cleanup-failed", "the cluster could not be removed", hint=hint)


def _reap_orphans(parent: Path) -> None:
    for folder in islice(parent.glob(f"{_PREFIX}*-*-*"), _MOST_ORPHANS):
        pid, _, rest = folder.name.removeprefix(_PREFIX).partition("-")
        is_dead = pid.isdigit() and birth_of(int(pid)) != rest.partition("-")[0]
        if is_dead and folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)  # fails where it is another user's


def _size(folder: Path) -> int:
    """Return the bytes of the files below, which come and go meanwhile."""
    size = 0
    for path, _folders, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                size += os.lstat(os.path.join(path, name)).st_size  # noqa: PTH118 - thousands a second
    return size
