"""Writes docs/reference/commands.md from the command line itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from ccir.cli.app import MODULES, app

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "commands.md"
_GLOBALS = "Global options"  # what the command line calls their panel
_INTRODUCTION = """\
# Commands

Written by `scripts/command_reference.py` from the command line itself; a test compares the two.

These options are taken before and after every command, and the later one wins:

{options}

Exit status: 0 done; 1 a check, an expectation or a deadline failed; 2 usage, an invalid document,
or a choice that ccir will not guess; 3 it could not run (a tool, service, target or channel is
missing, unreachable, locked, timed out or full); 4 somebody else was faster, or holds ccir's lock;
5 refused by the rules of the run or the workspace; 6 not found; 70 a bug; 130 interrupted.
[Errors](errors.md) has their codes, [JSON](json.md) the documents that `--json` prints.
"""


def page() -> str:
    """Return the reference of every command, in the order of the help."""
    root: Any = typer.main.get_command(app)
    context = typer.Context(root)
    commands = [(name, root.get_command(context, name)) for name in MODULES]
    options = "\n".join(_option(option) for option in _globals(commands[0][1]))
    return _INTRODUCTION.format(options=options) + "".join(
        part for name, command in commands for part in _parts((name,), command)
    )


def _parts(words: tuple[str, ...], command: Any) -> Iterator[str]:  # noqa: ANN401 - typer's own type
    children = getattr(command, "commands", None)
    if children:
        yield f"\n## ccir {words[0]}\n\n{_flowing(command.help)}\n"
        if command.invoke_without_command:
            yield from _own_options(command)
            yield from _examples(command)
        for name, child in children.items():
            yield from _parts((*words, name), child)
        return
    yield f"\n{'##' if len(words) == 1 else '###'} ccir {' '.join(words)}\n\n"
    yield f"{_flowing(command.help)}\n"
    yield from _own_options(command)
    yield from _examples(command)


def _own_options(command: Any) -> Iterator[str]:  # noqa: ANN401 - typer's own type
    own = [each for each in command.params if not _is_global(each) and each.name != "help"]
    if own:
        yield "\n" + "\n".join(_option(each) for each in own) + "\n"


def _examples(command: Any) -> Iterator[str]:  # noqa: ANN401 - typer's own type
    lines = [line.strip() for line in (command.epilog or "").splitlines()]
    examples = [line for line in lines if line.startswith("ccir ")]
    yield "\n```sh\n" + "\n".join(examples) + "\n```\n"


def _option(option: Any) -> str:  # noqa: ANN401 - typer's own type
    if option.param_type_name == "argument":
        name = option.metavar or option.name.upper()
    else:
        flag = getattr(option, "is_flag", False)
        name = max(option.opts, key=len) + ("" if flag else f" {option.metavar or 'TEXT'}")
    return f"- `{name}`: {option.help}"


def _globals(command: Any) -> list[Any]:  # noqa: ANN401 - typer's own type
    return [option for option in command.params if _is_global(option)]


def _is_global(option: Any) -> bool:  # noqa: ANN401 - typer's own type
    return getattr(option, "rich_help_panel", None) == _GLOBALS


def _flowing(text: str) -> str:
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE}\n")
