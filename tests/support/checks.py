"""What single checks are tested with: a kit, and short words for results."""

from __future__ import annotations

import os
from typing import Any

from ccir.checks.interface import CheckKit, Tree
from ccir.clock import SystemClock
from ccir.domain.outcomes import CheckResult


def kit_of(**more: Any) -> CheckKit:  # noqa: ANN401 - the fields of a CheckKit
    """Return what a drill would hand over."""
    path = {"PATH": os.environ["PATH"]}
    usual = {"clock": SystemClock(), "environment": path, "found": Tree(files=1, bytes=1)}
    return CheckKit(**{**usual, **more})


def told(result: CheckResult) -> tuple[str, str]:
    """Return the verdict and its code."""
    return result.verdict, result.reason
