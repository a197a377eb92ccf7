"""The `command` step: runs one program, without a shell, after a person agreed.

A fact may stand in its words only as a whole word of a typed pattern, so that no fact's
value can become an option or a second command.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ccir.domain.events import CommandRan
from ccir.domain.facts import written
from ccir.domain.periods import parse_period
from ccir.domain.playbook import FactName, Step, Text
from ccir.domain.run import Run
from ccir.errors import RefusedError
from ccir.steps.interface import Kit, StepOutcome

OUTPUT_LIMIT = 64 * 1024
SECONDS_OF = {"minutes": 60.0, "hours": 3600.0}
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:@-]{0,127}")


class FactWord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A word of the command that is a fact's value, of the pattern that `as` names."""

    fact: FactName
    pattern: Literal["host", "ip", "id"] = msgspec.field(name="as")


class CommandArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A program with its words, and how long it may run."""

    argv: Annotated[tuple[Text | FactWord, ...], Meta(min_length=1)]
    timeout: Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,3}(m|min|h)$(?!\n)")] = "10m"


class Command:
    """A program's run, its exit code and its output kept as evidence."""

    arguments = CommandArguments

    def perform(self, step: Step, kit: Kit) -> StepOutcome:
        """Ask, run the program, and fail the step unless it exits with 0."""
        arguments = msgspec.convert(step.arguments, CommandArguments)
        if not isinstance(arguments.argv[0], str):
            raise RefusedError(
                f"the program of step '{step.id}' would be a fact's value",
                hint="name the program itself in the playbook; facts may be its arguments",
            )
        argv = tuple(_word(kit.run, word) for word in arguments.argv)
        kit.confirm(f"run {' '.join(argv)}?")
        ran = kit.run_program(argv, timeout_seconds=_seconds(arguments.timeout))
        output = ran.output[:OUTPUT_LIMIT]
        event = CommandRan(
            step=step.id,
            program=argv[0],
            ended=ran.ended,
            exit_code=ran.exit_code,
            seconds=ran.seconds,
            output=kit.seal(output) if output else None,
        )
        if ran.ended == "exited" and ran.exit_code == 0:
            return StepOutcome(events=(event,), detail=output)
        return StepOutcome(
            events=(event,),
            reason="command-failed" if ran.ended == "exited" else f"command-{ran.ended}",
            detail=output or f"{argv[0]} ended: {ran.ended}, exit code {ran.exit_code}",
            hint=f"read its output (`ccir log`), then `ccir step run {step.id}` again",
            exit_status=1 if ran.ended == "exited" else 3,
        )


def _seconds(text: str) -> float:
    period = parse_period(text)
    return 0.0 if period is None else period.amount * SECONDS_OF[period.unit]


def _word(run: Run, word: str | FactWord) -> str:
    if isinstance(word, str):
        return word
    entry = run.fact(word.fact)
    if entry is None:
        raise RefusedError(
            f"the command needs the fact '{word.fact}'", hint=f"`ccir fact set {word.fact}=…`"
        )
    value = written(entry.value)
    if not _fits(value, word.pattern):
        raise RefusedError(
            f"the fact '{word.fact}' is no {word.pattern}, so it cannot stand in a command",
            hint=f"`ccir fact set {word.fact}=…` with a plain {word.pattern}",
        )
    return value


def _fits(value: str, pattern: Literal["host", "ip", "id"]) -> bool:
    match pattern:
        case "host":
            return _HOST.fullmatch(value) is not None
        case "id":
            return _ID.fullmatch(value) is not None
        case "ip":
            return _is_ip(value)


def _is_ip(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


MEMBER = Command()
