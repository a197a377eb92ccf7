from __future__ import annotations

from collections.abc import Iterator

import pytest

from ccir.domain.notices import Recipient
from ccir.engine.notice_import import import_list
from ccir.engine.workspace import Workspace
from ccir.errors import ConflictError, InvalidDocumentError
from support.stores import recipients

RUN = "INC-2026-0001"


def imported(workspace: Workspace, people: Iterator[Recipient], *, notice: str = "staff") -> str:
    return import_list(workspace, run=RUN, notice=notice, items=people).id


def killed() -> Iterator[Recipient]:
    yield from recipients(3)
    raise KeyboardInterrupt


def broken() -> Iterator[Recipient]:
    yield from recipients(3)
    raise InvalidDocumentError("row 4", hint="mend it")


def test_an_import_that_was_killed_goes_on_under_its_id(workspace: Workspace) -> None:
    with pytest.raises(KeyboardInterrupt):
        imported(workspace, killed())
    [left] = workspace.stores.people.unfinished_lists()
    assert imported(workspace, iter(recipients(5))) == left
    assert len([*workspace.stores.people.recipients(left)]) == 5
    assert imported(workspace, iter(recipients(5))) != left


def test_what_a_killed_import_of_another_notice_left_is_destroyed(workspace: Workspace) -> None:
    for notice in ("staff-berlin", "customers"):
        with pytest.raises(KeyboardInterrupt):
            imported(workspace, killed(), notice=notice)
    imported(workspace, iter(recipients(2)))
    assert workspace.stores.people.unfinished_lists() == []


def test_a_list_that_is_wrong_leaves_nothing_behind(workspace: Workspace) -> None:
    with pytest.raises(InvalidDocumentError):
        imported(workspace, broken())
    assert workspace.stores.people.unfinished_lists() == []


def test_two_imports_at_once_are_a_conflict(workspace: Workspace) -> None:
    def second() -> Iterator[Recipient]:
        yield from recipients(1)
        imported(workspace, iter(recipients(1)), notice="customers")

    with pytest.raises(ConflictError, match="another process imports"):
        imported(workspace, second())
