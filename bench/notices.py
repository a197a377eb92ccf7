"""How fast a notice goes out with its whole ledger, against other ways to send the same mail.

All of them write to Postfix's `smtp-sink` on loopback (Debian: `apt-get install postfix`, or name
an unpacked one with SMTP_SINK); ours opens each recipient's sealed row, renders her letter, claims
her row before a byte leaves, and keeps the answer. `python bench/notices.py 1000000` sends to so
many.
"""

from __future__ import annotations

import cProfile
import datetime as dt
import getpass
import os
import resource
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from types import CodeType

from ccir.channels.interface import Channel, Surroundings, configure
from ccir.clock import SystemClock
from ccir.delivery.interface import Addressed, SendJob, SendKit
from ccir.delivery.letter_text import LetterText
from ccir.delivery.render_ahead import RenderAhead
from ccir.delivery.render_process import Renderer, rendering
from ccir.delivery.sending import send
from ccir.domain.events import FactValue
from ccir.domain.ledger import NoticeKey
from ccir.domain.notices import Recipient
from ccir.entropy import SystemEntropy
from ccir.store.interface import Stores
from ccir.store.sqlite import MEMBER

ROWS = 20_000
PLAIN_ROWS = 2_000
APPRISE_ROWS = 60
SENDER = "incident@centre.example"
KEY = NoticeKey(run="INC-2026-0001", notice="customers", version=1, channel="mail")
SENT_AT = dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC)
TEMPLATE = """---
id: bench
version: 1.0.0
audience: customers
language: en
languages: [en]
subject: "Your data: {{ organisation.name }}"
requires: [organisation.name, recipient.name]
---
Dear {{ recipient.name }},

""" + "\n\n".join(
    f"On 1 March a supplier of ours was attacked, and {part} was copied. We have closed the way in,"
    " told the authority, and changed every password. **You need to do nothing today.**"
    for part in ("your name", "your address", "the list of your calls", "your contract's number")
)


def run(rows: int = ROWS) -> list[tuple[str, float, str]]:
    """Return ours as a multiple of the others' messages a second, and where its time goes."""
    sink = os.environ.get("SMTP_SINK") or shutil.which("smtp-sink")
    if sink is None:
        return [("notices: smtp-sink is not installed", float("nan"), "")]
    with tempfile.TemporaryDirectory() as folder, _sink(sink) as port:
        planned = _planned(Path(folder) / "timed", rows)
        plain = _rate(PLAIN_ROWS, lambda: _email_messages(port))
        ours = _rate(rows, lambda: _ours(planned, port))
        _account(planned, rows)
        again = _rate(PLAIN_ROWS, lambda: _email_messages(port))
        both = 2 / (1 / plain + 1 / again)  # a drift of the machine falls on them and on ours
        apprise = _rate(APPRISE_ROWS, lambda: _apprise(port))
        generator = _rate(ROWS, lambda: _smtp_source(sink, port))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        stages = _stages(Path(folder) / "profiled", port)
    name = f"notice to {rows:,} ({ours:,.0f}/s)"
    return [
        (f"{name} / apprise one by one ({apprise:,.0f}/s)", ours / apprise, "goal ≥ 60x"),
        (
            f"{name} / smtplib, EmailMessage ({both:,.0f}/s)",
            ours / both,
            "goal ≥ 5x",
        ),
        (f"{name} / smtp-source, C ({generator:,.0f}/s)", ours / generator, ""),
        ("notices: peak memory, MiB", peak, "goal ≤ 400"),
        *((f"notices: share of {stage}", share, "") for stage, share in stages.items()),
    ]


def _rate(count: int, work: object) -> float:
    started = time.perf_counter()
    work()  # type: ignore[operator] # a function without arguments
    return count / (time.perf_counter() - started)


def _planned(folder: Path, rows: int) -> Stores:
    """Return stores with a stored list and a planned row for everybody on it."""
    folder.mkdir()
    stores = MEMBER.create(folder / ".ccir", clock=SystemClock(), entropy=SystemEntropy())
    people = (_person(row) for row in range(1, rows + 1))
    listed = stores.people.add_list(KEY.run, "list", people)
    stores.ledger.plan(KEY, ((row, f"{row:064x}") for row in range(1, listed.count + 1)))
    return stores


def _ours(stores: Stores, port: int) -> None:
    values: dict[str, dict[str, FactValue]] = {"organisation": {"name": "Example Centre"}}
    text = LetterText(templates={"en": TEMPLATE}, values=values)
    channel = _channel(Path(), port)
    with rendering(text, clock=SystemClock()) as renderer:
        send(_job(stores, renderer), _kit(stores, channel))


def _account(stores: Stores, rows: int) -> None:
    """Refuse a sending that left a row without an acceptance and its evidence."""
    whole = (row.state == "accepted" and row.evidence for row in stores.ledger.rows(KEY))
    if sum(map(bool, whole)) != rows:
        raise ValueError(stores.ledger.counts(KEY))
    stores.close()


def _stages(folder: Path, port: int) -> dict[str, float]:
    """Return the share of each stage in the time of a profiled sending of our own process."""
    profile = cProfile.Profile()
    profile.runcall(_ours, _planned(folder, PLAIN_ROWS), port)
    spent = {
        f"{Path(code.co_filename).name} {code.co_name}": entry.totaltime
        for entry in profile.getstats()
        if isinstance(code := entry.code, CodeType)
    }
    whole = spent["sending.py send"]
    mime = spent["mime.py header"] + spent["mime.py body"]
    shares = {
        "the ledger": spent["sqlite_ledger.py settle_and_claim"],
        "rendering (in its own process)": spent["render_ahead.py message"],
        "MIME": mime,
        "SMTP and waiting for the server": spent["smtp_session.py send"] - mime,
    }
    shares["the rest"] = whole - sum(shares.values())
    return {stage: seconds / whole for stage, seconds in shares.items()}


def _smtp_source(sink: str, port: int) -> None:
    """Send as Postfix's load generator does: the same bytes, nothing kept."""
    program = Path(sink).with_name("smtp-source")
    subprocess.run(
        (program, "-m", str(ROWS), "-l", "2400", f"127.0.0.1:{port}"),
        env=_with_libraries(sink),
        check=True,
    )


def _with_libraries(program: str) -> dict[str, str]:
    libraries = Path(program).resolve().parents[1] / "lib" / "postfix"
    return {**os.environ, "LD_LIBRARY_PATH": str(libraries)}


def _job(stores: Stores, renderer: Renderer) -> SendJob:
    ahead = RenderAhead(renderer, stores.people.recipients("list"))

    def prepare(row: int) -> Addressed:
        person, written = ahead.message(row, lambda: stores.people.recipient("list", row))
        return Addressed(
            recipient=person,
            rendered=written,
        )

    return SendJob(key=KEY, sender="bench", date=SENT_AT, prepare=prepare)


def _kit(stores: Stores, channel: Channel) -> SendKit:
    return SendKit(ledger=stores.ledger, paces=stores.paces, channel=channel, clock=SystemClock())


def _channel(folder: Path, port: int) -> Channel:
    table = {
        "kind": "smtp",
        "host": "127.0.0.1",
        "port": port,
        "starttls": "never",
        "from": SENDER,
    }
    surroundings = Surroundings(folder=folder, clock=SystemClock(), entropy=SystemEntropy())
    return configure("mail", table, surroundings)


def _person(row: int) -> Recipient:
    address = f"person{row}@customers.example"
    return Recipient(row=row, address=address, name=f"Person {row}", language="en")


def _email_messages(port: int) -> None:
    """Send as one would by hand: the standard library's message, one connection."""
    text = TEMPLATE.partition("---\nDear")[2]
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for row in range(1, PLAIN_ROWS + 1):
            person = _person(row)
            message = EmailMessage()
            message["From"], message["To"] = SENDER, person.address
            message["Subject"] = "Your data: Example Centre"
            message.set_content(f"Dear {person.name},\n{text}")
            message.add_alternative(f"<p>Dear {person.name},</p><p>{text}</p>", subtype="html")
            connection.send_message(message)


def _apprise(port: int) -> None:
    """Send each message through a fresh object, as its paced one waits 5 s between two."""
    from apprise import Apprise

    for row in range(1, APPRISE_ROWS + 1):
        person = _person(row)
        server = Apprise()
        server.add(f"mailto://127.0.0.1:{port}?from={SENDER}&to={person.address}&mode=insecure")
        server.notify(title="Your data", body=f"Dear {person.name},\n{TEMPLATE}")


@contextmanager
def _sink(program: str) -> Iterator[int]:
    """Run the sink on a free port, with the libraries that lie beside an unpacked one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    sink = subprocess.Popen(
        (program, "-u", getpass.getuser(), f"127.0.0.1:{port}", "100"),
        env=_with_libraries(program),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(port)
        yield port
    finally:
        sink.terminate()
        sink.wait()


def _await(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("smtp-sink did not start")


if __name__ == "__main__":
    for name, ratio, goal in run(int(sys.argv[1]) if sys.argv[1:] else ROWS):
        print(f"{name}: {ratio:.2f} ({goal})")
