"""`ccir notice preview`: makes a numbered version of a notice out of its text and a list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from ccir.cli.completion import complete_channels, complete_notices
from ccir.cli.session import Session
from ccir.domain.manual_queue import QUEUE_REASONS, QueueReason
from ccir.domain.moments import parse_moment
from ccir.errors import UsageError

if TYPE_CHECKING:
    from ccir.engine.notice_sources import Query
    from ccir.engine.notice_versions import Previewed

_SQLITE = "sqlite:"


def preview(
    session: Session,
    notice: Annotated[
        str, typer.Argument(help="The notice's id.", autocompletion=complete_notices)
    ],
    recipients: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Who is told, .csv or .jsonl; by default recipients/<list>.csv."
        ),
    ] = None,
    query: Annotated[
        Path | None,
        typer.Option(metavar="FILE.sql", help="Who is told: a query to --database instead."),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(metavar="URL", help="sqlite:PATH or postgresql://USER@HOST/NAME; only read."),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Write rejected rows there: number and reason."),
    ] = None,
    include_queued: Annotated[
        list[str] | None,
        typer.Option(
            metavar="REASON",
            help=f"Tell also who would wait for a decision: {', '.join(QUEUE_REASONS)}.",
        ),
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(help="Instead of the one bound.", autocompletion=complete_channels),
    ] = None,
    rate: Annotated[
        str | None,
        typer.Option(metavar="RATE", help="Send at most so fast: 14/s, 600/min; approved with it."),
    ] = None,
    not_before: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Send no earlier than that; approved with it."),
    ] = None,
    *,
    again: Annotated[
        bool,
        typer.Option("--again", help="Also to those whom an earlier version may have told."),
    ] = False,
    only_unreached: Annotated[
        bool,
        typer.Option("--only-unreached", help="Only to those whom no version has reached."),
    ] = False,
) -> None:
    """Render the notice for everybody on the list and store that as a numbered version.

    Nothing is sent. The version has to be approved as it is; every change makes a new one.
    """
    from ccir.cli.notice_pages import show_samples, show_version
    from ccir.engine.notice_measures import measured
    from ccir.engine.notice_planning import asked_rate
    from ccir.engine.notice_versions import PreviewOrder, preview

    session.refuse_at()
    if again and only_unreached:
        raise UsageError("--again and --only-unreached contradict", hint="give one of them")
    here = session.surroundings.here
    order = PreviewOrder(
        notice=notice,
        by=session.person,
        recipients=None if recipients is None else here / recipients,
        query=_query(here, query, database=database, recipients=recipients),
        rejects=None if rejects is None else here / rejects,
        included=_reasons(include_queued or []),
        channel=channel,
        again=again,
        only_unreached=only_unreached,
        per_second=None if rate is None else asked_rate(rate),
        not_before=None
        if not_before is None
        else parse_moment(not_before, now=session.now, zone=session.workspace.zone),
    )
    with session.speech.work():
        made = preview(session.workspace, session.run_id, order, attendant=session.attendant())
    measures = measured(made.samples, made.version.languages)
    document = _document(session, made)
    if session.speech.result(
        {
            **document,
            "readability": measures.readability,
            "sms": measures.sms,
            "sms_segments": measures.segments,
        }
    ):
        return
    show_samples(session, made.samples)
    show_version(session, made, measures)


def _query(
    here: Path, file: Path | None, *, database: str | None, recipients: Path | None
) -> Query | None:
    from ccir.engine.notice_sources import Query

    if file is None and database is None:
        return None
    if file is None or database is None or recipients is not None:
        raise UsageError(
            "--query and --database go together, and without --recipients",
            hint="--query FILE.sql --database sqlite:PATH, or --recipients FILE.csv",
        )
    if database.startswith(_SQLITE):
        database = f"{_SQLITE}{here / database.removeprefix(_SQLITE)}"
    return Query(file=here / file, database=database)


def _reasons(given: list[str]) -> tuple[QueueReason, ...]:
    unknown = [each for each in given if each not in QUEUE_REASONS]
    if unknown:
        raise UsageError(
            f"nobody waits because of '{unknown[0]}'", hint=f"known: {', '.join(QUEUE_REASONS)}"
        )
    return cast("tuple[QueueReason, ...]", tuple(given))


def _document(session: Session, made: Previewed) -> dict[str, object]:
    version = made.version
    return {
        "run": session.run_id,
        "notice": version.notice,
        "version": version.version,
        "digest": version.digest,
        "channel": version.channel,
        "recipients": version.recipients,
        "languages": version.languages,
        "duplicates": version.duplicates,
        "already_told": version.already_told,
        "rejected": made.rejected,
        "totals": made.totals,
        "variants": made.variants,
        "query": made.query,
        "samples": made.samples,
        "content": made.content,
        "per_second": version.per_second,
        "not_before": version.not_before,
    }
