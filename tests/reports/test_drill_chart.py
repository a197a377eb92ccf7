from __future__ import annotations

from zoneinfo import ZoneInfo

from ccir.domain.drill_history import Played
from ccir.reports.drill_chart import LANE, PLANE, Chart, charts
from ccir.reports.drill_series import drill_series
from support.drill_course import DAY, HOUR, long_course, played
from support.told_run import ToldRun

BERLIN = ZoneInfo("Europe/Berlin")


def drawn(*course: Played) -> dict[str, Chart]:
    [series] = drill_series(course, ToldRun().teller)
    return {chart.name: chart for chart in charts(series, BERLIN)}


def test_a_picture_of_which_no_value_is_known_is_left_out() -> None:
    assert [*drawn(*long_course())] == ["rto", "rpo", "coverage"]
    assert [*drawn(played(0))] == ["rto", "rpo"]
    assert drawn(played(0, verdict="error", times=(None, None))) == {}


def test_1_what_was_not_restored_whole_is_hollow_and_no_line_joins_it() -> None:
    found = drawn(
        played(0), played(1, mode="stream", times=(9, HOUR)), played(2), played(3, mode="sample")
    )
    assert [mark.is_hollow for mark in found["rto"].marks] == [False, True, False, True]
    assert found["rto"].line.count(",") == 2
    assert found["rto"].marks[1].told.endswith("pass, 9 s, read, not restored")
    assert found["rto"].marks[3].told.endswith("10 min, a sample, not restored whole")
    assert not any(mark.is_hollow for mark in found["rpo"].marks), "its age is as good as any"
    assert found["rpo"].line.count(",") == 4


def test_2_a_drill_without_a_value_stands_below_the_axis() -> None:
    chart = drawn(played(0), played(1, verdict="error", times=(None, None), reason="locked"))["rto"]
    assert chart.has_lane
    assert f" {LANE - 6:g}" in chart.marks[1].path
    assert chart.marks[1].told == (
        "DR-2026-0002, 2026-01-03 09:00 CET (08:00 UTC): error (locked), no value"
    )
    assert not drawn(played(0))["rto"].has_lane


def test_3_an_objective_far_above_every_value_is_told_and_not_drawn() -> None:
    limit = drawn(played(0, times=(30, HOUR), promised=(4 * HOUR, DAY)))["rto"].limit
    assert limit is not None
    assert (limit.path, limit.text) == ("", "objective 4 h, far above this picture")


def test_an_objective_holds_until_the_drill_that_has_another_one() -> None:
    limit = drawn(played(0), played(1, promised=(600, DAY)), played(2, promised=(600, DAY)))[
        "rto"
    ].limit
    assert limit is not None
    assert limit.text == "dashed: objective 10 min"
    assert limit.path.startswith(f"M{PLANE.left:g} ")
    assert limit.path.endswith(f"H{PLANE.right:g}")
    assert limit.path.count("V") == 2
    assert drawn(played(0, promised=(None, None)))["rto"].limit is None


def test_the_axes_name_whole_units_and_days_of_the_zone() -> None:
    chart = drawn(*long_course())["rto"]
    assert [row.text for row in chart.rows] == ["0 s", "5 min", "10 min", "15 min", "20 min"]
    assert [chart.columns[0].text, chart.columns[-1].text] == ["2026-01-02", "2026-01-25"]
    assert [row.text for row in drawn(*long_course())["coverage"].rows] == ["0 %", "50 %", "100 %"]


def test_what_a_picture_shows_is_told_in_a_sentence() -> None:
    found = drawn(*long_course())
    assert found["rto"].title == "Recovery time (RTO) of customer-records"
    assert found["rto"].told == (
        "2026-01-02 to 2026-01-25: 20 pass, 1 error, 2 fail, 1 skipped; "
        "from 5 min to 17 min, the last one 9 min 40 s; dashed: objective 15 min"
    )
    assert found["coverage"].told.endswith("; from 10 % to 100 %, the last one 100 %")
    stream = drawn(played(0, mode="stream"))["rto"]
    assert "1 pass; nothing was restored whole; " in stream.told


def test_a_single_drill_is_drawn_in_the_middle() -> None:
    chart = drawn(played(0))["rto"]
    assert [column.text for column in chart.columns] == ["01-02 09:00"]
    assert chart.columns[0].at == (PLANE.left + PLANE.right) / 2
