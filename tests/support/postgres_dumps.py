"""Real dumps of one small PostgreSQL database, made once a process."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import msgspec
import pytest

from ccir.checks.interface import CheckKit
from ccir.checks.postgres_cluster import OWNER, Cluster, running
from ccir.checks.postgres_programs import Programs, find_programs
from ccir.checks.reading import Watch
from ccir.errors import UnavailableError
from support.checks import kit_of
from support.unprivileged import open_folder

ROWS = 3_000
PERSON = "jane-doe"
ROLE = "app of kim"
_DEADLINE_SECONDS = 120.0
_DATABASE = "crm"
_MADE = """
CREATE ROLE app;
CREATE TABLE customers (id serial PRIMARY KEY, name text NOT NULL, code text);
CREATE INDEX ON customers (name);
INSERT INTO customers (name, code)
    SELECT 'jane-doe ' || i, md5(i::text) FROM generate_series(1, 3000) AS i;
CREATE SCHEMA calls;
CREATE TABLE calls.recordings (at timestamptz, path text);
INSERT INTO calls.recordings VALUES ('2026-01-02T03:04:05Z', E'\\\\restrict odd\\n\\\\.');
CREATE VIEW recent AS SELECT * FROM customers;
GRANT SELECT ON customers TO app;
ALTER TABLE customers OWNER TO app;
CREATE PUBLICATION changes FOR ALL TABLES;
COMMENT ON EXTENSION plpgsql IS 'changed';
"""


_PLACED = """
ALTER TABLE customers SET TABLESPACE fast;
CREATE INDEX ON customers (code) TABLESPACE fast;
CREATE MATERIALIZED VIEW counted TABLESPACE fast AS SELECT count(*) FROM customers;
CREATE TABLE guarded AS SELECT * FROM customers LIMIT 2;
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON guarded TO "app of kim" USING (false);
"""

# The cluster's folder is the first word; the others name what was made.
_COPYING = """\
#!/bin/sh
to=${{1#--pgdata=}}
shift
made="{made}/$*"
test -d "$made" || "{real}" --pgdata="$made" "$@" || exit
exec cp -R "$made" "$to"
"""


class Dumps(msgspec.Struct, frozen=True, kw_only=True):
    """The database as pg_dump writes it in each of its ways."""

    custom: bytes
    plain: bytes
    with_create: bytes
    tar: bytes
    with_trigger: bytes


def programs() -> Programs:
    """Return PostgreSQL's programs; the test is skipped where there are none."""
    try:
        return find_programs(None, kit_of().environment)
    except UnavailableError:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")


@contextmanager
def cluster(kit: CheckKit | None = None, *, maximum_bytes: int = 1 << 40) -> Iterator[Cluster]:
    """Run a cluster of the test's own."""
    kit = kit or kit_of(deadline_seconds=_DEADLINE_SECONDS)
    with running(programs(), kit, watch=Watch(kit), maximum_bytes=maximum_bytes) as server:
        yield server


@contextmanager
def hasty_programs() -> Iterator[Path]:
    """Give a folder of PostgreSQL's programs whose initdb copies what the real one once made.

    The real one takes most of a short check's time. Called with other words it makes anew.
    """
    real = programs()
    with open_folder() as folder:
        for name in ("postgres", "psql", "pg_restore"):
            (folder / name).symlink_to(real.folder / name)
        made = folder / "made"
        made.mkdir()
        if real.user_id is not None and real.group_id is not None:
            os.chown(made, real.user_id, real.group_id)
        script = folder / "initdb"
        script.write_text(_COPYING.format(made=made, real=real.folder / "initdb"), encoding="utf-8")
        script.chmod(0o755)
        yield folder


@cache
def dumps() -> Dumps:
    """Return the dumps."""
    with cluster() as server:
        _command(server, f"CREATE DATABASE {_DATABASE}", database="postgres")
        _command(server, _MADE, database=_DATABASE)
        whole = {
            "custom": _dumped(server, "--format=custom"),
            "plain": _dumped(server),
            "with_create": _dumped(server, "--create", "--clean"),
            "tar": _dumped(server, "--format=tar"),
        }
        _command(
            server,
            "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
            "CREATE EVENT TRIGGER watching ON ddl_command_end EXECUTE FUNCTION f()",
            database=_DATABASE,
        )
        return Dumps(**whole, with_trigger=_dumped(server))


@cache
def placed() -> Dumps:
    """Return dumps of the database with a table space, and a policy for a role."""
    programs()
    with cluster() as server:
        _command(server, f"CREATE DATABASE {_DATABASE}", database="postgres")
        _command(server, _MADE, database=_DATABASE)
        _command(server, f"CREATE TABLESPACE fast LOCATION '{_space(server)}'", database=_DATABASE)
        _command(server, f'CREATE ROLE "{ROLE}"', database=_DATABASE)
        _command(server, _PLACED, database=_DATABASE)
        kinds = {"custom": _dumped(server, "--format=custom"), "plain": _dumped(server)}
        return msgspec.structs.replace(dumps(), **kinds)


def _space(server: Cluster) -> Path:
    """Make a folder that the server owns."""
    folder = server.places.home / "space"
    folder.mkdir(0o700)
    owner = server.places.home.stat()
    os.chown(folder, owner.st_uid, owner.st_gid)
    return folder


def _command(server: Cluster, sql: str, *, database: str) -> None:
    done = server.run("psql", "--quiet", f"--command={sql}", user=OWNER, database=database)
    assert done.exit_code == 0, done.stderr


def _dumped(server: Cluster, *words: str) -> bytes:
    folder = Path(tempfile.mkdtemp())
    to = (f"--host={server.places.sockets}", f"--username={OWNER}", f"--dbname={_DATABASE}")
    program = server.program("pg_dump", *to, *words)
    done = server.finished(msgspec.structs.replace(program, stdout=folder / "dump"))
    assert done.exit_code == 0, done.stderr
    octets = (folder / "dump").read_bytes()
    shutil.rmtree(folder)
    return octets
