"""Verdicts on the screen: one line a check, and what to do now."""

from __future__ import annotations

from collections.abc import Sequence

from ccir.cli.session import Session
from ccir.domain.outcomes import CheckResult

VERDICT_STYLES = {"pass": "green", "fail": "bold red", "error": "yellow", "skipped": "dim"}


def show_checks(session: Session, checks: Sequence[CheckResult], *, hint: str = "") -> None:
    """Print the checks as a table, and the hint below it."""
    session.speech.table(
        ("check", "verdict", "what was seen"),
        [
            (
                check.name,
                check.verdict + (f" ({check.reason})" if check.reason else ""),
                check.detail,
            )
            for check in checks
        ],
        styles=[VERDICT_STYLES.get(check.verdict, "") for check in checks],
    )
    if hint:
        session.speech.say(f"hint: {hint}")
