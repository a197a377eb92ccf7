"""The global options: on every command and every group of commands, where the later one wins."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from ccir.cli.completion import complete_people, complete_runs
from ccir.cli.errors import broken_off
from ccir.cli.session import Options, Root, Session

_Inner = Callable[..., int | None]


def _parameter(name: str, annotation: object, default: object) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default
    )


_PANEL = "Global options"
_GLOBALS = {
    "workspace_": _parameter(
        "workspace_",
        Annotated[
            Path | None,
            typer.Option(
                "--workspace",
                metavar="DIR",
                help="The folder with ccir.toml; by default the nearest one above.",
                rich_help_panel=_PANEL,
            ),
        ],
        None,
    ),
    "run_": _parameter(
        "run_",
        Annotated[
            str | None,
            typer.Option(
                "--run",
                metavar="ID",
                help="The run that is meant; by default the only open one.",
                autocompletion=complete_runs,
                rich_help_panel=_PANEL,
            ),
        ],
        None,
    ),
    "as_": _parameter(
        "as_",
        Annotated[
            str | None,
            typer.Option(
                "--as",
                metavar="PERSON",
                help="Who is acting; by default the person with this account.",
                autocompletion=complete_people,
                rich_help_panel=_PANEL,
            ),
        ],
        None,
    ),
    "json_": _parameter(
        "json_",
        Annotated[
            bool,
            typer.Option("--json", help="Print one JSON document.", rich_help_panel=_PANEL),
        ],
        False,
    ),
    "at_": _parameter(
        "at_",
        Annotated[
            str | None,
            typer.Option(
                "--at",
                metavar="TIME",
                help="When it happened, if that is not now: 14:05 or 2026-11-24T14:05.",
                rich_help_panel=_PANEL,
            ),
        ],
        None,
    ),
}


def command(
    app: typer.Typer,
    name: str | None = None,
    *,
    examples: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
) -> Callable[[_Inner], _Inner]:
    """Register a function as a command; it is given a `Session` and its own options.

    What it returns is the exit status, None for 0. `without` names global options in whose
    place the command has one of its own.
    """

    def register(function: _Inner) -> _Inner:
        called = name or function.__name__.strip("_").replace("_", "-")
        app.command(called, epilog=_epilog(examples))(_with_session(function, without))
        return function

    return register


def noun(help_text: str) -> typer.Typer:
    """Return a group of commands about one noun."""
    app = typer.Typer(
        help=help_text, no_args_is_help=True, add_completion=False, rich_markup_mode=None
    )
    group_options(app)
    return app


def noun_with_view(help_text: str, view: _Inner, *, examples: tuple[str, ...] = ()) -> typer.Typer:
    """Return a group of commands that shows the view where no command of it is named."""
    app = typer.Typer(help=help_text, add_completion=False, rich_markup_mode=None)

    def show(context: typer.Context, **given: object) -> None:
        context.obj = _merged(context, {name: given.pop(name) for name in _GLOBALS})
        if context.invoked_subcommand is None:
            _play(view, context.obj, given)

    _shape(show, [_context(), *_own(view), *_GLOBALS.values()])
    show.__doc__ = view.__doc__
    app.callback(invoke_without_command=True, epilog=_epilog(examples))(show)
    return app


def plain() -> typer.Typer:
    """Return what holds a module's commands that belong to no noun."""
    return typer.Typer(add_completion=False, rich_markup_mode=None)


def group_options(app: typer.Typer) -> None:
    """Let the group take the global options before its commands."""

    def take(context: typer.Context, **given: object) -> None:
        context.obj = _merged(context, given)

    _shape(take, [_context(), *_GLOBALS.values()])
    app.callback()(take)


def _with_session(function: _Inner, without: tuple[str, ...]) -> Callable[..., None]:
    taken = {name: each for name, each in _GLOBALS.items() if name.rstrip("_") not in without}

    def run(context: typer.Context, **given: object) -> None:
        root = _merged(context, {name: given.pop(name) for name in taken})
        _play(function, root, given)

    _shape(run, [_context(), *_own(function), *taken.values()])
    run.__doc__ = function.__doc__
    run.__name__ = function.__name__
    return run


def _play(function: _Inner, root: Root, given: dict[str, object]) -> None:
    with Session(root) as session, broken_off():
        status = function(session, **given)
        sys.stdout.flush()
    if status:
        raise typer.Exit(status)


def _own(function: _Inner) -> list[inspect.Parameter]:
    return [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in inspect.signature(function, eval_str=True).parameters.values()
        if parameter.name != "session"
    ]


def _shape(function: Callable[..., None], parameters: list[inspect.Parameter]) -> None:
    """Give the function the signature that typer reads its options from."""
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # read by inspect
    function.__annotations__ = {}


def _context() -> inspect.Parameter:
    return _parameter("context", typer.Context, inspect.Parameter.empty)


def _merged(context: typer.Context, given: dict[str, object]) -> Root:
    root = context.find_object(Root)
    if root is None:
        raise TypeError("the root object is missing")
    named = msgspec.convert(
        {
            "workspace": given["workspace_"],
            "run": given.get("run_"),
            "person": given["as_"],
            "at": given["at_"],
            "json": given["json_"],
        },
        Options,
    )
    return msgspec.structs.replace(root, options=root.options.overlaid(named))


def _epilog(examples: tuple[str, ...]) -> str | None:
    return "Examples:\n\n" + "\n\n".join(f"  {line}" for line in examples) if examples else None
