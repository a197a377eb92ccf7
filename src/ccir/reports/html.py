"""A report as one page of HTML: no script, nothing loaded from elsewhere, fit for printing."""

from __future__ import annotations

from ccir.reports.environment import environment
from ccir.reports.escaping import clean
from ccir.reports.model import Report

_SECTIONS = (
    ("summary", "Summary"),
    ("open", "Open points"),
    ("people", "People"),
    ("facts", "Facts"),
    ("decisions", "Decisions"),
    ("steps", "Steps"),
    ("backups", "Backups"),
    ("notices", "Notices"),
    ("register", "Breach register"),
    ("evidence", "Evidence"),
    ("timeline", "Timeline"),
)


def html(report: Report) -> str:
    """Return the report as one self-contained page."""
    form = environment().get_template("report.html.j2")
    return clean(form.render(report=report, sections=_SECTIONS))
