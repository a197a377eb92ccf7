"""`ccir report`: tells a run's whole story."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.options import command, plain
from ccir.cli.session import Session
from ccir.errors import UnavailableError, UsageError

if TYPE_CHECKING:
    from ccir.reports.model import Report

app = plain()
_FORMATS = ("md", "html", "json")
_PRIVATE = 0o600


@command(
    app,
    examples=(
        "ccir report",
        "ccir report --format html --output report.html",
        "ccir report --run INC-2026-0001 --privileged",
    ),
)
def report(
    session: Session,
    form: Annotated[str, typer.Option("--format", help="md, html or json.")] = "md",
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it there, readable by you only.")
    ] = None,
    *,
    privileged: Annotated[
        bool, typer.Option("--privileged", help="Include privileged notes.")
    ] = False,
) -> None:
    """Tell the run's whole story.

    Summary, open points, people, facts, decisions, steps, backups, notices, breach register,
    evidence and timeline. Privileged notes stay out unless they are asked for.
    """
    from ccir.engine.reporting import report

    chosen = "json" if session.options.json else form
    if chosen not in _FORMATS:
        raise UsageError(f"there is no format '{form}'", hint=f"one of {', '.join(_FORMATS)}")
    text = _written(report(session.workspace, session.run_id, privileged=privileged), chosen)
    if output is None:
        print(text.rstrip())
        return
    _write(session.surroundings.here / output, text)
    session.speech.say(f"report of {session.run_id} written to {output}")


def _written(found: Report, form: str) -> str:
    match form:
        case "html":
            from ccir.reports.html import html

            return html(found)
        case "md":
            from ccir.reports.markdown import markdown

            return markdown(found)
        case _:
            import msgspec

            return msgspec.json.format(msgspec.json.encode(found), indent=2).decode("utf-8") + "\n"


def _write(path: Path, text: str) -> None:
    """Write the file anew: whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with os.fdopen(
            os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE), "w"
        ) as file:
            file.write(text)
        partial.replace(path)
    except OSError as error:
        raise UnavailableError(
            f"'{path}' cannot be written: {error.strerror}", hint="choose another file"
        ) from error
