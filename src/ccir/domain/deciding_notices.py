"""What a command about a notice leads to.

Approval (who counts, how many, bound to what):
1. An approval is of one version by its digest; a newer version has none.
2. It counts for a person who holds one of the roles that the playbook names.
3. A person counts once; with `one_account_counts_once` so does an operating-system account.
4. Where two or more are asked for, the author cannot be the only one.
5. A version goes out when its count is reached and the step it comes after is settled.
"""

from __future__ import annotations

import datetime as dt
from difflib import get_close_matches

from ccir.domain import commands as c
from ccir.domain import events as e
from ccir.domain.board import view_of
from ccir.domain.playbook import Notice
from ccir.domain.run import Run, VersionRecord
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


def approvals_missing(notice: Notice, version: VersionRecord) -> int:
    """Return how many more approvals the version needs (rules 3 and 4)."""
    # Two different people are never the author alone, so rule 4 follows from rule 3.
    people = {approval.by for approval in version.approvals}
    return max(notice.approvals.count - len(people), 0)


def is_one_account(version: VersionRecord) -> bool:
    """Return whether several approvals came through one operating-system account."""
    accounts = {approval.account for approval in version.approvals}
    return len(version.approvals) > 1 and len(accounts) == 1


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
        )
    ]


def approve(run: Run, command: c.ApproveNotice) -> list[e.AnyEvent]:
    """Return the event of an approval that counts (rules 1 to 3)."""
    notice = existing_notice(run, command.notice)
    version = latest_version(run, command.notice)
    if command.version is not None and command.version != version.version:
        raise RefusedError(
            f"version {command.version} of '{notice.id}' is not the newest",
            hint=f"look at version {version.version} and approve that",
        )
    _refuse_second_approval(version, command)
    role = _approving_role(notice, command)
    return [
        e.NoticeApproved(
            notice=notice.id, version=version.version, digest=version.digest, role=role
        )
    ]


def begin_sending(run: Run, command: c.BeginSending, now: dt.datetime) -> list[e.AnyEvent]:
    """Return the event that lets the approved version out (rule 5)."""
    notice = existing_notice(run, command.notice)
    version = latest_version(run, command.notice)
    missing = approvals_missing(notice, version)
    if missing:
        who = f" by {' or '.join(notice.approvals.roles)}" if notice.approvals.roles else ""
        raise RefusedError(
            f"version {version.version} of '{notice.id}' lacks {missing} of "
            f"{notice.approvals.count} approvals{who}",
            hint=f"`ccir notice approve {notice.id} --as PERSON`",
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


def _refuse_second_approval(version: VersionRecord, command: c.ApproveNotice) -> None:
    for given in version.approvals:
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


def _approving_role(notice: Notice, command: c.ApproveNotice) -> str:
    if not notice.approvals.roles:
        return ""
    for role in notice.approvals.roles:
        if role in command.roles:
            return role
    raise RefusedError(
        f"{command.by} holds none of the roles that may approve '{notice.id}'",
        hint=f"it takes {' or '.join(notice.approvals.roles)}",
    )


def _refuse_too_early(run: Run, notice: Notice, now: dt.datetime) -> None:
    view = None if notice.after is None else view_of(run, now, notice.after)
    if view is not None and not view.is_settled:
        raise RefusedError(
            f"notice '{notice.id}' goes out after step '{view.step.id}', which is {view.state}",
            hint=f"`ccir step show {view.step.id}`",
        )
