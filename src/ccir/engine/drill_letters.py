"""What people are told of a drill: a subject and a few lines, without customers' data."""

from __future__ import annotations

import datetime as dt
import re

import msgspec

from ccir.domain.cards import without_card_numbers
from ccir.domain.drill_history import OVERDUE, Due
from ccir.domain.events import DrillFinished
from ccir.domain.moments import shown
from ccir.steps.interface import Judged

_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n")
_LONGEST = 300


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What is told: a subject line and a text."""

    subject: str
    text: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What surrounds a drill that is told of: its run, its past and the organisation's zone.

    `errors` is how many drills in a row reached no verdict, this one included.
    """

    run: str
    passed_at: dt.datetime | None
    errors: int
    zone: dt.tzinfo


def result_letter(judged: Judged[DrillFinished], told: Told) -> Letter:
    """Return what people are told once a drill has ended; a pass is the all-clear."""
    event = judged.event
    if event.verdict == "pass":
        return _letter(
            told,
            subject=f"drill {event.drill} passes again",
            verdict="pass",
            lines=(f"Drill {event.drill} of {event.target} passes again: all clear.",),
        )
    reason = f" ({event.reason})" if event.reason else ""
    times = f", {told.errors} times in a row" if told.errors > 1 else ""
    return _letter(
        told,
        subject=f"drill {event.drill} of {event.target}",
        verdict=event.verdict,
        lines=(
            f"Drill {event.drill} of {event.target}: {event.verdict}{reason}{times}",
            first_sentence(judged.detail),
            _advice(judged.hint),
            _passed(told),
        ),
    )


def stale_letter(due: Due, told: Told, *, target: str) -> Letter:
    """Return what people are told of a drill that is played now and should have been before."""
    if due.reason == OVERDUE and due.first_missed_at is not None:
        since = shown(due.first_missed_at, told.zone)
        what = f"{due.missed} of its slots (every {due.every}) were missed, the first {since}"
        advice = "see why the timer did not run: was the machine off?"
    else:
        what = f"it has not passed for more than two of its periods ({due.every})"
        advice = f"see how it went: `ccir drill history {due.drill}`"
    return _letter(
        told,
        subject=f"drill {due.drill} of {target}",
        verdict="stale",
        lines=(
            f"Drill {due.drill} of {target}: stale ({due.reason})",
            f"It is played now; {what}.",
            _advice(advice),
            _passed(told),
        ),
    )


def first_sentence(text: str) -> str:
    """Return the first sentence of a detail, of bounded length and without card numbers."""
    end = _SENTENCE_END.search(text.strip())
    words = text.strip() if end is None else text.strip()[: end.end()].rstrip("\n")
    return without_card_numbers(words)[:_LONGEST]


def _letter(told: Told, *, subject: str, verdict: str, lines: tuple[str, ...]) -> Letter:
    body = [line for line in (*lines, f"Run: {told.run}") if line]
    return Letter(subject=f"[{told.run} {verdict}] {subject}", text="\n".join([*body, ""]))


def _advice(hint: str) -> str:
    return f"What to do: {first_sentence(hint)}" if hint else ""


def _passed(told: Told) -> str:
    return f"Passed last: {'never' if told.passed_at is None else shown(told.passed_at, told.zone)}"
