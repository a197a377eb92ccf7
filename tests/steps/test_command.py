from __future__ import annotations

import msgspec
import pytest

from ccir.domain.events import CommandRan, FactValue
from ccir.domain.run import FactEntry, Run
from ccir.errors import RefusedError
from ccir.steps.command import MEMBER, OUTPUT_LIMIT, CommandArguments
from ccir.steps.interface import Ran, StepOutcome
from support import runs
from support.steps import HandKit, StepBench, step

ARGUMENTS: dict[str, object] = {"argv": ["fence", "--host", {"fact": "host", "as": "host"}]}


@pytest.fixture
def member() -> StepBench:
    return StepBench("command", {"argv": ["true"], "timeout": "5m"}, {"argv": []})


def knowing(value: FactValue, *, withdrawn: bool = False) -> Run:
    """A run in which the fact `host` has that value."""
    entry = FactEntry(
        seq=2, value=value, source="desk", at=runs.START, by="alex", withdrawn=withdrawn
    )
    return msgspec.structs.replace(runs.given(), facts={"host": (entry,)})


def performed(kit: HandKit, arguments: dict[str, object]) -> StepOutcome:
    return MEMBER.perform(step("command", arguments), kit)


def test_a_program_runs_after_somebody_agreed_and_its_output_is_sealed() -> None:
    kit = HandKit(knowing("db-1.centre.example"))
    kit.ran = Ran(ended="exited", exit_code=0, seconds=1.5, output="fenced\n")
    outcome = performed(kit, ARGUMENTS)
    argv = ("fence", "--host", "db-1.centre.example")
    assert kit.asked == [
        ("confirm", "run fence --host db-1.centre.example?"),
        ("run_program", argv, 600.0),
        ("seal", "fenced\n"),
    ]
    event = CommandRan(
        step="the-step",
        program="fence",
        ended="exited",
        exit_code=0,
        seconds=1.5,
        output=runs.sealed("fenced\n"),
    )
    assert outcome == StepOutcome(events=(event,), detail="fenced\n")


def test_nothing_runs_where_nobody_agreed() -> None:
    kit = HandKit(error=RefusedError("no", hint="say yes"))
    with pytest.raises(RefusedError, match="no"):
        performed(kit, {"argv": ["rm", "-r", "x"]})
    assert kit.asked == [("confirm", "run rm -r x?")]


@pytest.mark.parametrize(
    ("ran", "reason", "exit_status"),
    [
        (Ran(ended="exited", exit_code=2, seconds=0.1, output="bad"), "command-failed", 1),
        (
            Ran(ended="timed-out", exit_code=None, seconds=600, output="half"),
            "command-timed-out",
            3,
        ),
        (Ran(ended="exited", exit_code=None, seconds=1, output="?"), "command-failed", 1),
    ],
)
def test_only_a_zero_is_a_success(ran: Ran, reason: str, *, exit_status: int) -> None:
    kit = HandKit()
    kit.ran = ran
    outcome = performed(kit, {"argv": ["check"]})
    assert (outcome.reason, outcome.exit_status) == (reason, exit_status)
    assert outcome.detail == ran.output
    assert "`ccir step run the-step`" in outcome.hint
    assert len(outcome.events) == 1, "the failure is an event too"


def test_a_silent_failure_is_put_in_words_and_nothing_is_sealed() -> None:
    kit = HandKit()
    kit.ran = Ran(ended="killed", exit_code=-9, seconds=1, output="")
    outcome = performed(kit, {"argv": ["check"]})
    assert outcome.detail == "check ended: killed, exit code -9"
    assert [words[0] for words in kit.asked] == ["confirm", "run_program"]


def test_output_is_kept_up_to_its_bound() -> None:
    kit = HandKit()
    kit.ran = Ran(ended="exited", exit_code=0, seconds=1, output="x" * (OUTPUT_LIMIT + 1))
    assert len(performed(kit, {"argv": ["yes"]}).detail) == OUTPUT_LIMIT


@pytest.mark.parametrize(
    ("timeout", "seconds"), [("90m", 5_400.0), ("5min", 300.0), ("2h", 7_200.0)]
)
def test_a_timeout_is_read_as_it_is_written(timeout: str, seconds: float) -> None:
    kit = HandKit()
    performed(kit, {"argv": ["check"], "timeout": timeout})
    assert kit.asked[1] == ("run_program", ("check",), seconds)


@pytest.mark.parametrize("timeout", ["0m", "2d", "10", "-1m", "10m\n", "\u0661m"])
def test_a_timeout_that_is_none_is_refused(timeout: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"argv": ["check"], "timeout": timeout}, CommandArguments)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("host", "db-1.centre.example"),
        ("host", "a"),
        ("ip", "192.0.2.1"),
        ("ip", "2001:db8::1"),
        ("id", "agent_7@centre"),
        ("id", 4711),
    ],
)
def test_a_fact_of_the_pattern_stands_in_the_command(pattern: str, value: FactValue) -> None:
    kit = HandKit(knowing(value))
    performed(kit, {"argv": ["lock", {"fact": "host", "as": pattern}]})
    assert kit.asked[1][1] == ("lock", str(value))


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("host", "-rf"),
        ("host", "a b"),
        ("host", "a;b"),
        ("host", "a\n"),
        ("host", "a-"),
        ("host", "x" * 254),
        ("host", ""),
        ("id", "--all"),
        ("id", "a/../b"),
        ("id", "$(id)"),
        ("id", "a\n"),
        ("ip", "192.0.2"),
        ("ip", "192.0.2.1 -x"),
        ("ip", "-1"),
        ("id", ["a", "b"]),
    ],
)
def test_no_fact_becomes_an_option_or_a_second_word(pattern: str, value: FactValue) -> None:
    kit = HandKit(knowing(value))
    with pytest.raises(RefusedError, match=f"the fact 'host' is no {pattern}"):
        performed(kit, {"argv": ["lock", {"fact": "host", "as": pattern}]})
    assert kit.asked == [], "nobody was asked, nothing ran"


@pytest.mark.parametrize("run", [runs.given(), knowing("db-1", withdrawn=True)])
def test_a_missing_fact_is_asked_for(run: Run) -> None:
    kit = HandKit(run)
    with pytest.raises(RefusedError, match="the command needs the fact 'host'") as caught:
        performed(kit, ARGUMENTS)
    assert caught.value.hint == "`ccir fact set host=…`"
    assert kit.asked == []
