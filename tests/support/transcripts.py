"""Plays the console blocks of a page, so that what it shows is what ccir says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from support.centre import LOGIN
from support.cli import Cli

_BLOCK = re.compile(r"```(?P<kind>console|toml|csv)\n(?P<text>.*?)```\n", re.DOTALL)
_FILE = re.compile(r"^# file: (?P<name>\S+)\n")
SHOWN_FOLDER = "/srv/ccir"


def played(page: str, cli: Cli) -> str:
    """Return the page with each command's output as it really is.

    A `toml` or `csv` block that begins with `# file: NAME` is written to that file first. In
    a `console` block, each line that begins with `$ ` is run; what stands below is its output.
    """
    parts = []
    end = 0
    for block in _BLOCK.finditer(page):
        parts.append(page[end : block.start()])
        parts.append(_console(block, cli) if block["kind"] == "console" else _file(block, cli))
        end = block.end()
    return "".join((*parts, page[end:]))


def _file(block: re.Match[str], cli: Cli) -> str:
    named = _FILE.match(block["text"])
    if named is not None:
        path = cli.folder / named["name"]
        path.parent.mkdir(parents=True, exist_ok=True)
        text = block["text"].removeprefix(named[0]).replace('login = "alex"', f'login = "{LOGIN}"')
        path.write_text(text, encoding="utf-8")
    return block[0]


def _console(block: re.Match[str], cli: Cli) -> str:
    lines = []
    for line in block["text"].splitlines():
        if line.startswith("$ "):
            lines += [line, *_said(line, cli)]
    return "```console\n" + "\n".join(lines) + "\n```\n"


def _said(line: str, cli: Cli) -> list[str]:
    program, *words = shlex.split(line.removeprefix("$ "))
    if program != "ccir":
        raise ValueError(f"a page runs ccir only: {line}")
    answer = cli(*words, status=None)
    said = (answer.err + answer.out).replace(str(cli.folder), SHOWN_FOLDER)
    said = said.replace(f"account {LOGIN}", "account alex")
    return [each.rstrip() for each in said.rstrip().splitlines()]


def prepared(folder: Path) -> Cli:
    """Return the command line with which pages are played: always the same, at the same time."""
    folder.mkdir(parents=True, exist_ok=True)
    return Cli(folder, COLUMNS="92")
