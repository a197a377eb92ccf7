"""What a command about a notice leads to.

Approval (who counts, how many, bound to what):
1. An approval is of one version by its digest; a newer version has none.
2. It counts for a person who holds one of the roles that the playbook names.
3. A person counts once; with `one_account_counts_once` so does an operating-system account.
4. Where two or more are asked for, and for whatever goes to customers, the author cannot be the
   only one.
5. An approval counts as long as the playbook says.
6. A version that somebody in such a role has refused never goes out, nor one that was stopped.
7. A version goes out when its count is reached, its time has come, and the step it comes after
   is settled.
"""

from __future__ import annotations

import datetime as dt
from difflib import get_close_matches

from ccir.domain import commands as c
from ccir.domain import events as e
from ccir.domain.board import view_of
from ccir.domain.moments import shown, zone_of
from ccir.domain.notice_approvals import approvals_missing, valid_approvals
from ccir.domain.playbook import Notice
from ccir.domain.run import Approval, Run, VersionRecord
from ccir.errors import NotFoundError, RefusedError


def existing_notice(run: Run, name: str) -> Notice:
    """Return the notice of that id.

    Raises:
        NotFoundError: the playbook has no such notice.
    """
    notice = run.playbook.notice(name)
    if notice is None:
        known = [each.id for each in run.playbook.notices]
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"its notices: {', '.join(known)}"
        raise NotFoundError(f"playbook '{run.playbook.id}' has no notice '{name}'", hint=hint)
    return notice


def latest_version(run: Run, name: str) -> VersionRecord:
    """Return the notice's newest version.

    Raises:
        NotFoundError: the playbook has no such notice.
        RefusedError: it was never previewed.
    """
    existing_notice(run, name)
    version = run.latest(name)
    if version is None:
        raise RefusedError(
            f"notice '{name}' has no version yet",
            hint=f"`ccir notice preview {name} --recipients FILE.csv`",
        )
    return version


def store_version(run: Run, command: c.StoreVersion) -> list[e.AnyEvent]:
    """Return the event that stores a preview as the notice's next version."""
    existing_notice(run, command.notice)
    latest = run.latest(command.notice)
    if latest is not None and latest.sending == "sending":
        raise RefusedError(
            f"version {latest.version} of '{command.notice}' is being sent",
            hint="let it end (`ccir notice send` resumes it) before making a new version",
        )
    return [
        e.NoticePreviewed(
            notice=command.notice,
            version=1 if latest is None else latest.version + 1,
            digest=command.digest,
            text=command.text,
            channel=command.channel,
            list=command.list,
            recipients=command.recipients,
            rejected=command.rejected,
            duplicates=command.duplicates,
            already_told=command.already_told,
            languages=command.languages,
            per_second=command.per_second,
            not_before=command.not_before,
        )
    ]


def approve(run: Run, command: c.ApproveNotice, now: dt.datetime) -> list[e.AnyEvent]:
    """Return the event of an approval that counts (rules 1 to 3)."""
    notice = existing_notice(run, command.notice)
    version = latest_version(run, command.notice)
    if command.version is not None and command.version != version.version:
        raise RefusedError(
            f"version {command.version} of '{notice.id}' is not the newest",
            hint=f"look at version {version.version} and approve that",
        )
    _refuse_ended(version)
    _refuse_second_approval(valid_approvals(run, notice, version, now=now), command, version)
    role = _approving_role(notice, by=command.by, roles=command.roles)
    return [
        e.NoticeApproved(
            notice=notice.id, version=version.version, digest=version.digest, role=role
        )
    ]


def deny(run: Run, command: c.DenyNotice) -> list[e.AnyEvent]:
    """Return the event of a refusal by somebody who may approve (rule 6)."""
    notice = existing_notice(run, command.notice)
    version = latest_version(run, command.notice)
    if version.sending != "idle":
        raise RefusedError(
            f"version {version.version} of '{notice.id}' began to go out already",
            hint=f"`ccir notice stop {notice.id} --reason T` stops it",
        )
    _refuse_ended(version)
    role = _approving_role(notice, by=command.by, roles=command.roles)
    return [
        e.NoticeDenied(
            notice=notice.id,
            version=version.version,
            digest=version.digest,
            role=role,
            reason=command.reason,
        )
    ]


def halt_sending(run: Run, command: c.HaltSending) -> list[e.AnyEvent]:
    """Return the event that pauses a sending or stops it."""
    version = latest_version(run, command.notice)
    _refuse_ended(version)
    if version.sending == "sent":
        raise RefusedError(
            f"version {version.version} of '{command.notice}' has gone out",
            hint="what was sent cannot be called back: preview a correction with --again",
        )
    if version.halt == command.halt:
        raise RefusedError(f"'{command.notice}' is {command.halt} already", hint="nothing to do")
    return [
        e.SendingHalted(
            notice=command.notice,
            version=version.version,
            halt=command.halt,
            reason=command.reason,
        )
    ]


def release_sending(run: Run, command: c.ReleaseSending) -> list[e.AnyEvent]:
    """Return the event that lets a paused sending go on."""
    version = latest_version(run, command.notice)
    _refuse_ended(version)
    if version.halt != "paused":
        raise RefusedError(f"'{command.notice}' is not paused", hint="nothing to do")
    return [e.SendingReleased(notice=command.notice, version=version.version)]


def begin_sending(run: Run, command: c.BeginSending, now: dt.datetime) -> list[e.AnyEvent]:
    """Return the event that lets the approved version out (rules 5 to 7)."""
    notice = existing_notice(run, command.notice)
    version = latest_version(run, command.notice)
    _refuse_ended(version)
    if version.halt == "paused":
        raise RefusedError(
            f"'{notice.id}' is paused", hint=f"`ccir notice resume {notice.id}`, then send"
        )
    missing = approvals_missing(run, notice, version, now=now)
    if missing:
        who = f" by {' or '.join(notice.approvals.roles)}" if notice.approvals.roles else ""
        raise RefusedError(
            f"version {version.version} of '{notice.id}' lacks {missing} of "
            f"{notice.approvals.count} approvals{who}",
            hint=f"`ccir notice approve {notice.id} --as PERSON`",
        )
    if version.not_before is not None and now < version.not_before:
        raise RefusedError(
            f"version {version.version} of '{notice.id}' is not to go out before "
            f"{shown(version.not_before, zone_of(run.zone))}",
            hint="wait until then, or preview it again without --not-before",
        )
    _refuse_too_early(run, notice, now)
    return [e.SendingStarted(notice=notice.id, version=version.version, planned=command.planned)]


def end_sending(run: Run, command: c.EndSending) -> list[e.AnyEvent]:
    """Return the event that says how the sending ended."""
    existing_notice(run, command.notice)
    return [
        e.SendingEnded(
            notice=command.notice,
            version=command.version,
            ended=command.ended,
            counts=command.counts,
            detail=command.detail,
        )
    ]


def _refuse_ended(version: VersionRecord) -> None:
    if version.denial is not None:
        raise RefusedError(
            f"{version.denial.by} has refused version {version.version} of '{version.notice}'",
            hint="read why with `ccir notice status`; preview a new version",
        )
    if version.halt == "stopped":
        raise RefusedError(
            f"version {version.version} of '{version.notice}' was stopped for good",
            hint="preview a new version for those who were not told",
        )


def _refuse_second_approval(
    valid: tuple[Approval, ...], command: c.ApproveNotice, version: VersionRecord
) -> None:
    for given in valid:
        if given.by == command.by:
            raise RefusedError(
                f"{command.by} has already approved version {version.version}",
                hint="another person has to",
            )
        if command.one_account_counts_once and given.account == command.account:
            raise RefusedError(
                f"an approval from the account '{given.account}' is already there",
                hint='`two_person = "accounts"` asks for another operating-system account',
            )


def _approving_role(notice: Notice, *, by: str, roles: tuple[str, ...]) -> str:
    if not notice.approvals.roles:
        return ""
    for role in notice.approvals.roles:
        if role in roles:
            return role
    raise RefusedError(
        f"{by} holds none of the roles that may approve '{notice.id}'",
        hint=f"it takes {' or '.join(notice.approvals.roles)}",
    )


def _refuse_too_early(run: Run, notice: Notice, now: dt.datetime) -> None:
    view = None if notice.after is None else view_of(run, now, notice.after)
    if view is not None and not view.is_settled:
        raise RefusedError(
            f"notice '{notice.id}' goes out after step '{view.step.id}', which is {view.state}",
            hint=f"`ccir step show {view.step.id}`",
        )
