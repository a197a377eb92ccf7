"""The contract of every step kind; `member` is a `StepBench` of `support.steps`."""

from __future__ import annotations

import re
from typing import cast

import msgspec
import pytest

from ccir import registry
from ccir.errors import CcirError, RefusedError, UnavailableError
from ccir.steps.interface import StepKind, StepOutcome
from support.steps import HandKit, StepBench, step


@pytest.fixture
def kind(member: StepBench) -> StepKind:
    return cast("StepKind", registry.member("steps", member.kind))


def performed(kind: StepKind, member: StepBench, kit: HandKit) -> StepOutcome | RefusedError:
    """What the step comes to; a refusal is an answer like any other."""
    try:
        return kind.perform(step(member.kind, member.arguments), kit)
    except RefusedError as error:
        return error


def test_its_arguments_cannot_be_changed_and_are_written_by_name(kind: StepKind) -> None:
    assert kind.arguments.__struct_config__.frozen
    assert kind.arguments.__struct_config__.forbid_unknown_fields
    assert all(field.name for field in msgspec.structs.fields(kind.arguments))


def test_its_arguments_are_taken_and_wrong_ones_refused(kind: StepKind, member: StepBench) -> None:
    taken = msgspec.convert(member.arguments, kind.arguments)
    assert isinstance(taken, kind.arguments)
    for wrong in (member.wrong, {**member.arguments, "nosuch": 1}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(wrong, kind.arguments)


def test_the_same_answers_lead_to_the_same_outcome(kind: StepKind, member: StepBench) -> None:
    first, second = (performed(kind, member, HandKit()) for _ in range(2))
    assert str(first) == str(second)


def test_what_it_comes_to_is_a_whole_answer(kind: StepKind, member: StepBench) -> None:
    outcome = performed(kind, member, HandKit())
    if isinstance(outcome, RefusedError):
        assert outcome.hint
        return
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", outcome.reason)
    assert not (outcome.pending and (outcome.reason or outcome.events))
    assert {getattr(event, "step", None) for event in outcome.events} <= {"the-step"}
    assert outcome.reason or outcome.exit_status == 0, "all answers were good"


def test_trouble_outside_ends_its_work_and_is_told_as_it_is(
    kind: StepKind, member: StepBench
) -> None:
    trouble = UnavailableError("nobody there", hint="come back")
    kit = HandKit(error=trouble)
    told: CcirError | None = None
    try:
        kind.perform(step(member.kind, member.arguments), kit)
    except CcirError as error:
        told = error
    assert len(kit.asked) <= 1, "after the first trouble nothing more is asked for"
    assert (told is trouble) == (len(kit.asked) == 1)
