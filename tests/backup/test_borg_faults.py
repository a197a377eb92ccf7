from __future__ import annotations

from typing import get_args

import pytest

from ccir.backup.borg_faults import FAULTS
from ccir.backup.interface import Reason

# An index is made of the data again; whether a server keeps what is deleted cannot be tried.
_NOT_BORGS = {"", "index-damaged", "not-append-only"}
REASONS: tuple[Reason, ...] = tuple(each for each in get_args(Reason) if each not in _NOT_BORGS)
DAMAGE = {"repository-missing", "no-snapshots"} | {
    f"{part}-damaged" for part in ("config", "key", "snapshot", "pack", "repository")
}


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_code_says_what_it_means_and_what_to_do(reason: Reason) -> None:
    found = FAULTS.of(reason)
    assert found.reason == reason
    assert found.detail
    assert found.hint


@pytest.mark.parametrize("reason", REASONS)
def test_only_what_is_wrong_with_the_backup_itself_is_a_fail(reason: Reason) -> None:
    assert FAULTS.of(reason).verdict == ("fail" if reason in DAMAGE else "error")
