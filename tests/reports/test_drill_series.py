from __future__ import annotations

import msgspec

from ccir.domain.drill_history import Played
from ccir.domain.rto_estimate import NoEstimate, RtoEstimate
from ccir.reports.drill_series import SHOWN_LIMIT, DrillSeries, drill_ids, drill_series
from support.drill_course import GIB, HOUR, played
from support.full_run import full_run
from support.told_run import ToldRun


def series(*course: Played) -> DrillSeries:
    [found] = drill_series(course, ToldRun().teller)
    return found


def test_a_run_names_the_drills_that_it_played_or_cited() -> None:
    assert drill_ids(full_run().entries) == {"customer-records", "monthly-crm", "nightly"}
    assert drill_ids(ToldRun().entries) == frozenset()


def test_each_drill_has_a_series_of_its_own() -> None:
    other = played(1)
    other = msgspec.structs.replace(
        other, result=msgspec.structs.replace(other.result, drill="archive")
    )
    found = drill_series((played(0), other, played(2)), ToldRun().teller)
    assert [(each.drill, len(each.points)) for each in found] == [
        ("archive", 1),
        ("customer-records", 2),
    ]


def test_a_point_tells_its_numbers_to_people_and_to_programs() -> None:
    [point] = series(played(2, share=0.5)).points
    assert (point.run, point.event, point.at.shown) == (
        "DR-2026-0003",
        4,
        "2026-01-04 09:00 CET (08:00 UTC)",
    )
    assert (point.rto_shown, point.rpo_shown, point.coverage_shown, point.size_shown) == (
        "10 min of 15 min",
        "1 h of 1 d",
        "50 %",
        "10,000 files, 1.0 GiB",
    )
    assert (point.rto.measured_seconds, point.coverage, point.is_whole) == (600, 0.5, True)


def test_what_is_not_known_is_left_empty() -> None:
    [point] = series(played(0, verdict="error", times=(None, None))).points
    assert (point.rto_shown, point.rpo_shown, point.coverage_shown) == ("", "", "")
    [unpromised] = series(played(0, promised=(None, None))).points
    assert unpromised.rto_shown == "10 min"


def test_a_time_that_is_no_rto_says_so() -> None:
    stream, sample, neither = series(
        played(0, mode="stream"),
        played(1, mode="sample"),
        played(2, mode="stream", times=(None, None)),
    ).points
    assert stream.rto_shown == "10 min of 15 min (read, not restored)"
    assert sample.rto_shown == "10 min of 15 min (a sample, not restored whole)"
    assert (stream.is_whole, sample.is_whole, neither.rto_shown) == (False, False, "")


def test_the_trend_is_of_full_restores_only() -> None:
    found = series(played(0), played(1, mode="stream", times=(5, HOUR)), played(2))
    assert found.trend is not None
    assert (found.trend.minimum, found.trend.count) == (600, 2)
    assert found.trend_shown == (
        "2 full restores: fastest 10 min, median 10 min, 95 of 100 within 10 min"
    )
    assert series(played(0)).trend_shown.startswith("1 full restore: ")
    assert series(played(0, mode="sample")).trend_shown == "no full restore was measured"


def test_only_the_newest_are_shown_and_the_others_counted() -> None:
    found = series(*(played(day) for day in range(SHOWN_LIMIT + 3)))
    assert (len(found.points), found.earlier) == (SHOWN_LIMIT, 3)
    assert found.points[-1].run == f"DR-2026-{SHOWN_LIMIT + 3:04}"
    assert series(played(0)).earlier == 0


def test_the_newest_snapshot_is_estimated_from_full_restores_alone() -> None:
    restores = [played(day, gib=day + 1, times=(60 * (day + 1), HOUR)) for day in range(3)]
    found = series(*restores, played(3, mode="stream", gib=4, times=(9, HOUR)))
    assert isinstance(found.estimate, RtoEstimate)
    assert found.estimate.bytes == 4 * GIB
    assert found.estimate_shown == (
        "4 min for 4.0 GiB in 40,000 files, estimated from 3 full restores, model a + b·bytes; "
        "95 of 100 restores lie within 0 s of it; this is more than was ever restored"
    )


def test_a_sample_does_not_say_how_large_the_newest_snapshot_is_but_coverage_does() -> None:
    restores = [played(day, gib=day + 2, times=(60 * (day + 2), HOUR)) for day in range(3)]
    sampled = series(*restores, played(3, mode="sample", gib=0.1))
    assert isinstance(sampled.estimate, RtoEstimate)
    assert sampled.estimate.bytes == 4 * GIB, "as the last full restore had it"
    covered = series(*restores, played(3, mode="sample", gib=0.1, share=0.2))
    assert isinstance(covered.estimate, RtoEstimate)
    assert (covered.estimate.bytes, covered.estimate.files) == (GIB, 1_000)


def test_files_stand_in_the_model_where_they_tell() -> None:
    sizes = ((1, 0), (2, 500), (3, 100), (4, 900), (5, 300))
    course = [
        played(number, gib=gib, times=(60 * gib + more, HOUR))
        for number, (gib, more) in enumerate(sizes)
    ]
    course = [
        msgspec.structs.replace(
            each, result=msgspec.structs.replace(each.result, files=100 * more + 1)
        )
        for each, (_, more) in zip(course, sizes, strict=True)
    ]
    assert "model a + b·bytes + c·files" in series(*course).estimate_shown


def test_where_there_is_no_estimate_it_says_why() -> None:
    found = series(played(0), played(1))
    assert isinstance(found.estimate, NoEstimate)
    assert found.estimate_shown.startswith("no estimate: it takes 3 full restores")
    unknown = series(played(0, mode="sample"))
    assert unknown.estimate_shown == ("no estimate: the size of the newest snapshot is not known")
