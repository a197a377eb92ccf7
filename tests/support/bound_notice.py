"""A small playbook whose notice meets rules, with a template of one's own words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from support.centre import make_centre
from support.cli import Cli
from support.mini import PLAYBOOK, add_mini

_RECIPIENTS = "    recipients: affected\n"
_TEMPLATE = """\
---
id: mini
version: 1.0.0
audience: customers
language: {language}
languages: [en, de]
subject: "{subject}"
requires: [recipient.name]
optional: [facts.host, recipient.us_state]
{carries}---
{text}

{{% if facts.host is defined %}}
{{{{ facts.host }}}}
{{% endif %}}

{{% if recipient.us_state is defined %}}
You live in {{{{ recipient.us_state }}}}.
{{% endif %}}

Yours to {{{{ recipient.name }}}}
"""


def bound(
    folder: Path, rules: Sequence[str], *, mail_port: int | None = None, more: str = ""
) -> Cli:
    """Return a centre whose playbook `mini` has one notice, which meets these rules."""
    cli = make_centre(folder / "centre", mail_port=mail_port, more=more)
    add_mini(cli.folder)
    with_rules = PLAYBOOK.replace(
        _RECIPIENTS, f"{_RECIPIENTS}    obligations: [{', '.join(rules)}]\n"
    )
    (cli.folder / "playbooks" / "mini.yaml").write_text(with_rules, encoding="utf-8")
    for language in ("en", "de"):
        write_text(cli, "Hello", language=language)
    return cli


def write_text(
    cli: Cli,
    text: str,
    *,
    subject: str = "News",
    carries: str = "",
    language: str = "en",
) -> None:
    """Write the notice's template; `carries` is the indented YAML below that key."""
    declared = f"carries:\n{carries}" if carries else ""
    path = cli.folder / "notify_templates" / "customers" / f"mini.{language}.md.j2"
    content = _TEMPLATE.format(language=language, subject=subject, carries=declared, text=text)
    path.write_text(content, encoding="utf-8")


def write_rows(cli: Cli, header: str, *rows: str) -> Path:
    """Write a list of recipients with these columns after mail address, name and language."""
    lines = [f"p{number}@example.net,P{number},{row}" for number, row in enumerate(rows)]
    path = cli.folder / "list.csv"
    path.write_text("\n".join((f"email,name,{header}", *lines, "")), encoding="utf-8")
    return path


def sent(cli: Cli, *, channel: str | None = None, status: int = 0) -> None:
    """Preview the notice for the list, let two people approve it, and send it."""
    words = () if channel is None else ("--channel", channel)
    cli("notice", "preview", "customers", "--recipients", cli.folder / "list.csv", *words)
    cli("notice", "approve", "customers")
    cli("notice", "approve", "customers", "--as", "kim")
    cli("notice", "send", "customers", "--yes", status=status)
