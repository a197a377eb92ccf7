"""Which approvals of a notice's version count, and how many are missing."""

from __future__ import annotations

import datetime as dt

from ccir.domain.moments import zone_of
from ccir.domain.periods import add, parse_period
from ccir.domain.playbook import Notice
from ccir.domain.run import Approval, Run, VersionRecord

_TO_CUSTOMERS = "customers"


def valid_approvals(
    run: Run, notice: Notice, version: VersionRecord, *, now: dt.datetime
) -> tuple[Approval, ...]:
    """Return the approvals that are not too old to count."""
    period = parse_period(notice.approvals.valid_for or "")
    if period is None:
        return version.approvals
    zone = zone_of(run.zone)
    return tuple(given for given in version.approvals if now <= add(period, to=given.at, zone=zone))


def approvals_missing(run: Run, notice: Notice, version: VersionRecord, *, now: dt.datetime) -> int:
    """Return how many more approvals the version needs.

    A person counts once. Her own approval alone lets no author's notice to customers out.
    """
    people = {given.by for given in valid_approvals(run, notice, version, now=now)}
    missing = max(notice.approvals.count - len(people), 0)
    is_authors_alone = notice.audience == _TO_CUSTOMERS and people <= {version.author}
    return max(missing, 1) if is_authors_alone else missing


def is_one_account(version: VersionRecord) -> bool:
    """Return whether several approvals came through one operating-system account."""
    accounts = {approval.account for approval in version.approvals}
    return len(version.approvals) > 1 and len(accounts) == 1
