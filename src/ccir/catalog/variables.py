"""Which forms a template may use, and which variables it does use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec
from jinja2 import nodes

PARTS: Final[dict[str, frozenset[str] | None]] = {
    "organisation": frozenset(
        {"name", "timezone", "hotline", "email", "status_page", "address"},
    ),
    "run": frozenset({"id", "started_at"}),
    "notice": frozenset({"id", "version"}),
    "facts": None,
    "recipient": None,
}
"""What a template may name, with its parts; None: whatever the run or the list holds."""

FILTERS: Final = frozenset(
    {
        "capitalize",
        "default",
        "first",
        "join",
        "last",
        "length",
        "local",
        "lower",
        "title",
        "trim",
        "upper",
    }
)
TESTS: Final = frozenset({"defined", "undefined"})
DEPTH_LIMIT: Final = 20
LOOPS_LIMIT: Final = 2

_LOOP_PARTS: Final = "loop"
_FORMS: Final = (
    nodes.And,
    nodes.Compare,
    nodes.Concat,
    nodes.CondExpr,
    nodes.Const,
    nodes.Filter,
    nodes.For,
    nodes.Getattr,
    nodes.Getitem,
    nodes.If,
    nodes.List,
    nodes.Name,
    nodes.Not,
    nodes.Operand,
    nodes.Or,
    nodes.Output,
    nodes.Template,
    nodes.TemplateData,
    nodes.Test,
    nodes.Tuple,
)


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """A variable by its dotted path, where it stands, and whether the use asks if it is there."""

    path: str
    line: int
    asks: bool = False


class Foreign(msgspec.Struct, frozen=True, kw_only=True):
    """Something in a template that templates may not hold."""

    line: int
    message: str
    hint: str = ""


def uses(tree: nodes.Template) -> list[Use]:
    """Return every use of a variable, in the order of the template."""
    return list(_uses(tree, frozenset()))


def foreign(tree: nodes.Template) -> list[Foreign]:
    """Return what the template holds beyond the forms, filters and tests that are allowed."""
    return list(_foreign(tree, depth=0, loops=0))


def _uses(node: nodes.Node, own: frozenset[str]) -> Iterator[Use]:
    match node:
        case nodes.Test(name="defined" | "undefined") | nodes.Filter(name="default"):
            yield from _asked(node, own)
        case nodes.For():
            yield from _uses(node.iter, own)
            within = own | _targets(node) | {_LOOP_PARTS}
            for child in (*node.body, *node.else_):
                yield from _uses(child, within)
        case nodes.Getattr() | nodes.Getitem() | nodes.Name():
            yield from _named(node, own)
        case _:
            for child in node.iter_child_nodes():
                yield from _uses(child, own)


def _asked(node: nodes.Test | nodes.Filter, own: frozenset[str]) -> Iterator[Use]:
    subject, *others = node.iter_child_nodes()
    for use in _uses(subject, own):
        yield msgspec.structs.replace(use, asks=True)
    for other in others:
        yield from _uses(other, own)


def _named(node: nodes.Node, own: frozenset[str]) -> Iterator[Use]:
    path = dotted(node)
    if path is None:
        for child in node.iter_child_nodes():
            yield from _uses(child, own)
    elif path.partition(".")[0] not in own:
        yield Use(path=path, line=node.lineno)


def dotted(node: nodes.Node | None) -> str | None:
    """Return the path that a chain of names spells (`recipient.name`), else None."""
    match node:
        case nodes.Name(name=name):
            return str(name)
        case nodes.Getattr(node=owner, attr=str() as part):
            return _chained(owner, part)
        case nodes.Getitem(node=owner, arg=nodes.Const(value=str() as part)):
            return _chained(owner, part)
        case _:
            return None


def _chained(owner: nodes.Node, part: str) -> str | None:
    path = dotted(owner)
    return None if path is None else f"{path}.{part}"


def _targets(node: nodes.For) -> frozenset[str]:
    return frozenset(name.name for name in node.find_all(nodes.Name) if name.ctx == "store")


def _foreign(node: nodes.Node, *, depth: int, loops: int) -> Iterator[Foreign]:
    loops += isinstance(node, nodes.For)
    if depth > DEPTH_LIMIT or loops > LOOPS_LIMIT:
        yield Foreign(line=node.lineno, message="nested too deeply", hint="write it flatter")
        return
    message = _refusal(node)
    if message is not None:
        yield Foreign(line=node.lineno, message=message, hint="say it in plain text")
        return
    for child in node.iter_child_nodes():
        yield from _foreign(child, depth=depth + 1, loops=loops)


def _refusal(node: nodes.Node) -> str | None:
    match node:
        case nodes.Filter(name=name) if name not in FILTERS:
            return f"the filter '{name}' is not allowed"
        case nodes.Test(name=name) if name not in TESTS:
            return f"the test 'is {name}' is not allowed"
        case nodes.For(recursive=True):
            return "recursive loops are not allowed"
        case _ if not isinstance(node, _FORMS):
            return f"'{type(node).__name__.lower()}' is not allowed in templates"
        case _:
            return None
