"""Who attends to a piece of work: is asked, is told how far it is, and may call it off."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ccir.errors import RefusedError

Progress = Callable[[str, int | None, int | None], None]


def _nobody_to_ask(question: str) -> None:
    raise RefusedError(
        f"nobody is there to confirm: {question}", hint="use --yes where it may go on without"
    )


def _nobody_listens(stage: str, done: int | None, total: int | None) -> None:
    del stage, done, total


def _nobody_warned(line: str) -> None:
    del line


def _never() -> bool:
    return False


class Attendant(msgspec.Struct, frozen=True, kw_only=True):
    """What work asks of the person who started it.

    `confirm` raises `RefusedError` where she says no; `progress` is told what is done now, and
    how much of how much of it; `is_cancelled` is asked again and again and must be quick;
    `warn` is told what went wrong beside the work and does not end it; `forecast` is told, as
    often as it changes, when the work will be done, to stand beside its progress.
    """

    confirm: Callable[[str], None] = _nobody_to_ask
    progress: Progress = _nobody_listens
    is_cancelled: Callable[[], bool] = _never
    warn: Callable[[str], None] = _nobody_warned
    forecast: Callable[[str], None] = _nobody_warned
