"""The command line's root: which commands there are, each loaded when it is called."""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from ccir.cli.options import group_options

if TYPE_CHECKING:  # typer's own command type, which it does not export
    from typer._click.core import Command, Context

# Each command by the module of this package that holds it; the order is that of the help.
MODULES: dict[str, str] = {
    "init": "init",
    "demo": "demo",
    "doctor": "doctor",
    "start": "start",
    "next": "overview",
    "status": "overview",
    "runs": "overview",
    "step": "step",
    "decide": "decide",
    "fact": "fact",
    "clocks": "clocks",
    "note": "note",
    "evidence": "evidence",
    "role": "role",
    "handover": "handover",
    "alert": "alert",
    "contacts": "contacts",
    "severity": "lifecycle",
    "correct": "lifecycle",
    "hold": "lifecycle",
    "close": "lifecycle",
    "reopen": "lifecycle",
    "notice": "notice",
    "backup": "backup",
    "drill": "drill",
    "log": "log",
    "report": "report",
    "playbook": "playbook",
    "obligations": "obligations",
    "serve": "serve",
}


class LazyGroup(TyperGroup):
    """Imports a command's module when the command is asked for."""

    def list_commands(self, ctx: Context) -> list[str]:
        """Return the names of all commands, as the help orders them."""
        del ctx
        return [*MODULES]

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Return the command of that name."""
        del ctx
        module = MODULES.get(cmd_name)
        return None if module is None else _load(module, cmd_name)

    def resolve_command(self, ctx: Context, args: list[str]) -> Any:  # noqa: ANN401 - typer's own
        """Return the command that the words name, with suggestions for a misspelt one."""
        self.commands = dict.fromkeys(MODULES, self)  # what typer compares a word with
        return super().resolve_command(ctx, args)


@cache
def _load(module: str, name: str) -> Command:
    loaded = importlib.import_module(f"ccir.cli.{module}")
    command = typer.main.get_command(loaded.app)
    found: Command = command if module == name else command.commands[name]  # type: ignore[attr-defined] # a module of several commands is a group
    found.name = name
    return found


app = typer.Typer(
    cls=LazyGroup,
    name="ccir",
    help="Leads a contact centre's answer to a breach or an outage, from alert to proof.",
    epilog="Begin with `ccir demo`, or in a new folder with `ccir init`, then `ccir start`.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
group_options(app)
