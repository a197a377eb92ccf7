from __future__ import annotations

from ccir.backup.fault_interface import Fault, Faults, Sighting, damage, trouble
from ccir.backup.interface import Outcome
from ccir.errors import UnavailableError

LOCKED = trouble("locked", "another program holds the lock", "wait for it")
TORN = damage("pack-damaged", "data is gone")
FAULTS = Faults((LOCKED, TORN))


def test_damage_is_a_fail_and_trouble_no_verdict() -> None:
    assert (TORN.verdict, LOCKED.verdict) == ("fail", "error")
    assert "change nothing in this repository" in TORN.hint
    assert FAULTS.of("locked") == LOCKED
    assert isinstance(FAULTS.of("pack-damaged"), Fault)


def test_the_words_that_speak_for_a_fault_end_its_detail() -> None:
    told = FAULTS.outcome(Sighting(reason="locked", line=" by PID 7 \n"))
    assert told.detail == "another program holds the lock: by PID 7"
    assert FAULTS.outcome(Sighting(reason="locked", line=" \n")).detail == LOCKED.detail


def test_another_reason_can_replace_a_pass_and_keeps_how_the_tool_ended() -> None:
    passed = Outcome(verdict="pass", exit_code=0, seconds=2.0, output="text")
    outcome = FAULTS.instead(passed, "pack-damaged")
    assert (outcome.verdict, outcome.reason, outcome.detail) == (
        "fail",
        "pack-damaged",
        TORN.detail,
    )
    assert (outcome.exit_code, outcome.seconds, outcome.output) == (0, 2.0, "text")


def test_a_tool_that_cannot_be_started_is_told_in_its_own_words() -> None:
    outcome = FAULTS.refused("locked", UnavailableError("no such program", hint="install it"))
    assert (outcome.verdict, outcome.detail, outcome.hint) == (
        "error",
        "no such program",
        "install it",
    )
