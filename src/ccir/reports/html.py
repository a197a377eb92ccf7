"""A report as one page of HTML: no script, nothing loaded from elsewhere, fit for printing."""

from __future__ import annotations

from ccir.domain.moments import zone_of
from ccir.reports.chart_marks import shape
from ccir.reports.drill_chart import LANE, PLANE, charts
from ccir.reports.environment import environment
from ccir.reports.escaping import clean
from ccir.reports.model import Report

_DRILLS = ("drills", "Drills over time")
_SECTIONS = (
    ("summary", "Summary"),
    ("open", "Open points"),
    ("people", "People"),
    ("facts", "Facts"),
    ("decisions", "Decisions"),
    ("steps", "Steps"),
    ("backups", "Backups"),
    _DRILLS,
    ("notices", "Notices"),
    ("register", "Breach register"),
    ("evidence", "Evidence"),
    ("timeline", "Timeline"),
)


def html(report: Report) -> str:
    """Return the report as one self-contained page."""
    form = environment().get_template("report.html.j2")
    zone = zone_of(report.summary.zone)
    return clean(
        form.render(
            report=report,
            sections=[each for each in _SECTIONS if each != _DRILLS or report.drills],
            charts={series.drill: charts(series, zone) for series in report.drills},
            shape=shape,
            plane=PLANE,
            lane=LANE,
        )
    )
