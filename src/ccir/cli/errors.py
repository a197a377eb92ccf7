"""How an error is told: one message and what to do, to a person or to a program."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec
import typer

from ccir.errors import CcirError, UsageError

USAGE = 2
_HELP = "Usage: "
BUG = 70
INTERRUPTED = 130
BROKEN_PIPE = 141  # as a shell reports a program that SIGPIPE ended


class BrokenOffError(CcirError):
    """A person broke the command off."""

    code = "interrupted"
    exit_status = INTERRUPTED


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """What is told: a stable word, what is wrong, what to do now, and the exit status."""

    code: str
    message: str
    hint: str
    exit_status: int


@contextmanager
def broken_off() -> Iterator[None]:
    """Tell a Ctrl-C as an error of ours, and end in silence where nobody reads any more.

    Raises:
        BrokenOffError: a person pressed Ctrl-C.
    """
    try:
        yield
    except KeyboardInterrupt as error:
        raise BrokenOffError(
            "interrupted", hint="what was acknowledged is kept; `ccir status` shows where it stands"
        ) from error
    except BrokenPipeError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(BROKEN_PIPE) from error


def refuse_unreadable(words: Sequence[str]) -> None:
    """Refuse words that are no text, such as a file's name in another encoding.

    Raises:
        UsageError: one of them holds bytes that are not UTF-8.
    """
    for number, word in enumerate(words, start=1):
        if not word.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in word):
            raise UsageError(
                f"word {number} of the call is not UTF-8",
                hint="use a UTF-8 terminal, rename a file",
            )


def tells_json(words: Sequence[str]) -> bool:
    """Return whether the call asks for JSON, as far as can be told before it is parsed."""
    before = words[: words.index("--")] if "--" in words else words
    return "--json" in before


def show_error(error: CcirError, *, is_json: bool) -> int:
    """Tell an error that a person can act on, and return its exit status."""
    telling = Telling(
        code=error.code, message=error.message, hint=error.hint, exit_status=error.exit_status
    )
    return _tell(telling, is_json=is_json)


def show_usage_error(error: typer.TyperException, *, is_json: bool) -> int:
    """Tell what is wrong with the words of the call and return the exit status."""
    words = getattr(error, "format_message", lambda: str(error))()
    if words.startswith(_HELP):  # no command was named
        print(words, file=sys.stderr)
        return USAGE
    context = getattr(error, "ctx", None)
    path = "ccir" if context is None else str(context.command_path)
    telling = Telling(code="usage", message=words, hint=f"`{path} --help`", exit_status=USAGE)
    return _tell(telling, is_json=is_json)


def show_bug(error: BaseException, *, is_json: bool) -> int:
    """Tell that ccir itself is at fault, by the error's type only: its words may be secret."""
    telling = Telling(
        code="bug",
        message=f"a bug in ccir: {type(error).__name__}",
        hint="what was acknowledged is kept; repeat it with CCIR_DEBUG=1 to see where, and report",
        exit_status=BUG,
    )
    return _tell(telling, is_json=is_json)


def _tell(telling: Telling, *, is_json: bool) -> int:
    if is_json:
        print(msgspec.json.encode({"error": telling}).decode("utf-8"))
        return telling.exit_status
    print(f"ccir: {telling.message}", file=sys.stderr)
    for number, line in enumerate(telling.hint.splitlines()):
        print(f"{'hint: ' if number == 0 else '      '}{line}", file=sys.stderr)
    return telling.exit_status
