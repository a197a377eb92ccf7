"""A report as Markdown."""

from __future__ import annotations

from ccir.reports.environment import environment
from ccir.reports.model import Report


def markdown(report: Report) -> str:
    """Return the report as Markdown in which nothing that people wrote is markup."""
    return environment().get_template("report.md.j2").render(report=report)
