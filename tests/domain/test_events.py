from __future__ import annotations

import inspect
from typing import get_args

import msgspec
import pytest

from ccir.domain import commands as c
from ccir.domain import events as e
from ccir.domain.commands import AnyCommand
from ccir.domain.events import EVENT_TYPES
from support.events import BY_TYPE


def subclasses(module: object, base: type) -> set[type]:
    members = (member for _, member in inspect.getmembers(module, inspect.isclass))
    return {member for member in members if issubclass(member, base) and member is not base}


def test_every_event_and_every_command_is_in_its_union() -> None:
    assert subclasses(e, e.Event) == set(EVENT_TYPES.values())
    assert subclasses(c, c.Command) == set(get_args(AnyCommand))


def test_an_event_is_found_by_its_name() -> None:
    assert all(kind.__name__ == name for name, kind in EVENT_TYPES.items())


@pytest.mark.parametrize("kind", [*EVENT_TYPES.values(), *get_args(AnyCommand)])
def test_events_and_commands_are_never_changed(kind: type[msgspec.Struct]) -> None:
    assert kind.__struct_config__.frozen


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_every_event_has_its_example(name: str) -> None:
    assert name in BY_TYPE, "add one to tests/support/events.py and to the golden log"
