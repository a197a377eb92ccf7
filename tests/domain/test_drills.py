from __future__ import annotations

import msgspec
import pytest

from ccir.domain.drills import CheckPlan, Drill

WRITTEN: dict[str, object] = {
    "id": "monthly-crm",
    "version": "1.0.0",
    "title": "Customer records come back",
    "summary": "Restores the newest snapshot and opens the database",
    "target": "customer-records",
    "checks": [{"kind": "file-count", "with": {"at_least": 4}}],
}


def test_a_drill_has_bounds_even_where_it_names_none() -> None:
    drill = msgspec.convert(WRITTEN, Drill)
    assert drill.checks == (CheckPlan(kind="file-count", arguments={"at_least": 4}),)
    assert (drill.deadline, drill.space_factor, drill.rpo) == ("2h", 1.1, None)


@pytest.mark.parametrize(
    "change",
    [
        {"checks": []},
        {"space_factor": 0.9},
        {"deadline": "soon"},
        {"version": "1"},
        {"target": "Customer Records"},
    ],
)
def test_a_drill_that_proves_nothing_or_has_no_bound_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(WRITTEN | change, Drill)
