from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from ccir.domain.drill_alerts import Alerted, alerted, is_told_at_begin, is_told_at_end
from ccir.domain.drill_history import Due, Played
from ccir.domain.events import DrillAlerted
from ccir.domain.notices import Told
from ccir.domain.outcomes import Verdict
from support.events import DRILL_FINISHED
from support.runs import RUN, later, log_of

ERRORS: tuple[Verdict, ...] = ("error", "error", "error", "error")


def drills(*verdicts: Verdict) -> list[Played]:
    """Return one drill an hour, the first at the start."""
    return [
        Played(
            run=RUN,
            seq=number,
            at=later(hours=number),
            result=replace(DRILL_FINISHED, verdict=verdict),
        )
        for number, verdict in enumerate(verdicts)
    ]


def alert(verdict: Verdict, hours: float, state: Told = "accepted") -> Alerted:
    event = DrillAlerted(drill="crm", verdict=verdict, reason="", channel="team", state=state)
    return Alerted(run=RUN, at=later(hours=hours), event=event)


def told(played: Sequence[Played], *alerts: Alerted) -> bool:
    return is_told_at_end(played, alerts, errors_after=3)


def stale(reason: str = "overdue", passed: float | None = 0) -> Due:
    return Due(
        drill="crm",
        every="24h",
        last=None,
        due_at=None,
        is_due=True,
        reason=reason,
        passed_at=None if passed is None else later(hours=passed),
    )


def test_1_every_drill_that_fails_is_told() -> None:
    assert told(drills("pass", "fail"))
    assert told(drills("fail", "fail"), alert("fail", 0.1))


def test_2_errors_are_told_once_enough_came_in_a_row() -> None:
    assert not told(drills("error"))
    assert not told(drills("error", "error"))
    assert told(drills("error", "error", "error"))
    assert not told(drills("error", "error", "fail", "error"))
    assert is_told_at_end(drills("error"), [], errors_after=1)


def test_2_errors_are_told_again_only_after_a_drill_ended_otherwise() -> None:
    before = alert("error", 2.1)
    assert not told(drills(*ERRORS), before)
    assert told(drills("error", "error", "error", "fail", "error", "error", "error"), before)


@pytest.mark.parametrize("reason", ["overdue", "unproven"])
def test_3_a_stale_drill_is_told_once_until_it_passes(reason: str) -> None:
    assert is_told_at_begin(stale(reason), [])
    assert not is_told_at_begin(stale(reason), [alert("stale", 5)])
    assert is_told_at_begin(stale(reason, passed=6), [alert("stale", 5), alert("pass", 6.1)])
    assert not is_told_at_begin(stale(reason, passed=None), [alert("stale", 5)])


def test_3_that_it_did_not_pass_is_told_only_where_nothing_told_so() -> None:
    assert not is_told_at_begin(stale("unproven"), [alert("fail", 5)])
    assert is_told_at_begin(stale("overdue"), [alert("fail", 5)])


def test_3_what_was_never_drilled_or_is_not_stale_is_not_told() -> None:
    assert not is_told_at_begin(stale("never-drilled"), [])
    assert not is_told_at_begin(replace(stale(""), verdict="fail"), [])


def test_4_a_pass_is_told_once_and_only_after_something_was_told() -> None:
    played = drills("fail", "pass")
    assert not told(played)
    for verdict in ("fail", "error", "stale"):
        assert told(played, alert(verdict, 0.1))
    assert not told(drills("fail", "pass", "pass"), alert("fail", 0.1), alert("pass", 1.1))


def test_5_what_did_not_arrive_is_told_again() -> None:
    errors = drills(*ERRORS)
    assert told(errors, alert("error", 2.1, "refused-temporary"))
    assert not told(errors, alert("error", 2.1, "unknown"))
    assert is_told_at_begin(stale(), [alert("stale", 5, "refused-permanent")])
    assert not told(drills("fail", "pass"), alert("fail", 0.1, "refused-permanent"))


def test_a_drill_that_was_skipped_is_not_told() -> None:
    assert not told(drills("fail", "skipped"), alert("fail", 0.1))


def test_the_alerts_of_a_log_are_found_with_their_run() -> None:
    event = alert("fail", 0).event
    found = alerted(log_of(DRILL_FINISHED, event))
    assert [(each.run, each.at, each.event) for each in found] == [(RUN, later(2), event)]
