"""The demonstration's world: a workspace, a customer database with recordings, its backup."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ccir.cli.demo_mail import HOST
from ccir.config.account import login, zone_name
from ccir.errors import UnavailableError
from ccir.process import find_tool, run
from ccir.program import Program, bare_environment

if TYPE_CHECKING:
    from ccir.cli.session import Session

CUSTOMERS = 400
RECORDINGS = 60
_RECORDING_BYTES = 24_000
_RESTIC_SECONDS = 120.0
_PRIVATE = 0o600

_SETTINGS = """\
# Made by `ccir demo`. The people are simulated; the mail server was the demonstration's own.
[organisation]
name = "Example Contact Centre"
timezone = {zone}
hotline = "+49 30 5550100"
email = "privacy@example.org"
status_page = "https://status.example.org"

[people.alex]
name = "Alex Kim"
email = "alex@example.org"
phone = "+49 30 5550101"
out_of_band = "Signal: alex.07"
login = {login}
roles = ["commander", "backup-operator", "scribe"]
simulated = true

[people.sam]
name = "Sam Ortiz"
email = "sam@example.org"
out_of_band = "Signal: sam.21"
roles = ["communications-lead", "continuity-lead", "people-lead"]
simulated = true

[people.robin]
name = "Robin Weiss"
email = "robin@example.org"
out_of_band = "Signal: robin.33"
roles = ["privacy-counsel", "technical-lead"]
simulated = true

[targets.crm]
tool = "restic"
repository = "backup/repository"
password_file = "backup/password"
rpo = "24h"
rto = "15m"

[channels.mail]
kind = "smtp"
host = "{host}"
port = {port}
starttls = "never"                 # only because it is a server on this machine
from = "incident@example.org"

[obligations]
establishments = ["DE"]
sectors = ["payments"]
calendar = "DE"
internal_target = "72h"            # the aim where a law says "without delay"

[bindings]
customer-records = "crm"
customer-mail = "mail"
staff-mail = "mail"
"""

_DRILL = f"""\
id: customer-records
version: 1.1.0
title: Restore the customer records
summary: Restores the newest backup and opens the customer database; stands in for the shipped one.
target: customer-records
checks:
  - kind: file-count
  - kind: sqlite
    with:
      path: "**/crm.sqlite"
      tables: {{customers: {CUSTOMERS}}}
deadline: 5m
"""


class World(msgspec.Struct, frozen=True, kw_only=True):
    """Where the demonstration plays, and whether restic is there for it."""

    folder: Path
    has_restic: bool


def build(folder: Path, *, session: Session, mail_port: int) -> World:
    """Make the workspace, the data to be protected and, with restic, its backup."""
    tell = session.speech.progress
    tell("make a workspace and a customer database", None, None)
    folder.mkdir(parents=True, exist_ok=True)
    settings = _SETTINGS.format(
        zone=_quoted(zone_name()), login=_quoted(login()), host=HOST, port=mail_port
    )
    (folder / "ccir.toml").write_text(settings, "utf-8")
    (folder / "drills").mkdir()
    (folder / "drills" / "customer-records.yaml").write_text(_DRILL, "utf-8")
    _write_lists(folder / "recipients")
    _write_records(folder / "crm")
    tell("back it up with restic", None, None)
    return World(folder=folder, has_restic=_back_up(folder, session))


def _write_lists(folder: Path) -> None:
    folder.mkdir()
    staff = [f"agent{number}@staff.example.org,Agent {number},en" for number in range(1, 13)]
    states = {number: "CA" if number % 2 else "NY" for number in range(1, 41) if not number % 3}
    customers = [
        f"customer{number}@mail.example.net,Customer {number},"
        f"{'en' if number in states else 'de'},{states.get(number, '')}"
        for number in range(1, 41)
    ]
    for name, header, rows in (
        ("employees", "email,name,language", staff),
        ("customers-affected", "email,name,language,us_state", customers),
    ):
        (folder / f"{name}.csv").write_text("\n".join([header, *rows, ""]), "utf-8")
    (folder.parent / "sign-in.log").write_text(
        "2026-01-05T01:52:11Z export by account svc-report from 203.0.113.7\n", "utf-8"
    )


def _write_records(folder: Path) -> None:
    (folder / "recordings").mkdir(parents=True)
    for number in range(RECORDINGS):
        octets = b"".join(
            hashlib.sha256(b"%d %d" % (number, block)).digest()
            for block in range(_RECORDING_BYTES // 32)
        )
        (folder / "recordings" / f"call-{number:04}.wav").write_bytes(_wav(octets))
    with closing(sqlite3.connect(folder / "crm.sqlite")) as database:
        database.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        rows = [(f"Customer {number}",) for number in range(CUSTOMERS)]
        database.executemany("INSERT INTO customers (name) VALUES (?)", rows)
        database.commit()


def _wav(sound: bytes) -> bytes:
    """Return a recording as its file's name promises it: RIFF, its length, WAVE."""
    return b"RIFF" + (len(sound) + 8).to_bytes(4, "little") + b"WAVEfmt " + sound


def _back_up(folder: Path, session: Session) -> bool:
    """Make the repository and one snapshot; without restic, say so and go on."""
    environment = bare_environment(session.surroundings.environment.passed_on)
    try:
        restic = find_tool("restic", path=environment.get("PATH", ""))
    except UnavailableError as error:
        session.speech.warn(f"{error.message}: the backup part is left out\nhint: {error.hint}")
        return False
    backup = folder / "backup"
    backup.mkdir()
    password = backup / "password"
    password.touch(_PRIVATE)
    octets = session.surroundings.entropy.octets(24)
    password.write_text(octets.hex() + "\n", "ascii")
    environment |= {
        "RESTIC_REPOSITORY": str(backup / "repository"),
        "RESTIC_PASSWORD_FILE": str(password),
    }
    for words in (("init",), ("backup", "--", str(folder / "crm"))):
        program = Program(
            argv=(str(restic), "--no-cache", *words),
            environment=environment,
            deadline_seconds=_RESTIC_SECONDS,
        )
        finished = run(program, clock=session.surroundings.clock)
        if finished.exit_code != 0:
            shutil.rmtree(backup, ignore_errors=True)
            session.speech.warn(f"restic {words[0]} failed: {finished.stderr.strip()[-400:]}")
            return False
    return True


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode("utf-8")
