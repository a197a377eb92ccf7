"""Asks a person for facts, one question after the other."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from ccir.cli.session import Session
from ccir.cli.words import remaining
from ccir.domain.cards import has_card_number
from ccir.errors import CcirError, RefusedError

if TYPE_CHECKING:
    from ccir.engine.fact_asking import Question

_TRIES = 3
_RULES_SHOWN = 4
_FORMS = {
    "moment": "now, 14:05, 2026-11-24 or 2026-11-24T14:05+01:00",
    "number": "a whole number",
    "boolean": "yes or no",
    "list": "words with commas between them, such as DE,US-CA",
}


def show_questions(session: Session, found: Sequence[Question]) -> None:
    """Print what is missing, the most urgent first."""
    session.speech.table(
        ("if it applies, due", "what to find out"),
        [
            (
                remaining(each.due, session.now),
                f"{each.name}: {each.question}\n  needed by {_needed_by(each)}",
            )
            for each in found
        ],
    )
    session.speech.say(f"{len(found)} facts are missing: `ccir fact ask` asks for them in turn")


def ask_for(session: Session, found: Sequence[Question], *, source: str) -> None:
    """Ask for each fact in turn and record each answer at once."""
    recorded = 0
    for number, question in enumerate(found, start=1):
        _say(f"[{number}/{len(found)}] {question.question}")
        _say(f"  {question.name}: {_FORMS.get(question.kind, 'a text')}; empty for later, q to end")
        answered = _asked(session, question, source=source)
        if answered is None:
            break
        recorded += answered
    _say(f"{recorded} facts recorded: `ccir clocks` shows what follows from them")


def _asked(session: Session, question: Question, *, source: str) -> bool | None:
    """Return whether an answer was recorded; None where the person wants to end."""
    for _ in range(_TRIES):
        answer = _read(question)
        if not answer:
            return None if answer is None else False
        try:
            if _recorded(session, question, answer, source=source):
                return True
        except CcirError as error:
            _say(f"  {error.message}: {error.hint}")
    return False


def _recorded(session: Session, question: Question, answer: str, *, source: str) -> bool:
    """Record the answer; one that takes a reason is recorded once there is one."""
    from ccir.engine.fact_setting import FactOrder, state_facts

    order = FactOrder(
        facts=((question.name, answer),), by=session.person, source=source, at=session.at
    )
    try:
        state_facts(session.workspace, session.run_id, order)
    except RefusedError as error:
        if has_card_number(answer):
            raise  # no reason lets one in
        _say(f"  {error.message}; why?")
        reason = _read(question)
        if not reason:
            return False
        reasoned = msgspec.structs.replace(order, reason=reason)
        state_facts(session.workspace, session.run_id, reasoned)
    return True


def _read(question: Question) -> str | None:
    """Return the answer; None where the person wants to end."""
    while True:
        print("> ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line or line.strip().lower() in {"q", "quit"}:
            return None
        if line.strip() != "?":
            return line.strip()
        _say(f"  needed by {', '.join(question.rules)}")


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _needed_by(question: Question) -> str:
    more = len(question.rules) - _RULES_SHOWN
    shown = ", ".join(question.rules[:_RULES_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown
