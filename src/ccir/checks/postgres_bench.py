"""Where dumps are restored and asked: one cluster for all of a drill's dumps."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import msgspec

from ccir.checks.interface import CheckKit
from ccir.checks.postgres_cluster import OWNER, RESTORER, Cluster, running
from ccir.checks.postgres_dump import is_gzip, kind_of, room_for, write_custom, write_plain
from ccir.checks.postgres_faults import Answer, judge_database, judge_restore
from ccir.checks.postgres_programs import find_programs
from ccir.checks.reading import Watch
from ccir.entropy import SystemEntropy
from ccir.program import Finished

_KEY_BYTES = 16
# Measured: a custom dump of 28 MB became a cluster of 464 MB; a plain one is copied, too.
_FACTORS = {"custom": 20, "plain": 5}
_Name = Annotated[str, msgspec.Meta(min_length=1)]
_QUIET = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")


class Wishes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a drill asks for of the cluster.

    `programs` is the folder of PostgreSQL's programs where the newest installed one is not
    wanted. `extensions` are made before the dump is restored, and so are `roles`, which its
    policies and user mappings name; nobody can log in as one of them. `as_superuser` lets the
    dump do whatever it says, programs included. `maximum_bytes` bounds the restored cluster.
    """

    extensions: tuple[_Name, ...] = ()
    roles: tuple[_Name, ...] = ()
    encoding: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,32}$(?!\n)")] = "UTF8"
    as_superuser: bool = False
    programs: str | None = None
    maximum_bytes: Annotated[int, msgspec.Meta(gt=0)] = 1 << 40


class Bench:
    """Restores dumps, each into a new database; the cluster starts with the first of them."""

    def __init__(self, wishes: Wishes, kit: CheckKit, stack: ExitStack) -> None:
        self._wishes = wishes
        self._kit = kit
        self._stack = stack
        self._watch = Watch(kit)
        self._restored = 0
        self._user = OWNER if wishes.as_superuser else RESTORER

    def restore(self, dump: Path) -> None:
        """Restore the dump into a database of its own; the one before it is gone then.

        Raises:
            BadDataError: it cannot be restored.
            NoVerdictError: whether it can be restored is not known.
            UnavailableError: PostgreSQL is not installed.
        """
        kind = kind_of(dump)
        with TemporaryDirectory(dir=self._kit.scratch, prefix="ccir-dump-") as folder:
            script = Path(folder) / "script"
            if kind == "plain":
                key = SystemEntropy().octets(_KEY_BYTES).hex()
                write_plain(dump, script, key=key, watch=self._watch)
            elif is_gzip(dump):
                write_custom(dump, script, self._watch)
            else:
                script = dump
            room_for(script, self._cluster.places.home, factor=_FACTORS[kind])
            self._make_database()
            judge_restore(self._played(script) if kind == "plain" else self._unpacked(script))

    def ask(self, sql: str) -> Answer:
        """Ask the database that was restored last; nothing can be changed by it."""
        words = ("--tuples-only", "--no-align", "--set=VERBOSITY=sqlstate", f"--command={sql}")
        finished = self._cluster.run(
            "psql",
            *_QUIET,
            *words,
            user=self._user,
            database=self._database,
            options="-c default_transaction_read_only=on",
        )
        return Answer(finished=finished)

    @property
    def _database(self) -> str:
        return f"restored_{self._restored}"

    @cached_property
    def _cluster(self) -> Cluster:
        programs = find_programs(self._wishes.programs, self._kit.environment)
        maximum_bytes = self._wishes.maximum_bytes
        cluster = running(programs, self._kit, watch=self._watch, maximum_bytes=maximum_bytes)
        return self._stack.enter_context(cluster)

    def _make_database(self) -> None:
        """Make the next database, owned by the one who restores, and drop the last."""
        last = self._database
        self._restored += 1
        new = (
            f"CREATE DATABASE {self._database} OWNER {RESTORER} TEMPLATE template0 "
            f"ENCODING '{self._wishes.encoding}' LC_COLLATE 'C' LC_CTYPE 'C'"
        )
        is_first = self._restored == 1
        roles = [f"CREATE ROLE {_quoted(name)}" for name in self._wishes.roles if is_first]
        drop = f"DROP DATABASE IF EXISTS {last} WITH (FORCE)"
        self._command(drop, new, *roles, database="postgres")
        names = map(_quoted, self._wishes.extensions)
        made = [f"CREATE EXTENSION IF NOT EXISTS {name} CASCADE" for name in names]
        # A dump comments on extensions, which only their owner may.
        owned = f"UPDATE pg_extension SET extowner = '{RESTORER}'::regrole"  # noqa: S608 - our own name
        self._command(*made, owned, database=self._database)

    def _command(self, *statements: str, database: str) -> None:
        words = [f"--command={statement}" for statement in statements]
        judge_database(self._cluster.run("psql", *_QUIET, *words, user=OWNER, database=database))

    def _played(self, script: Path) -> Finished:
        words = ("--output=/dev/null", "--file=-")
        return self._cluster.run(
            "psql", *_QUIET, *words, user=self._user, database=self._database, stdin=script
        )

    def _unpacked(self, script: Path) -> Finished:
        return self._cluster.run(
            "pg_restore",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            "--no-publications",
            "--no-subscriptions",
            "--no-tablespaces",
            user=self._user,
            database=self._database,
            stdin=script,
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
