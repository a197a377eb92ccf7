"""`ccir evidence`: files that show what happened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ccir.cli.completion import complete_steps
from ccir.cli.options import command, noun
from ccir.cli.session import Session
from ccir.cli.words import clock_time, size

app = noun("Keep and verify evidence.")


@command(app, examples=("ccir evidence add sign-in.log --step preserve-evidence",))
def add(
    session: Session,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="What is to be kept.")],
    step: Annotated[
        str | None, typer.Option(help="The step it belongs to.", autocompletion=complete_steps)
    ] = None,
) -> None:
    """Copy files into the run's evidence, under the digest of their content."""
    from ccir.domain.events import EvidenceAdded
    from ccir.engine.evidence import add_evidence

    added = []
    for file in files:
        handled = add_evidence(
            session.workspace,
            session.run_id,
            file=session.surroundings.here / file,
            by=session.person,
            step=step,
            at=session.at,
        )
        entry = handled.added[-1]
        if isinstance(entry.event, EvidenceAdded):
            added.append({"seq": entry.seq, "file": str(file), "sha256": entry.event.sha256})
    if not session.speech.result({"run": session.run_id, "evidence": added}):
        session.speech.say(*(f"{each['file']}: SHA-256 {each['sha256']}" for each in added))


@command(app, "list", examples=("ccir evidence list",))
def list_(session: Session) -> None:
    """List the run's evidence with its digests."""
    from ccir.engine.evidence import exhibits

    found = exhibits(session.workspace, session.run_id)
    if session.speech.result({"run": session.run_id, "evidence": found}):
        return
    zone = session.workspace.zone.key
    session.speech.table(
        ("event", "file", "size", "step", "by", "taken", "SHA-256"),
        [
            (
                str(each.seq),
                each.name or "(erased)",
                size(each.size_bytes),
                each.step or "",
                each.by,
                clock_time(each.at, zone),
                each.sha256,
            )
            for each in found
        ],
    )


@command(app, examples=("ccir evidence verify",))
def verify(session: Session) -> int:
    """Check that every kept file is still what was taken; exit status 1 where one is not."""
    from ccir.engine.evidence import difference, exhibits

    found = exhibits(session.workspace, session.run_id)
    checked = [
        {"seq": each.seq, "sha256": each.sha256, "difference": difference(session.workspace, each)}
        for each in found
    ]
    bad = [each for each in checked if each["difference"]]
    if not session.speech.result({"run": session.run_id, "evidence": checked}):
        session.speech.say(*(f"event {each['seq']}: {each['difference']}" for each in bad))
        session.speech.say(f"{len(checked) - len(bad)} of {len(checked)} files are as taken")
    return 1 if bad else 0
