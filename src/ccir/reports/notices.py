"""What a run's log and ledger say of one notice."""

from __future__ import annotations

import msgspec

from ccir.domain.notices import Counts
from ccir.domain.playbook import Notice
from ccir.domain.run import Approval, Run
from ccir.reports.timeline import Teller

ONE_ACCOUNT = "asserted, one account"


class NoticeReport(msgspec.Struct, frozen=True, kw_only=True):
    """A notice with its newest version, who approved that, and how its recipients stand.

    `asserted` says that its approvals came through one operating-system account, so that they
    show the people's word and not their accounts.
    """

    notice: str
    title: str
    audience: str
    version: int
    digest: str
    channel: str
    author: str
    state: str
    approvals: tuple[str, ...]
    asserted: str
    counts: Counts
    left_out: str


def notice_report(
    run: Run, notice: Notice, *, teller: Teller, counts: Counts, is_one_account: bool
) -> NoticeReport:
    """Return what became of the notice."""
    version = run.latest(notice.id)
    if version is None:
        return NoticeReport(
            notice=notice.id,
            title=notice.title,
            audience=notice.audience,
            version=0,
            digest="",
            channel="",
            author="",
            state="never previewed",
            approvals=(),
            asserted="",
            counts=Counts(),
            left_out="",
        )
    left_out = {
        "rejected": version.rejected,
        "duplicates": version.duplicates,
        "told before": version.already_told,
    }
    return NoticeReport(
        notice=notice.id,
        title=notice.title,
        audience=notice.audience,
        version=version.version,
        digest=version.digest,
        channel=version.channel,
        author=teller.name(version.author),
        state={"idle": "not sent", "partial": "partly sent"}.get(version.sending, version.sending),
        approvals=tuple(_approval(given, teller) for given in version.approvals),
        asserted=ONE_ACCOUNT if is_one_account else "",
        counts=counts,
        left_out=", ".join(f"{count} {name}" for name, count in left_out.items() if count),
    )


def _approval(given: Approval, teller: Teller) -> str:
    role = f" as {given.role}" if given.role else ""
    return f"{teller.name(given.by)}{role}, account {given.account}, {teller.at(given.at)}"
