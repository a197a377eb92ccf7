"""`ccir notice resolve`: closes rows of whom nobody knows whether they were told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from ccir.cli.completion import complete_notices
from ccir.cli.session import Session
from ccir.domain.moments import parse_moment, shown
from ccir.domain.notice_events import Decision
from ccir.domain.wording import tally
from ccir.errors import UsageError

if TYPE_CHECKING:
    from ccir.delivery.relay_log_times import Span
    from ccir.engine.notice_doubts import Resolved
    from ccir.engine.notice_log_resolving import LogResolved

_LEFT = {
    "queued": "still in the relay's queue: read its log again later",
    "not-found": "not in the log though it covers their time: --not-found resend plans them again",
    "not-covered": "not in the log, which does not cover their time",
    "held": "held: only evidence closes them",
    "undecided": "undecided",
}
_RANGE = ".."


def resolve(
    session: Session,
    notice: Annotated[
        str, typer.Argument(help="The notice's id.", autocompletion=complete_notices)
    ],
    *,
    relay_log: Annotated[
        list[Path] | None,
        typer.Option(
            "--relay-log", metavar="FILE", help="A log of Postfix, .gz too; may be repeated."
        ),
    ] = None,
    log_covers: Annotated[
        str | None,
        typer.Option(
            metavar="FROM..TO", help="What the logs cover, if not all between their ends."
        ),
    ] = None,
    not_found: Annotated[
        str | None,
        typer.Option(metavar="resend", help="Plan again whom a covering log does not name."),
    ] = None,
    row: Annotated[
        list[int] | None, typer.Option(metavar="ROW", help="Decide on this row; may be repeated.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Decide on all rows in doubt.")] = False,
    decision: Annotated[
        str | None, typer.Option(metavar="WORD", help=f"One of: {', '.join(get_args(Decision))}.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why; kept sealed.")] = None,
    version: Annotated[
        int | None, typer.Option(help="Of this version; by default the newest.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it and change nothing.")] = False,
) -> None:
    """Close rows in doubt: by the relay's log, or by a person's decision.

    A log closes whom it names as told or bounced. A person decides with --row or --all:
    told, not-told, resend (the same message once more), other-channel (the next version includes
    her) or hold (only evidence closes it). Nobody may be sending the notice meanwhile.
    """
    session.refuse_at()
    _refuse_mixed(relay_log, decision=decision, chosen=bool(row) or every)
    if relay_log:
        order = _LogWords(notice, files=relay_log, covers=log_covers, not_found=not_found)
        _by_log(session, order, reason=reason, version=version, is_dry=dry_run)
        return
    if log_covers is not None or not_found is not None:
        raise UsageError(
            "--log-covers and --not-found go with --relay-log",
            hint="name the log: --relay-log FILE",
        )
    words = _PersonWords(notice, rows=row or [], every=every, decision=_decision(decision))
    _by_person(session, words, reason=reason, version=version, is_dry=dry_run)


class _LogWords:
    def __init__(
        self, notice: str, *, files: list[Path], covers: str | None, not_found: str | None
    ) -> None:
        if not_found not in {None, "resend"}:
            raise UsageError(f"--not-found {not_found} is not known", hint="--not-found resend")
        self.notice = notice
        self.files = files
        self.covers = covers
        self.resends = not_found is not None


class _PersonWords:
    def __init__(self, notice: str, *, rows: list[int], every: bool, decision: Decision) -> None:
        if bool(rows) == every:
            raise UsageError("--decision needs rows", hint="--row N for some, or --all")
        self.notice = notice
        self.rows = tuple(rows)
        self.decision = decision


def _refuse_mixed(relay_log: list[Path] | None, *, decision: str | None, chosen: bool) -> None:
    if bool(relay_log) == (decision is not None):
        raise UsageError(
            "either the relay's log closes rows, or a person does",
            hint="--relay-log FILE, or --row N --decision told --reason T",
        )
    if relay_log and chosen:
        raise UsageError(
            "--row and --all go with --decision", hint="a log is read for all rows in doubt"
        )


def _decision(word: str | None) -> Decision:
    for known in get_args(Decision):
        if word == known:
            found: Decision = known
            return found
    raise UsageError(
        f"--decision {word} is not known", hint=f"one of: {', '.join(get_args(Decision))}"
    )


def _by_log(
    session: Session, words: _LogWords, *, reason: str | None, version: int | None, is_dry: bool
) -> None:
    from ccir.engine.notice_log_resolving import LogOrder, resolve_by_log

    order = LogOrder(
        notice=words.notice,
        by=session.person,
        files=tuple(session.surroundings.here / file for file in words.files),
        covers=_covers(session, words.covers),
        resends=words.resends,
        reason=reason,
        version=version,
        is_dry=is_dry,
    )
    with session.speech.work():
        found = resolve_by_log(session.workspace, session.run_id, order)
    if not session.speech.result(_document(session, found.resolved, is_dry=is_dry, log=found)):
        _say_log(session, found)
        _say(session, found.resolved, is_dry=is_dry)


def _by_person(
    session: Session, words: _PersonWords, *, reason: str | None, version: int | None, is_dry: bool
) -> None:
    from ccir.engine.notice_resolving import ResolveOrder, resolve

    if reason is None or not reason.strip():
        raise UsageError("a decision needs --reason", hint="say why: --reason 'she called us'")
    order = ResolveOrder(
        notice=words.notice,
        by=session.person,
        decision=words.decision,
        reason=reason,
        rows=words.rows,
        version=version,
        is_dry=is_dry,
    )
    found = resolve(session.workspace, session.run_id, order)
    if not session.speech.result(_document(session, found, is_dry=is_dry)):
        _say(session, found, is_dry=is_dry)


def _covers(session: Session, text: str | None) -> Span | None:
    from ccir.delivery.relay_log_times import Span

    if text is None:
        return None
    first, dots, last = text.partition(_RANGE)
    if not dots:
        raise UsageError(
            f"--log-covers {text} is no span of time",
            hint="two times: --log-covers 2026-11-24T14:00..2026-11-24T18:00",
        )
    zone = session.workspace.zone
    ends = [parse_moment(each.strip(), now=session.now, zone=zone) for each in (first, last)]
    if ends[0] > ends[1]:
        raise UsageError(f"--log-covers {text} ends before it begins", hint="the earlier one first")
    return Span(first_at=ends[0], last_at=ends[1])


def _document(
    session: Session, found: Resolved, *, is_dry: bool, log: LogResolved | None = None
) -> dict[str, object]:
    return {
        "run": session.run_id,
        "notice": found.version.notice,
        "version": found.version.version,
        "dry_run": is_dry,
        "closed": found.closed,
        "left": found.left,
        "counts": found.counts,
        "owed": found.owed,
        "log": None
        if log is None
        else {
            "lines": log.covered.lines,
            "covers": log.covered.spans,
            "foreign": log.foreign,
        },
    }


def _say_log(session: Session, found: LogResolved) -> None:
    zone = session.workspace.zone
    spans = [
        f"{shown(each.first_at, zone)} to {shown(each.last_at, zone)}"
        for each in found.covered.spans
    ]
    covers = ", ".join(spans) or "no time that can be read"
    session.speech.say(f"log: {found.covered.lines} lines, {covers}")
    if found.foreign:
        session.speech.say(
            f"{found.foreign} deliveries of these messages name another address and do not count"
        )


def _say(session: Session, found: Resolved, *, is_dry: bool) -> None:
    named = f"{found.version.notice} version {found.version.version}"
    would = "would be " if is_dry else ""
    closed = ", ".join(f"{count} {would}{state}" for state, count in found.closed.items())
    session.speech.say(f"{named}: {closed or 'no row is closed'}")
    for why, count in found.left.items():
        session.speech.say(f"  {count} left in doubt, {_LEFT[why]}")
    session.speech.say(f"recipients: {tally(found.counts)}")
    if "planned" in found.closed and not is_dry:
        session.speech.say(f"next: `ccir notice send {found.version.notice}`")
    for rule in found.owed:
        session.speech.say(
            f"everybody was told: `ccir clocks submit {rule} --at TIME` records when"
        )
