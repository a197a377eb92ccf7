from __future__ import annotations

from ccir.domain import events as e
from ccir.domain.notices import Counts
from support.drill_course import drilled
from support.duty_clocks import duty_clock, rule
from support.full_run import approved, checked, ended, previewed
from support.told_run import ToldRun


def _points(told: ToldRun, kind: str, *, at: float = 60) -> list[str]:
    return [point.what for point in told.report(at=at).open_points if point.kind == kind]


def _settle(told: ToldRun) -> None:
    """Do everything that is to be done."""
    told.add(e.FactRecorded(name="awareness", value="2026-01-02T07:10:00+00:00"))
    told.add(e.FactRecorded(name="leaver", value="nobody we know"))
    told.add(e.RoleAssigned(role="counsel", person="kim"))
    told.add(e.StepFinished(step="cut-off", role="commander"))
    told.add(
        e.DecisionMade(
            step="decide-telling", role="counsel", option="tell", reason=told.seal("yes")
        )
    )


def test_a_run_in_which_all_is_settled_has_no_open_point() -> None:
    told = ToldRun()
    _settle(told)
    told.add(checked(verdict="pass"))
    told.add(previewed(told))
    told.add(ended(Counts(accepted=40)))
    assert told.report(at=600).open_points == ()


def test_mandatory_steps_are_open_points_and_optional_ones_only_if_they_were_begun() -> None:
    told = ToldRun()
    assert _points(told, "step") == [
        "Close the way out: ready",
        "Decide whether to tell: ready",
        "Wait for the name: waiting (waits for its time or event)",
    ]
    told.add(e.StepStarted(step="tidy", role="commander"))
    assert "Tidy up: active" in _points(told, "step")
    told.add(e.StepFailed(step="tidy", role="commander", reason="timed-out"))
    assert "Tidy up: failed" in _points(told, "step")


def test_what_is_overdue_comes_first_then_what_is_due_soonest() -> None:
    points = ToldRun().report(at=200).open_points
    assert [(point.id, point.overdue) for point in points[:3]] == [
        ("cut-off", True),
        ("customers", True),
        ("decide-telling", False),
    ]
    assert [point.due for point in points[3:]] == [None] * 4


def test_overdue_points_are_counted_in_the_summary() -> None:
    assert ToldRun().report(at=200).summary.overdue == 2
    assert ToldRun().report(at=100).summary.overdue == 0


def test_required_facts_and_those_that_a_step_waits_for_are_open_points() -> None:
    told = ToldRun()
    assert _points(told, "fact") == [
        "Not known: When did we know?",
        "Not known: Who was it?",
    ]
    told.add(e.FactRecorded(name="awareness", value="2026-01-02T07:10:00+00:00"))
    told.add(e.StepSkipped(step="await-name", role="counsel", reason=told.seal("no matter")))
    assert _points(told, "fact") == []


def test_a_notice_that_was_begun_is_an_open_point_until_it_is_sent() -> None:
    told, seen = ToldRun(), []
    for event in (None, previewed(told), approved(), approved(), ended(Counts(accepted=40))):
        if event is not None:
            told.add(event, by="kim" if len(told.entries) % 2 else "robin")
        seen.append(_points(told, "notice"))
    assert seen == [
        [],
        ["Letter to customers: prepared, not approved"],
        ["Letter to customers: prepared, not approved"],
        ["Letter to customers: approved, not sent"],
        [],
    ]


def test_an_overdue_notice_is_an_open_point_unless_its_step_was_left_out() -> None:
    told = ToldRun()
    assert _points(told, "notice", at=200) == ["Letter to customers: not prepared"]
    told.add(e.StepSkipped(step="tell-customers", role="counsel", reason=told.seal("nobody")))
    assert _points(told, "notice", at=200) == []


def test_recipients_that_were_refused_or_are_unknown_are_an_open_point() -> None:
    told = ToldRun()
    told.add(previewed(told))
    told.add(ended(Counts(accepted=39, unknown=1)))
    doubt = "39 accepted, 1 unknown; whether the unknown arrived is not known"
    assert _points(told, "recipients") == [f"Letter to customers, version 1: {doubt}"]
    told.add(previewed(told, version=2))
    told.add(ended(Counts(refused=1), version=2))
    assert _points(told, "recipients")[1:] == ["Letter to customers, version 2: 1 refused"]


def test_a_backup_is_an_open_point_until_a_newer_proof_of_its_kind_passes() -> None:
    told = ToldRun()
    told.add(checked())
    told.add(drilled())
    open_point = "Backup of crm verified: fail (repository-damaged), event 2"
    assert _points(told, "backup") == [open_point]
    told.add(checked(verdict="pass"))
    assert _points(told, "backup") == []
    told.add(drilled(verdict="error"))
    assert _points(told, "backup") == [
        "Drill customer-records: crm restored into scratch: error, event 5"
    ]


def test_a_vacant_role_is_an_open_point_while_the_run_is_open() -> None:
    told = ToldRun()
    assert _points(told, "role") == ["Nobody is Counsel"]
    told.add(e.RunClosed(outcome="false-alarm"))
    assert _points(told, "role") == []


def test_a_step_that_was_waived_at_closing_says_so() -> None:
    told = ToldRun()
    told.add(e.RunClosed(outcome="resolved", waived=("cut-off",)))
    assert "Close the way out: ready, waived at closing" in _points(told, "step", at=600)
    assert told.report(at=600).summary.overdue == 0


def test_whom_to_tell_yet_is_an_open_point_where_a_time_is_set() -> None:
    told = ToldRun()
    due = (told.entries[0].at, told.entries[0].at)
    told.add(e.DutyMet(rule="TOLD"))
    told.clocks = (
        duty_clock(rule("LATE"), "late", due=due),
        duty_clock(rule("OPEN"), due=due),
        duty_clock(rule("AT-ONCE")),
        duty_clock(rule("TOLD"), "late", due=due),
        duty_clock(rule("WAIVED"), "waived", due=due),
    )
    points = [point for point in told.report().open_points if point.kind == "duty"]
    assert [(point.id, point.what, point.overdue) for point in points] == [
        ("LATE", "authority: late", True),
        ("OPEN", "authority: open", False),
    ]
