from __future__ import annotations

from ccir.domain.events import EventCorrected, NoteAdded, RolesAlerted, SendingEnded, StepStarted
from ccir.domain.notices import Counts
from ccir.domain.wording import sentence
from ccir.reports.timeline import PRIVILEGED
from support.full_run import full_run, previewed
from support.told_run import ToldRun


def test_every_event_stands_in_the_order_of_the_log_with_its_sentence() -> None:
    told = full_run()
    timeline = told.report().timeline
    assert [entry.event for entry in timeline] == list(range(1, len(told.entries) + 1))
    assert [entry.what for entry in timeline] == [sentence(each.event) for each in told.entries]
    assert [entry.type for entry in timeline] == [each.type for each in told.entries]


def test_the_order_is_the_logs_even_where_an_event_was_entered_later() -> None:
    told = ToldRun()
    told.add(NoteAdded(text=told.seal("first entered")), at=30)
    told.add(NoteAdded(text=told.seal("happened before")), at=10, later=25)
    _, first, second = told.report().timeline
    assert (first.said, first.at.later) == (("first entered",), "")
    assert (second.said, second.at.later) == (("happened before",), "entered 25 min later")
    assert second.at.at < first.at.at


def test_an_event_tells_who_did_it_and_through_which_account() -> None:
    told = ToldRun()
    told.add(StepStarted(step="cut-off", role="commander"), by="kim", user="shared")
    entry = told.report().timeline[-1]
    assert (entry.by, entry.account) == ("Kim Weber", "shared@desk")


def test_a_privileged_note_keeps_its_place_without_its_text() -> None:
    told = ToldRun()
    told.add(NoteAdded(text=told.seal("advice of counsel"), privileged=True))
    assert told.report().timeline[-1].said == (PRIVILEGED,)


def test_a_privileged_note_is_shown_if_it_is_asked_for() -> None:
    told = ToldRun()
    told.add(NoteAdded(text=told.seal("advice of counsel"), privileged=True))
    assert told.report(privileged=True).timeline[-1].said == ("advice of counsel",)


def test_an_event_that_was_wrong_stays_and_names_its_correction() -> None:
    told = ToldRun()
    seq = told.add(NoteAdded(text=told.seal("wrong")))
    told.add(EventCorrected(seq=seq, reason=told.seal("I mixed it up")))
    _, note, correction = told.report().timeline
    assert note.said == ("wrong",)
    assert note.wrong == "called wrong by event 3"
    assert (correction.said, correction.wrong) == (("I mixed it up",), "")


def test_what_a_channel_said_is_told() -> None:
    told = ToldRun()
    told.add(previewed(told))
    ended = SendingEnded(
        notice="customers", version=1, ended="unavailable", counts=Counts(planned=40), detail="421"
    )
    told.add(ended)
    told.add(RolesAlerted(roles=("counsel",), channel="pager", state="unknown", detail="no answer"))
    told.add(RolesAlerted(roles=("counsel",), channel="pager", state="accepted"))
    assert [entry.said for entry in told.report().timeline[-3:]] == [("421",), ("no answer",), ()]


def test_a_notices_whole_text_is_no_part_of_the_timeline() -> None:
    told = ToldRun()
    told.add(previewed(told))
    assert told.report().timeline[-1].said == ()
