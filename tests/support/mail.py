"""Messages, and channels set up for a peer on loopback."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ccir.channels.interface import Channel, Message, Surroundings, configure
from ccir.clock import FixedClock
from ccir.entropy import SeededEntropy

SENT_AT = dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC)
ADDRESS = "grace.hopper@customers.example"
SENDER = "incident@centre.example"
POSTAL = ("Grace Hopper", "Main Street 1", "12345 Arlington")


class ChannelBench(NamedTuple):
    """A kind of channel ready for the family's contract suite.

    `table` is its settings with the other side there, `away` with nobody there; `received`
    returns how many messages the other side holds: in a folder, the files of that pattern.
    """

    kind: str
    table: dict[str, object]
    away: dict[str, object]
    surroundings: Surroundings
    received: Sequence[object] | Path
    pattern: str = "*.eml"

    def arrived(self) -> int:
        if isinstance(self.received, Path):
            return len([*self.received.glob(self.pattern)])
        return len(self.received)


def message(
    to: str = ADDRESS,
    *,
    subject: str = "Your data",
    text: str = "We lost it.\n",
    html: str = "",
    number: int = 1,
    postal: tuple[str, ...] = POSTAL,
) -> Message:
    return Message(
        to=to,
        subject=subject,
        text=text,
        html=html,
        sms="We lost it.",
        language="en",
        postal=postal,
        phone="+4930123456",
        message_id=f"ccir.{number}@centre.example",
        date=SENT_AT,
    )


def surroundings(folder: Path) -> Surroundings:
    return Surroundings(folder=folder, clock=FixedClock(SENT_AT), entropy=SeededEntropy(1))


def smtp_table(port: int, /, **settings: object) -> dict[str, object]:
    """Settings of a mail server on loopback; whatever it delays, the tests do not wait long."""
    return {
        "host": "127.0.0.1",
        "port": port,
        "from": SENDER,
        "starttls": "opportunistic",
        "connections": 1,
        "connect_timeout": 1.0,
        "reply_timeout": 1.0,
        "final_timeout": 1.0,
        **settings,
    }


def smtp(port: int, folder: Path, /, **settings: object) -> Channel:
    table = {"kind": "smtp", **smtp_table(port, **settings)}
    return configure("mail", table, surroundings(folder))
