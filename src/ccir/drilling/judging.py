"""Runs a drill's checks on what was restored."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import msgspec

from ccir import registry
from ccir.checks.interface import Check, CheckKit
from ccir.domain.drills import CheckPlan
from ccir.domain.outcomes import CheckResult
from ccir.errors import CcirError

ALWAYS = "file-count"


def judge(folder: Path, plans: tuple[CheckPlan, ...], kit: CheckKit) -> tuple[CheckResult, ...]:
    """Return what every check found; the count of files is judged even if no plan asks for it."""
    kinds = {plan.kind for plan in plans}
    counted = () if ALWAYS in kinds else (CheckPlan(kind=ALWAYS),)
    return tuple(_run(folder, plan, kit) for plan in (*counted, *plans))


def _run(folder: Path, plan: CheckPlan, kit: CheckKit) -> CheckResult:
    try:
        check = cast("Check[msgspec.Struct]", registry.member("checks", plan.kind))
        arguments = msgspec.convert(plan.arguments, check.arguments)
        return check.run(folder, arguments, kit)
    except msgspec.ValidationError as error:
        return _error(plan, "bad-arguments", str(error), hint="correct the drill's `with`")
    except CcirError as error:
        return _error(plan, error.code, error.message, hint=error.hint)
    except OSError as error:
        detail = error.strerror or type(error).__name__
        return _error(plan, "check-failed", detail, hint="look at the restored folder by hand")


def _error(plan: CheckPlan, reason: str, detail: str, *, hint: str) -> CheckResult:
    return CheckResult(name=plan.kind, verdict="error", reason=reason, detail=detail, hint=hint)
