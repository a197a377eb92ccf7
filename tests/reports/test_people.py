from __future__ import annotations

from ccir.domain.events import SYSTEM, NoteAdded, RoleAssigned, RoleHandedOver, StepOverdue
from ccir.reports.people import NOBODY
from support.told_run import START, ToldRun


def test_every_holder_of_a_role_is_told_with_the_time_it_was_held() -> None:
    told = ToldRun()
    told.add(RoleHandedOver(role="commander", previous="alex", person="robin"), at=6)
    told.add(RoleAssigned(role="commander", person="kim"), at=9)
    held = [role for role in told.report().roles if role.role == "commander"]
    assert [role.person for role in held] == ["Alex Kim", "Robin Weiss", "Kim Weber"]
    assert [role.title for role in held] == ["Incident commander"] * 3
    assert [role.until for role in held] == [held[1].since, held[2].since, None]
    assert held[0].since is not None
    assert held[0].since.at == START


def test_a_role_that_nobody_ever_held_is_told_as_vacant() -> None:
    vacant = ToldRun().report().roles[-1]
    assert (vacant.role, vacant.person, vacant.since) == ("counsel", NOBODY, None)


def test_whoever_recorded_events_is_told_with_her_accounts() -> None:
    told = ToldRun()
    for user in ("kim", "shared", "kim"):
        told.add(NoteAdded(text=told.seal("a note")), by="kim", user=user)
    alex, kim = told.report().people
    assert (alex.id, alex.events) == ("alex", 1)
    assert (kim.id, kim.name, kim.events) == ("kim", "Kim Weber", 3)
    assert kim.accounts == ("kim@desk", "shared@desk")


def test_ccir_itself_is_nobody() -> None:
    told = ToldRun()
    told.add(StepOverdue(step="cut-off", due_at=START), by=SYSTEM, at=120)
    assert [person.id for person in told.report().people] == ["alex"]


def test_simulated_people_are_labelled_wherever_they_stand() -> None:
    told = ToldRun()
    told.add(NoteAdded(text=told.seal("a note")), by="kim")
    report = told.report(simulated=frozenset({"kim", "alex"}))
    assert report.roles[0].person == "Alex Kim (simulated)"
    assert report.people[1].name == "Kim Weber (simulated)"
    assert report.timeline[-1].by == "Kim Weber (simulated)"
