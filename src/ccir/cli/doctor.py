"""`ccir doctor`: examines the workspace."""

from __future__ import annotations

from ccir.cli.options import command, plain
from ccir.cli.session import Session

app = plain()
_STYLES = {"pass": "green", "note": "", "fail": "bold red", "error": "yellow"}


@command(app, examples=("ccir doctor", "ccir doctor --json"))
def doctor(session: Session) -> int:
    """Examine the workspace, its tools and its documents.

    Checks the log's chain, SQLite, file modes, backup tools, targets, channels and documents.
    Sends nothing and changes nothing. Exit status 1: something is wrong; 3: something is missing
    or cannot be reached.
    """
    from ccir.engine.doctor import diagnose, exit_status

    workspace = session.workspace
    with session.speech.work():
        found = diagnose(workspace, lambda stage: session.speech.progress(stage, None, None))
    if not session.speech.result({"workspace": str(workspace.folder), "checks": found}):
        session.speech.table(
            ("what", "verdict", "found"),
            [
                (each.name, each.verdict, each.detail + (f"\n→ {each.hint}" if each.hint else ""))
                for each in found
            ],
            title=f"workspace {workspace.folder}",
            styles=[_STYLES[each.verdict] for each in found],
        )
    return exit_status(found)
