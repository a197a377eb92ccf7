"""Documents to be read: files in a folder of their own, and the shapes of the real families."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent, indent

from ccir.catalog.documents import read_playbook
from ccir.catalog.findings import Complaints, Finding
from ccir.catalog.library import Library
from ccir.catalog.linting import Shapes
from ccir.catalog.playbook_lint import check_playbook
from ccir.catalog.sources import KINDS, Source, Sources
from ccir.engine.families import check_arguments, step_arguments

STEP_KINDS = step_arguments()
CHECK_KINDS = check_arguments()
SHAPES = Shapes(steps=STEP_KINDS, checks=CHECK_KINDS)
LIBRARY = Library(
    runbooks=frozenset({"isolate-network", "call-partners"}),
    drills=frozenset({"customer-records"}),
    templates={
        "customers/breach-notice": frozenset({"records"}),
        "employees/all-hands": frozenset(),
    },
)

HEAD = """
id: outage
version: 1.0.0
title: Outage
summary: Nothing works.
severities: [{id: sev1, meaning: All}, {id: sev2, meaning: Some}]
roles:
  - {id: commander, title: Commander, duties: Decides}
  - {id: technical-lead, title: Lead, duties: Mends}
facts:
  - {id: awareness, kind: moment, question: When}
  - {id: records, kind: number, question: How many}
  - {id: vendor_involved, kind: boolean, question: A vendor}
  - {id: entry_route, kind: choice, choices: [phishing, vendor], question: How}
  - {id: affected_host, kind: text, question: Where}
phases: [{id: contain, title: Contain}]
"""


def step(name: str, kind: str = "manual", **more: str) -> str:
    """Return a step's line in flow style; `more` holds further keys with their YAML."""
    keys = {"title": name, "phase": "contain", "role": "commander", "kind": kind, **more}
    arguments = {"arguments": "with", "on": "when"}
    written = ", ".join(f"{arguments.get(key, key)}: {value}" for key, value in keys.items())
    return f"- {{id: {name}, {written}}}"


def notice(name: str, **more: str) -> str:
    """Return a notice's line in flow style; `more` holds further keys with their YAML."""
    keys = {
        "title": name,
        "audience": "customers",
        "template": "breach-notice",
        "channel": "customer-mail",
        "recipients": "customers",
    }
    written = ", ".join(f"{key}: {value}" for key, value in (keys | more).items())
    return f"- {{id: {name}, {written}}}"


def playbook(*steps: str, notices: Iterable[str] = ()) -> str:
    """Return a playbook of these steps and notices; its first step stands in line 16."""
    parts = [HEAD.strip(), "steps:", *(indent(dedent(each), "  ") for each in steps)]
    listed = [indent(each, "  ") for each in notices]
    return "\n".join([*parts, *(["notices:", *listed] if listed else []), ""])


def write(folder: Path, name: str, text: str | bytes) -> Source:
    """Write a document (`playbooks/outage.yaml`) below the folder, and return it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    [found] = (
        source
        for kind in KINDS
        for source in Sources(folder, shipped=folder / "none").list(kind)
        if source.path == path
    )
    return found


def linted(folder: Path, text: str, *, library: Library | None = LIBRARY) -> list[Finding]:
    """Return everything that is wrong with a playbook."""
    reading = read_playbook(write(folder, "playbooks/outage.yaml", text), STEP_KINDS)
    check_playbook(reading, library)
    return reading.findings


def said(findings: Iterable[Finding]) -> list[str]:
    """Return the findings without their file, in short."""
    return [str(finding).removeprefix(f"{finding.file}:") for finding in findings]


def messages(complaints: Complaints) -> list[str]:
    """Return what was complained about, without its places."""
    return [finding.message for finding in complaints.findings]
