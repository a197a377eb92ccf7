from __future__ import annotations

from typing import get_args

import pytest

from ccir.backup.interface import Reason
from ccir.backup.restic_faults import fault, outcome_of

REASONS: tuple[Reason, ...] = tuple(reason for reason in get_args(Reason) if reason)
DAMAGE = {"repository-missing", "no-snapshots", "not-append-only"} | {
    f"{part}-damaged" for part in ("config", "key", "index", "snapshot", "pack", "repository")
}


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_code_says_what_it_means_and_what_to_do(reason: Reason) -> None:
    found = fault(reason)
    assert found.reason == reason
    assert found.detail
    assert found.hint


@pytest.mark.parametrize("reason", REASONS)
def test_only_what_is_wrong_with_the_backup_itself_is_a_fail(reason: Reason) -> None:
    assert fault(reason).verdict == ("fail" if reason in DAMAGE else "error")


def test_the_line_that_speaks_for_a_fault_ends_its_detail() -> None:
    found = fault("locked")
    assert outcome_of(found, line=" by PID 7 \n").detail == f"{found.detail}: by PID 7"
    assert outcome_of(found, line=" \n").detail == found.detail
