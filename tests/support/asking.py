"""A notice that asks staff to confirm by links, sent to an outbox whose letters a test reads."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Sequence
from email import message_from_bytes
from email.policy import default
from functools import cache
from pathlib import Path

from ccir.entropy import SeededEntropy
from support.centre import make_centre
from support.cli import Cli
from support.clocks import StoryClock
from support.mini import PLAYBOOK, add_mini

URL = "https://ack.example.org"
ACKS = f'[acks]\nurl = "{URL}"\n'
SECOND = '[channels.second]\nkind = "outbox"\nfolder = "second"\n[bindings]\nother-way = "second"\n'
BOUND = 'customer-mail = "files"\nstaff-alert = "files"\n'
ROWS = (
    "ann@example.net,Ann,en,North,early",
    "bob@example.net,Bob,de,North,late",
    "cyd@example.net,Cyd,fr,South,early",
    "dot@example.net,Dot,xx,South,",
)
_LINK = re.compile(rf"{re.escape(URL)}/a/([\w-]+)")
_STEP = """\
  - id: ask-staff
    title: Ask the staff
    phase: tell
    role: commander
    kind: notify
    mandatory: false
    with: {notice: staff}
notices:
"""
_ASKS = """\
  - id: staff
    title: Are you safe & well?
    audience: {audience}
    template: staff
    channel: customer-mail
    recipients: staff
    urgency: safety
    acknowledge: {acknowledge}
"""
_TEXT = """\
---
id: staff
version: 1.0.0
audience: {audience}
language: {language}
languages: [en, de, fr]
subject: Are you safe?
requires: [recipient.ack_url, recipient.name]
---
{{{{ recipient.name }}}}, please answer: {{{{ recipient.ack_url }}}}
"""


def asking(
    folder: Path,
    *,
    acknowledge: str | None = "{within: 30m, channel: other-way, role: commander}",
    audience: str = "employees",
    more: str = ACKS + SECOND + BOUND,
    rows: Sequence[str] = ROWS,
) -> Cli:
    """Return a centre with a run whose notice `staff` asks, and its list."""
    cli = make_centre(folder / "centre", more=more)
    add_mini(cli.folder)
    notice = _ASKS.format(audience=audience, acknowledge=acknowledge or "{within: 1m}")
    if acknowledge is None:
        notice = "\n".join(notice.splitlines()[:-1]) + "\n"
    with_step = PLAYBOOK.replace("notices:\n", _STEP)
    (cli.folder / "playbooks" / "mini.yaml").write_text(with_step + notice, encoding="utf-8")
    texts = cli.folder / "notify_templates" / audience
    texts.mkdir(parents=True, exist_ok=True)
    for language in ("en", "de", "fr"):
        text = _TEXT.format(audience=audience, language=language)
        (texts / f"staff.{language}.md.j2").write_text(text, encoding="utf-8")
    write_staff(cli, rows)
    cli("start", "mini", "--fact", "awareness=08:30")
    return cli


def already_asked(folder: Path) -> tuple[Cli, dict[str, str]]:
    """Return a copy of a centre that has asked its four people, and their tokens.

    The copied one is made once in a process: it takes a second.
    """
    made = _made()
    shutil.copytree(made.folder, folder / "centre")
    cli = Cli(folder / "centre", clock=StoryClock(made.clock.now()))
    cli.entropy = SeededEntropy(8)  # what the copied one has used up must not come again
    return cli, tokens(cli)


@cache
def _made() -> Cli:
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    cli = asking(Path(folder))
    asked(cli)
    return cli


def write_staff(cli: Cli, rows: Sequence[str]) -> None:
    """Write the list of staff."""
    lines = ("email,name,language,site,shift", *rows, "")
    (cli.folder / "staff.csv").write_text("\n".join(lines), encoding="utf-8")


def asked(cli: Cli) -> dict[str, str]:
    """Send the notice and return each recipient's token by her address."""
    cli("notice", "preview", "staff", "--recipients", "staff.csv", "--channel", "files")
    cli("notice", "approve", "staff")
    cli("notice", "send", "staff", "--yes")
    return tokens(cli)


def tokens(cli: Cli, *, folder: str = "outbox") -> dict[str, str]:
    """Return the tokens in the outbox's letters by the addresses that they went to."""
    found = {}
    for path in sorted((cli.folder / folder).rglob("*.eml")):
        letter = message_from_bytes(path.read_bytes(), policy=default)
        body = letter.get_body(("plain",))
        match = None if body is None else _LINK.search(body.get_content())
        if match is not None:
            found[str(letter["To"])] = match[1]
    return found
