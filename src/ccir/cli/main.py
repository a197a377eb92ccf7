"""The way in: parses, runs one command, and turns whatever happens into an exit status."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import typer

from ccir.cli.app import app
from ccir.cli.errors import (
    refuse_unreadable,
    show_bug,
    show_error,
    show_usage_error,
    tells_json,
)
from ccir.cli.session import Root
from ccir.clock import SystemClock
from ccir.config.environment import environment
from ccir.engine.surroundings import Surroundings
from ccir.entropy import SystemEntropy
from ccir.errors import CcirError


def main(
    arguments: Sequence[str] | None = None, *, surroundings: Surroundings | None = None
) -> int:
    """Run one command and return its exit status."""
    words = [*sys.argv[1:]] if arguments is None else [*arguments]
    around = surroundings or _this_machine()
    is_json = tells_json(words)
    try:
        refuse_unreadable(words)
        answer = _root()(
            args=words, prog_name="ccir", standalone_mode=False, obj=Root(surroundings=around)
        )
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user
        if around.environment.debug:
            traceback.print_exc()
        return _told(error, is_json=is_json)
    return answer if isinstance(answer, int) else 0


@cache  # as each command in `app`: whoever runs many in a process has each built once
def _root() -> Callable[..., object]:
    return typer.main.get_command(app)


def _told(error: Exception, *, is_json: bool) -> int:
    """Tell what went wrong and return the exit status that stands for it."""
    match error:
        case CcirError():
            return show_error(error, is_json=is_json)
        case typer.TyperException():
            return show_usage_error(error, is_json=is_json)
        case _:
            return show_bug(error, is_json=is_json)


def _this_machine() -> Surroundings:
    return Surroundings(
        clock=SystemClock(),
        entropy=SystemEntropy(),
        environment=environment(),
        here=Path.cwd(),
    )
