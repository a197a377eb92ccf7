from __future__ import annotations

from typing import get_args

import pytest

from ccir.backup.borg_faults import Sighting, fault, outcome_of
from ccir.backup.interface import Reason

# An index is made of the data again; whether a server keeps what is deleted cannot be tried.
_NOT_BORGS = {"", "index-damaged", "not-append-only"}
REASONS: tuple[Reason, ...] = tuple(each for each in get_args(Reason) if each not in _NOT_BORGS)
DAMAGE = {"repository-missing", "no-snapshots"} | {
    f"{part}-damaged" for part in ("config", "key", "snapshot", "pack", "repository")
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


def test_the_words_that_speak_for_a_fault_end_its_detail() -> None:
    usual = fault("locked").detail
    assert outcome_of(Sighting(reason="locked", line=" by 7 \n")).detail == f"{usual}: by 7"
    assert outcome_of(Sighting(reason="locked", line=" \n")).detail == usual
