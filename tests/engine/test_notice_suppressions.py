from __future__ import annotations

import pytest

from ccir.domain.events import NoteAdded
from ccir.engine.handle import load
from ccir.engine.notice_suppressions import SuppressionOrder, change_suppressions
from ccir.engine.workspace import Workspace
from ccir.errors import InvalidDocumentError, UsageError

ANN, BEA = "ann@example.net", "bea@example.net"


def change(
    workspace: Workspace, run: str, reason: str = "she asked", **lists: tuple[str, ...]
) -> None:
    order = SuppressionOrder(by="alex", reason=reason, **lists)
    change_suppressions(workspace, run, order)


def notes(workspace: Workspace, run: str) -> list[str | None]:
    found = [entry.event for entry in load(workspace, run).entries]
    people = workspace.stores.people
    return [people.unseal(event.text) for event in found if isinstance(event, NoteAdded)]


def test_addresses_are_added_and_taken_off_with_a_note(workspace: Workspace, run_id: str) -> None:
    people = workspace.stores.people
    change(workspace, run_id, add=(ANN, BEA.upper()))
    assert people.suppressed(["by-hand"]) == {people.key_of(ANN), people.key_of(BEA)}
    change(workspace, run_id, "it works again", add=(ANN,), remove=(BEA,))
    assert people.suppressed(["by-hand"]) == {people.key_of(ANN)}
    assert notes(workspace, run_id) == [
        "no longer written to: 2 added, 0 taken off: she asked",
        "no longer written to: 1 added, 1 taken off: it works again",
    ]


def test_a_line_that_is_no_address_changes_nothing(workspace: Workspace, run_id: str) -> None:
    with pytest.raises(
        InvalidDocumentError, match="address 2: not a plain mail address"
    ) as refused:
        change(workspace, run_id, add=(ANN, "nobody"))
    assert "nobody" not in str(refused.value)
    assert workspace.stores.people.suppression_counts() == {}
    assert notes(workspace, run_id) == []


def test_a_change_without_a_reason_is_refused(workspace: Workspace, run_id: str) -> None:
    with pytest.raises(UsageError):
        change(workspace, run_id, "x" * 30_000, add=(ANN,))
    assert workspace.stores.people.suppression_counts() == {}
