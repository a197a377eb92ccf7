"""Reads the reason codes out of the source: every text that stands where a reason is meant.

1. Each member of the literal type `Reason` of the backup tools.
2. What is given as `reason=…`, or where a function or class has its parameter `reason`.
3. What a variable `reason` is set to, alone, in a pair, or out of a table.
4. What a function named after a reason returns, and what is returned after a bad verdict.
Constants, choices between them and tables of them are followed, and how a program `ended`; what
comes from elsewhere (an error's own code, another result's reason) is told where it is made.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

import ccir
from ccir.backup.interface import Reason
from ccir.program import Ended

SOURCE = Path(ccir.__file__).parent
PLACES = (
    "backup/*.py",
    "checks/*.py",
    "drilling/*.py",
    "steps/*.py",
    "engine/backups.py",
    "engine/drill*.py",
    "engine/work.py",
    "domain/drill*.py",
)
WORD = "reason"
BAD = ("fail", "error", "stale")
# How a program may end that has no exit code; a deadline has a reason of its own everywhere.
ENDED = sorted({*get_args(Ended)} - {"exited", "deadline"})


class Source:
    """Every module that makes reasons, with the constants and the callables that they know."""

    def __init__(self, trees: Iterable[ast.Module]) -> None:
        self.trees = tuple(trees)
        self.constants = dict(pair for tree in self.trees for pair in _constants(tree))
        self.positions = dict(pair for tree in self.trees for pair in _positions(tree))

    def codes(self) -> set[str]:
        """Return every code."""
        nodes = (node for tree in self.trees for node in ast.walk(tree))
        return {code for node in nodes for code in self._codes(node)} - {""}

    def texts(self) -> set[str]:
        """Return every text that stands anywhere."""
        nodes = (node for tree in self.trees for node in ast.walk(tree))
        return {
            node.value
            for node in nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }

    def _codes(self, node: ast.AST) -> Iterator[str]:  # noqa: C901 - a case each
        match node:
            case ast.Call():
                yield from self._of_call(node)
            case ast.Assign(targets=[target], value=value):
                yield from self._of_target(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield from self._of_target(target, value)
            case ast.FunctionDef(name=name, body=body) if name.endswith(WORD):
                for each in _returned(body):
                    yield from self._of(each)
            case ast.Return(value=ast.Tuple(elts=[ast.Constant(value=verdict), reason])):
                yield from self._of(reason) if verdict in BAD else ()
            case ast.For(target=target, iter=table) | ast.comprehension(target=target, iter=table):
                for row in self._rows(table):
                    yield from self._of_target(target, row)
            case _:
                pass

    def _of_call(self, call: ast.Call) -> Iterator[str]:
        for keyword in call.keywords:
            if keyword.arg == WORD:
                yield from self._of(keyword.value)
        place = self.positions.get(_called(call.func))
        if place is not None and place < len(call.args):
            yield from self._of(call.args[place])

    def _of_target(self, target: ast.expr, value: ast.expr) -> Iterator[str]:
        match target, value:
            case ast.Name(id=name), _ if name == WORD:
                yield from self._of(value)
            case ast.Tuple(), ast.IfExp(body=body, orelse=orelse):
                yield from self._of_target(target, body)
                yield from self._of_target(target, orelse)
            case ast.Tuple(elts=names), ast.Tuple(elts=values):
                for each, part in zip(names, values, strict=False):
                    yield from self._of_target(each, part)
            case _:
                pass

    def _of(self, value: ast.expr) -> Iterator[str]:  # noqa: C901 - a case each
        match value:
            case ast.Constant(value=str(text)):
                yield text
            case ast.IfExp(body=body, orelse=orelse):
                yield from (*self._of(body), *self._of(orelse))
            case ast.BoolOp(values=values):
                for each in values:
                    yield from self._of(each)
            case ast.Name(id=name) if name in self.constants:
                yield from self._of(self.constants[name])
            case ast.Dict(values=values):
                for each in values:
                    yield from self._of(each)
            case ast.Attribute(attr="ended"):
                yield from ENDED
            case ast.JoinedStr(values=[ast.Constant(value=str(text)), ast.FormattedValue()]):
                yield from (text + each for each in (*ENDED, "deadline"))
            case ast.Subscript(value=ast.Name() as table):
                yield from self._of(table)
            case ast.Call(func=ast.Attribute(value=ast.Name() as table, attr="get"), args=args):
                yield from self._of(table)
                for each in args[1:]:
                    yield from self._of(each)
            case _:
                pass

    def _rows(self, table: ast.expr) -> Iterator[ast.expr]:
        match table:
            case ast.Name(id=name) if name in self.constants:
                yield from self._rows(self.constants[name])
            case ast.Tuple(elts=rows) | ast.List(elts=rows):
                yield from rows
            case ast.Call(func=ast.Attribute(value=rows, attr="items")):
                yield from self._pairs(rows)
            case _:
                pass

    def _pairs(self, table: ast.expr) -> Iterator[ast.expr]:
        found = self.constants.get(table.id) if isinstance(table, ast.Name) else table
        if isinstance(found, ast.Dict):
            for key, value in zip(found.keys, found.values, strict=True):
                if key is not None:
                    yield ast.Tuple(elts=[key, value], ctx=ast.Load())


def source() -> Source:
    """Return the modules that make reasons, parsed."""
    paths = sorted({path for place in PLACES for path in SOURCE.glob(place)})
    return Source(ast.parse(path.read_text(encoding="utf-8")) for path in paths)


def tool_reasons() -> set[str]:
    """Return the reasons that backup tools may give."""
    return {*get_args(Reason)} - {""}


def _returned(body: list[ast.stmt]) -> Iterator[ast.expr]:
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Return) and node.value is not None:
                yield node.value


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case _:
                pass


def _positions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield each callable that takes a reason by its place, and that place."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name, args=arguments):
                yield from _place(name, [each.arg for each in arguments.args])
            case ast.ClassDef(name=name, body=body):
                for part in body:
                    if isinstance(part, ast.FunctionDef) and part.name == "__init__":
                        yield from _place(name, [each.arg for each in part.args.args])
                fields = [each.target for each in body if isinstance(each, ast.AnnAssign)]
                yield from _place(name, [each.id for each in fields if isinstance(each, ast.Name)])
            case _:
                pass


def _place(name: str, parameters: list[str]) -> Iterator[tuple[str, int]]:
    taken = [each for each in parameters if each not in ("self", "cls")]
    if WORD in taken:
        yield name, taken.index(WORD)


def _called(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
