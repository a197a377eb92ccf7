from __future__ import annotations

import re
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from ccir.domain.events import HoldPlaced, NoteAdded
from ccir.reports.drill_series import SHOWN_LIMIT
from ccir.reports.escaping import clean
from ccir.reports.html import html
from ccir.reports.timeline import PRIVILEGED
from support.drill_course import played
from support.full_run import full_run
from support.page import Page
from support.told_run import ToldRun

_MARKUP = st.text(alphabet="ab<>&\"'/={}%#-! \n\x00\u202e", max_size=30)


def _full() -> str:
    return html(full_run().report(at=400))


def test_the_page_is_whole_and_tells_every_section() -> None:
    page = Page(_full())
    assert page.is_balanced
    assert page.text("h2") == (
        "SummaryOpen pointsPeopleFactsDecisionsStepsBackupsDrills over timeNotices"
        "Breach registerEvidenceTimeline"
    )
    assert page.tags.count("h1") == 1


def test_the_page_runs_nothing_and_loads_nothing() -> None:
    page = Page(_full())
    forbidden = {"script", "img", "link", "iframe", "object", "embed", "form", "base"}
    assert not forbidden & {*page.tags}
    assert not {name for _, name, _ in page.attributes if name.startswith(("on", "src", "style"))}
    assert all(target.startswith("#") for target in page.values("href"))
    assert "default-src 'none'" in "".join(page.values("content"))
    assert not re.search(r"url\(|@import|expression", page.text("style"))


def test_a_picture_has_a_name_and_its_words_and_its_numbers_stand_in_a_table() -> None:
    page = Page(_full())
    pictures = [name for tag, name, _ in page.attributes if tag == "svg" and name == "role"]
    assert len(pictures) == page.tags.count("figure") == page.tags.count("desc") == 3
    assert {*page.values("aria-describedby")} <= {*page.values("id")}
    assert "The same numbers" in page.text("caption")
    assert "Recovery time (RTO) of customer-records" in page.text("span")
    assert "24 drills" not in page.text(), "none is left out"
    drawn = page.tags[page.tags.index("figure") :]
    assert {"svg", "path", "polyline", "text", "g", "title"} <= {*drawn}


def test_a_verdict_is_a_shape_and_what_was_only_read_is_hollow() -> None:
    page = Page(_full())
    marks = {
        (tag, value)
        for tag, name, value in page.attributes
        if name == "class" and value.startswith("mark ")
    }
    assert {value for _, value in marks} == {
        "mark pass",
        "mark pass hollow",
        "mark fail",
        "mark error",
        "mark skipped",
    }
    assert "hollow: read, or a sample, not restored whole, so no RTO" in page.text()


def test_without_drills_nothing_is_drawn() -> None:
    page = Page(html(ToldRun().report()))
    assert "svg" not in page.tags
    assert "#drills" not in page.values("href")


def test_of_many_drills_the_newest_are_shown() -> None:
    told = ToldRun()
    told.drills = tuple(played(day) for day in range(SHOWN_LIMIT + 4))
    text = Page(html(told.report())).text()
    assert f"the newest {SHOWN_LIMIT} drills; 4 earlier ones are left out" in text


def test_a_drill_tells_how_it_was_played_and_what_it_proved() -> None:
    page = Page(_full())
    for words in (
        "sample: a restore of a sample, number 4 of 10",
        "L6: the application's own checks pass",
        "fail: damage that was made on purpose was not found",
        "restic 0.14.0",
    ):
        assert words in page.text("dd")


def test_a_drill_that_is_named_as_proof_is_told_with_its_run() -> None:
    page = Page(_full())
    assert "DR-2026-0007, event 4" in page.text("dd")
    assert "3e" * 32 in page.text("code")
    assert "3 snapshots looked at; 1 d 1 h would be lost by going back to it" in page.text("dd")


def test_each_link_leads_to_its_section() -> None:
    page = Page(_full())
    assert {target[1:] for target in page.values("href")} <= {*page.values("id")}
    assert len(page.values("id")) == len({*page.values("id")})
    assert {*page.values("aria-labelledby")} <= {*page.values("id")}


def test_a_screen_reader_finds_language_captions_and_headers() -> None:
    page = Page(_full())
    assert page.values("lang") == ["en"]
    assert page.tags.count("table") == page.tags.count("caption") == page.tags.count("thead")
    headers = page.tags.count("th")
    assert headers == len(page.values("scope"))
    assert page.tags.count("td") <= len(page.values("data-label"))
    assert {"main", "header", "nav", "footer"} <= {*page.tags}


def test_it_is_readable_on_a_phone_in_the_dark_and_on_paper() -> None:
    text = _full()
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in text
    for media in ("(prefers-color-scheme: dark)", "(max-width: 45rem)", "print"):
        assert f"@media {media}" in text


def test_moments_can_be_read_by_programs_and_gaps_are_seen() -> None:
    text = _full()
    moment = (
        '<time datetime="2026-01-02T08:00:00+00:00">2026-01-02 09:00 CET (08:00 UTC)</time>'
        ' <span class="tag warn">entered 50 min later</span>'
    )
    assert text.count(moment) == 3  # among the facts, in the register and in the timeline


def test_an_exercise_says_so_before_all_else() -> None:
    text = html(full_run(kind="exercise").report())
    body = Page(text[text.index("<body>") : text.index("</html>")])
    assert body.text().split()[0] == "EXERCISE"
    assert "<title>EXERCISE INC-2026-0001" in text
    assert "EXERCISE" not in _full()


def test_a_legal_hold_is_shown_at_the_top() -> None:
    told = ToldRun()
    assert "LEGAL HOLD" not in html(told.report())
    told.add(HoldPlaced(reason=told.seal("litigation")))
    text = html(told.report())
    assert text.index("LEGAL HOLD") < text.index("<h1>")


def test_overdue_points_stand_out() -> None:
    early, late = (html(ToldRun().report(at=at)) for at in (60, 200))
    tag = '<span class="tag bad">OVERDUE</span>'
    assert tag not in early
    assert late.count(tag) == 4  # a step and a notice, each in its place and as an open point
    assert '<tr class="overdue">' in late


def test_a_privileged_note_is_left_out_or_announced() -> None:
    told = ToldRun()
    told.add(NoteAdded(text=told.seal("advice of counsel"), privileged=True))
    without, with_it = (html(told.report(privileged=each)) for each in (False, True))
    assert PRIVILEGED in without
    assert "advice of counsel" not in without
    assert "advice of counsel" in with_it
    assert with_it.index("PRIVILEGED") < with_it.index("<h1>")


def test_a_run_in_which_nothing_happened_says_so_in_words() -> None:
    text = html(ToldRun().report())
    for words in ("None was recorded.", "None was taken.", "None was verified or restored."):
        assert words in text
    assert Page(text).is_balanced


@cache
def _usual() -> Page:
    return Page(html(full_run(note="usual").report(at=400, privileged=True)))


@settings(max_examples=40)  # each writes a whole page
@given(st.one_of(st.text(max_size=30), _MARKUP))
def test_nothing_that_people_wrote_is_markup(note: str) -> None:
    usual = _usual()
    page = Page(html(full_run(note=f"x{note}x").report(at=400, privileged=True)))
    assert page.tags == usual.tags
    assert [each[:2] for each in page.attributes] == [each[:2] for each in usual.attributes]
    assert page.text().count(clean(f"x{note}x")) >= 13
