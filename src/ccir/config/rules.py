"""Rules of `ccir.toml` that no single value can break: what must be there, and what fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ccir.config.complaints import Complaint, shape_complaints, suggestion
from ccir.config.drill_rules import broken_drill_rules
from ccir.config.values import Id

Tables = Mapping[str, object]


def broken_rules(document: Tables) -> Iterator[Complaint]:
    """Yield what breaks a rule; tables of a wrong shape are passed over."""
    for name, target in _tables(document, "targets"):
        yield from _password_sources(name, target)
    for name, channel in _tables(document, "channels"):
        yield from _kind(name, channel)
    yield from _bindings(document)
    drills = document.get("drills")
    if isinstance(drills, dict):
        yield from broken_drill_rules(drills, document)


def _password_sources(name: str, target: Tables) -> Iterator[Complaint]:
    if "password_file" in target and "password_command" in target:
        yield Complaint(
            path=("targets", name, "password_command"),
            message="there are two sources of the password",
            hint="keep password_file or password_command",
        )


def _kind(name: str, channel: Tables) -> Iterator[Complaint]:
    path = ("channels", name)
    if "kind" in channel:
        yield from shape_complaints(channel["kind"], Id, path=(*path, "kind"), conversion=None)
    else:
        hint = 'say how it reaches people: kind = "smtp", "apprise" or "outbox"'
        yield Complaint(path=path, message="'kind' is missing", hint=hint)


def _bindings(document: Tables) -> Iterator[Complaint]:
    bindings = document.get("bindings")
    known = [name for family in ("targets", "channels") for name, _ in _tables(document, family)]
    for purpose, bound in bindings.items() if isinstance(bindings, dict) else ():
        if isinstance(bound, str) and bound not in known:
            yield Complaint(
                path=("bindings", purpose),
                message=f"no target and no channel is called {bound!r}",
                hint=suggestion(bound, known) or "add its table, or take this line away",
            )


def _tables(document: Tables, family: str) -> Iterator[tuple[str, Tables]]:
    found = document.get(family)
    for name, table in found.items() if isinstance(found, dict) else ():
        if isinstance(table, dict):
            yield name, table
