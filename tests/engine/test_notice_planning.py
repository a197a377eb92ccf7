from __future__ import annotations

import pytest

from ccir.engine.handle import load
from ccir.engine.notice_planning import asked_rate, due_times
from ccir.engine.workspace import Workspace
from ccir.errors import UsageError


@pytest.mark.parametrize(("text", "rate"), [("14/s", 14), ("600/min", 10), ("7200/h", 2)])
def test_a_rate_is_read_as_in_the_settings(text: str, rate: float) -> None:
    assert asked_rate(text) == rate


@pytest.mark.parametrize("text", ["", "14", "14/d", "0/s", "1.5/s", " 14/s"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no rate"):
        asked_rate(text)


def test_a_notice_without_rules_has_the_playbooks_due_time_alone(
    workspace: Workspace, run_id: str
) -> None:
    [found] = due_times(workspace, load(workspace, run_id).run, "customers")
    assert found.rule == ""
    assert found.legal_due is None
