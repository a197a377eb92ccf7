"""A report as one page of HTML: no script, nothing loaded from elsewhere, fit for printing."""

from __future__ import annotations

from ccir.reports.forms import clean, environment
from ccir.reports.model import Report


def html(report: Report) -> str:
    """Return the report as one self-contained page."""
    return clean(environment("html").get_template("report.html.j2").render(report=report))
