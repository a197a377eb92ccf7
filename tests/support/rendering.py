"""Texts, recipients and programs for tests of the renderer."""

from __future__ import annotations

import sys
from pathlib import Path

from ccir.delivery.letter_text import LetterText
from ccir.domain.notices import Recipient
from ccir.program import Program

BOMBS = """\
{% if recipient.wide is defined %}
{{ recipient.wide | join(recipient.wide) | length }}
{% endif %}
{% if recipient.deep is defined %}
{% for a in recipient.deep %}{% for b in recipient.deep %}{% endfor %}{% endfor %}
{% endif %}
"""


def template(language: str, body: str, *, optional: str = "") -> str:
    """Return a template's file whose subject and first line name the recipient."""
    return (
        f"---\nid: breach\nversion: 1.0.0\naudience: customers\nlanguage: {language}\n"
        'languages: [en, de]\nsubject: "News for {{ recipient.name }}"\n'
        f"requires: [recipient.name]\noptional: [{optional}]\n---\n"
        f"Dear {{{{ recipient.name }}}},\n\n{body}"
    )


def bombing_text() -> LetterText:
    """Return a text that takes much memory for a `wide` column, and long for a `deep` one."""
    optional = "recipient.wide, recipient.deep"
    return LetterText(
        templates={
            "en": template("en", BOMBS, optional=optional),
            "de": template("de", "Nichts zu tun.\n"),
        },
        values={"facts": {"count": 3, "is_open": True, "kinds": ["a", "b"]}},
    )


def person(row: int, *, language: str = "en", **columns: str) -> Recipient:
    """Return the recipient of that row."""
    return Recipient(
        row=row,
        address=f"person{row}@customers.example",
        name=f"Person {row}",
        language=language,
        columns=columns,
    )


def saying(script: str) -> Program:
    """Return a program of Python, in which `say` and `hear` stand for frames."""
    start = (
        "import sys; from ccir.conversation import read_frame, write_frame;"
        "say = lambda octets: write_frame(sys.stdout.buffer, octets);"
        "hear = lambda: read_frame(sys.stdin.buffer, frame_bytes=1 << 20);"
    )
    return Program(
        argv=(sys.executable, "-I", "-c", f"{start}\n{script}"), environment={}, deadline_seconds=0
    )


def renderers() -> list[int]:
    """Return the renderers that this process has started and that still run."""
    found = Path("/proc/self/task").glob("*/children")
    pids = [int(pid) for listed in found for pid in listed.read_text().split()]
    return [pid for pid in pids if is_renderer(pid)]


def is_renderer(pid: int) -> bool:
    """Tell whether that process is a renderer and runs."""
    try:
        return b"render_child" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
