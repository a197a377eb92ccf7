"""What the screen says of a notice: its versions, its approvals, how its recipients stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccir.cli.measure_pages import show_measures
from ccir.cli.session import Session
from ccir.cli.words import moment
from ccir.domain.deciding_notices import approvals_missing, existing_notice, is_one_account
from ccir.domain.notices import masked
from ccir.domain.views import notice_view
from ccir.domain.wording import tally
from ccir.engine.notice_rows import DIGEST_SHOWN

if TYPE_CHECKING:
    from ccir.catalog.rendering import RenderedText
    from ccir.domain.run import Run, VersionRecord
    from ccir.engine.notice_content import ContentCheck
    from ccir.engine.notice_measures import NoticeMeasures
    from ccir.engine.notice_sending import Sending
    from ccir.engine.notice_versions import Previewed

ONE_ACCOUNT = "asserted, one account"
_REJECTED_SHOWN = 10
_ROWS_SHOWN = 20


def show_status(session: Session, run: Run, name: str) -> None:
    """Show a notice's newest version, its approvals and its recipients."""
    from ccir.engine.status import counts_of

    notice = existing_notice(run, name)
    view = notice_view(run, notice, session.now)
    version = run.latest(name)
    approvals = () if version is None else version.approvals
    counts = counts_of(session.workspace, run, name)
    if session.speech.result(
        {
            "notice": name,
            "state": view.state,
            "version": None if version is None else version.version,
            "digest": None if version is None else version.digest,
            "channel": None if version is None else version.channel,
            "approvals": approvals,
            "approvals_missing": None if version is None else approvals_missing(notice, version),
            "asserted": version is not None and is_one_account(version),
            "counts": counts,
        }
    ):
        return
    session.speech.say(f"{name} is {view.state}: {notice.title}")
    if version is None:
        session.speech.say(f"next: `ccir notice preview {name} --recipients FILE.csv`")
        return
    say_version(session, version)
    zone = run.zone
    for given in approvals:
        who = _named(session, given.by)
        session.speech.say(
            f"approved by {who} as {given.role or 'anybody'}, account {given.account}, "
            f"{moment(given.at, zone)}"
        )
    if is_one_account(version):
        session.speech.say(f"approvals: {ONE_ACCOUNT}")
    missing = approvals_missing(notice, version)
    if missing:
        session.speech.say(f"{missing} of {notice.approvals.count} approvals are missing")
    session.speech.say(f"recipients: {tally(counts)}")
    _show_troubled(session, run, version)


def _show_troubled(session: Session, run: Run, version: VersionRecord) -> None:
    """List those who were refused or are in doubt, masked, with the server's words."""
    from ccir.engine.notice_rows import troubled_rows

    rows = troubled_rows(session.workspace, run, version, limit=_ROWS_SHOWN + 1)
    if not rows:
        return
    session.speech.table(
        ("row", "recipient", "state", "answer"),
        [
            (str(row.row), masked(address), row.state, f"{row.code or ''} {row.reply}".strip())
            for row, address in rows[:_ROWS_SHOWN]
        ],
    )
    if len(rows) > _ROWS_SHOWN:
        session.speech.say("… and more")


def show_samples(session: Session, samples: dict[str, RenderedText]) -> None:
    """Print one message in each language."""
    for language, rendered in samples.items():
        session.speech.say(f"── {language} ── {rendered.subject}", "", rendered.text.rstrip(), "")


def show_version(session: Session, made: Previewed, measures: NoticeMeasures) -> None:
    """Print what a preview stored, which rows were left out, and how the text reads."""
    say_version(session, made.version)
    version = made.version
    languages = ", ".join(f"{count} {name}" for name, count in version.languages.items())
    session.speech.say(f"languages: {languages}")
    left_out = {
        "rejected": version.rejected,
        "duplicates": version.duplicates,
        "told already": version.already_told,
    }
    shown = ", ".join(f"{count} {name}" for name, count in left_out.items() if count)
    if shown:
        session.speech.say(f"left out: {shown}")
    for rejected in made.rejected[:_REJECTED_SHOWN]:
        session.speech.say(f"  row {rejected.row}: {rejected.reason}")
    if len(made.rejected) > _REJECTED_SHOWN:
        session.speech.say(f"  … and {len(made.rejected) - _REJECTED_SHOWN} more: --json lists all")
    _show_content(session, made.content)
    show_measures(session, measures)
    session.speech.say(f"next: `ccir notice approve {made.notice.id}`")


def _show_content(session: Session, content: ContentCheck) -> None:
    """Print what the text lacks of what the law requires; where it lacks nothing, say so."""
    if content.rules:
        errors = sum(each.lack.severity == "error" for each in content.lacks)
        missing = f"{errors} missing" if errors else "nothing required is missing"
        session.speech.say(f"required content ({', '.join(content.rules)}): {missing}")
    for each in content.lacks:
        lack = each.lack
        session.speech.say(
            f"  {lack.severity}, {each.language}: {lack.message} ({each.rule}: {lack.citation})"
        )
    if content.first:
        session.speech.say(
            f"no later than this notice, others must be told: {', '.join(content.first)}"
        )


def say_version(session: Session, version: VersionRecord) -> None:
    """Print a version in one line."""
    session.speech.say(
        f"version {version.version}, digest {version.digest[:DIGEST_SHOWN]}…: "
        f"{version.recipients} recipients through {version.channel}, by {version.author}"
    )


def show_sending(session: Session, notice: str, sending: Sending) -> None:
    """Print how a sending ended."""
    from ccir.engine.notice_sending import outcome_in_words

    report = sending.report
    if session.speech.result(
        {
            "run": session.run_id,
            "notice": notice,
            "version": sending.version.version,
            "digest": sending.version.digest,
            "ended": "complete" if report is None else report.ended,
            "counts": sending.counts,
            "detail": "" if report is None else report.detail,
        }
    ):
        return
    words = outcome_in_words(sending)
    prefix = "nothing is left to send" if report is None else f"sending {report.ended}"
    session.speech.say(f"{notice} version {sending.version.version}: {prefix}: {words}")
    if report is not None and report.hint:
        session.speech.say(f"hint: {report.hint}")
    if not sending.is_flawless:
        session.speech.say(f"`ccir notice status {notice}` lists who was refused or is in doubt")


def _named(session: Session, person: str) -> str:
    entry = session.workspace.settings.people.get(person)
    if entry is None:
        return person
    return f"{entry.name} (simulated)" if entry.simulated else entry.name
