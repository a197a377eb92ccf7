"""What the screen says of a notice: its versions, its approvals, how its recipients stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccir.cli.measure_pages import show_measures
from ccir.cli.session import Session
from ccir.cli.words import moment
from ccir.domain.deciding_notices import existing_notice
from ccir.domain.notice_approvals import approvals_missing, is_one_account
from ccir.domain.notices import masked
from ccir.domain.views import notice_view
from ccir.domain.wording import tally
from ccir.engine.notice_rows import DIGEST_SHOWN

if TYPE_CHECKING:
    from ccir.catalog.rendering import RenderedText
    from ccir.delivery.recipients import Totals
    from ccir.domain.run import Run, VersionRecord
    from ccir.engine.notice_content import ContentCheck
    from ccir.engine.notice_measures import NoticeMeasures
    from ccir.engine.notice_sending import Sending
    from ccir.engine.notice_versions import Previewed

ONE_ACCOUNT = "asserted, one account"
_REJECTED_SHOWN = 10
_OF_VERSION = (
    "version",
    "digest",
    "channel",
    "approvals_missing",
    "denied_by",
    "halt",
    "per_second",
    "not_before",
)
_ROWS_SHOWN = 20


def show_status(session: Session, run: Run, name: str) -> None:
    """Show a notice's newest version, its approvals and its recipients."""
    from ccir.engine.notice_rows import next_try_of
    from ccir.engine.status import counts_of

    notice = existing_notice(run, name)
    view = notice_view(run, notice, session.now)
    version = run.latest(name)
    counts = counts_of(session.workspace, run, name)
    next_try = None if version is None else next_try_of(session.workspace, run, version)
    if session.speech.result(
        {
            "notice": name,
            "state": view.state,
            "approvals": () if version is None else version.approvals,
            "counts": counts,
            "next_try": next_try,
            **_of_version(session, run, version),
        }
    ):
        return
    session.speech.say(f"{name} is {view.state}: {notice.title}")
    if version is None:
        session.speech.say(f"next: `ccir notice preview {name} --recipients FILE.csv`")
        return
    say_version(session, version)
    zone = run.zone
    _say_bounds(session, version, zone=zone)
    _say_ends(session, run, version)
    _say_approvals(session, run, version)
    session.speech.say(f"recipients: {tally(counts)}")
    if next_try is not None:
        session.speech.say(f"the first of those put off may go at {moment(next_try, zone)}")
    _show_troubled(session, run, version)


def _say_approvals(session: Session, run: Run, version: VersionRecord) -> None:
    notice = existing_notice(run, version.notice)
    for given in version.approvals:
        who = _named(session, given.by)
        session.speech.say(
            f"approved by {who} as {given.role or 'anybody'}, account {given.account}, "
            f"{moment(given.at, run.zone)}"
        )
    if is_one_account(version):
        session.speech.say(f"approvals: {ONE_ACCOUNT}")
    missing = approvals_missing(run, notice, version, now=session.now)
    if missing:
        session.speech.say(f"{missing} of {notice.approvals.count} approvals are missing")


def _of_version(session: Session, run: Run, version: VersionRecord | None) -> dict[str, object]:
    """Return what a program is told of a version; everything is null where there is none."""
    if version is None:
        return dict.fromkeys(_OF_VERSION) | {"asserted": False}
    notice = existing_notice(run, version.notice)
    told = (
        version.version,
        version.digest,
        version.channel,
        approvals_missing(run, notice, version, now=session.now),
        None if version.denial is None else version.denial.by,
        version.halt or None,
        version.per_second,
        version.not_before,
        is_one_account(version),
    )
    return dict(zip((*_OF_VERSION, "asserted"), told, strict=True))


def _say_bounds(session: Session, version: VersionRecord, *, zone: str) -> None:
    if version.per_second is not None:
        session.speech.say(f"at most {version.per_second:g} messages a second")
    if version.not_before is not None:
        session.speech.say(f"not before {moment(version.not_before, zone)}")


def _say_ends(session: Session, run: Run, version: VersionRecord) -> None:
    """Tell who refused the version or halted its sending, when, and why."""
    people = session.workspace.stores.people
    denial, halted = version.denial, version.halted
    if denial is not None:
        why = people.unseal(denial.reason) or "erased"
        who, at = _named(session, denial.by), moment(denial.at, run.zone)
        session.speech.say(f"refused by {who} as {denial.role or 'anybody'}, {at}: {why}")
    if halted is not None:
        why = people.unseal(halted.reason) or "erased"
        who, at = _named(session, halted.by), moment(halted.at, run.zone)
        session.speech.say(f"{halted.halt} by {who}, {at}: {why}")


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
        if rendered.sms:
            session.speech.say(f"── {language}, as SMS ──", "", rendered.sms, "")


def show_version(session: Session, made: Previewed, measures: NoticeMeasures) -> None:
    """Print what a preview stored, which rows were left out, and how the text reads."""
    say_version(session, made.version)
    version = made.version
    languages = ", ".join(f"{count} {name}" for name, count in version.languages.items())
    session.speech.say(f"languages: {languages}")
    _show_left_out(session, made)
    _show_content(session, made.content)
    show_measures(session, measures)
    session.speech.say(f"next: `ccir notice approve {made.notice.id}`")


def _show_left_out(session: Session, made: Previewed) -> None:
    """Print how many rows are not told and why, and what a person should look at."""
    version, totals = made.version, made.totals
    left_out = {
        "rejected": version.rejected,
        "duplicates": version.duplicates,
        "told already": version.already_told,
        "opted out or excluded": 0 if totals is None else totals.left_out,
        "no longer written to": 0 if totals is None else totals.suppressed,
    }
    shown = ", ".join(f"{count} {name}" for name, count in left_out.items() if count)
    if shown:
        session.speech.say(f"left out: {shown}")
    for rejected in made.rejected[:_REJECTED_SHOWN]:
        session.speech.say(f"  row {rejected.row}: {rejected.reason}")
    if version.rejected > _REJECTED_SHOWN:
        more = version.rejected - _REJECTED_SHOWN
        session.speech.say(f"  … and {more} more: --rejects FILE.csv writes all")
    if totals is not None:
        _show_doubts(session, made, totals)


def _show_doubts(session: Session, made: Previewed, totals: Totals) -> None:
    if totals.queued:
        waiting = ", ".join(f"{count} {reason}" for reason, count in totals.queued.items())
        session.speech.say(
            f"waiting for a decision: {waiting}: `ccir notice recipients {made.notice.id} --queue`"
        )
    if totals.variants:
        pairs = ", ".join(f"{each.row} and {each.of}" for each in made.variants[:_REJECTED_SHOWN])
        session.speech.say(
            f"{totals.variants} rows look like another spelling of an earlier row's mailbox, and "
            f"are told too: {pairs}"
        )
    if totals.odd_phones:
        session.speech.say(f"{totals.odd_phones} phone numbers are none, and stay as they are")
    if made.query is not None:
        session.speech.say(
            f"query {made.query.sha256[:DIGEST_SHOWN]}… answered with {made.query.rows} rows"
        )


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
