"""Runs a drill's checks on what was restored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import msgspec

from ccir import registry
from ccir.checks.interface import Check, CheckKit
from ccir.domain.drills import CheckPlan
from ccir.domain.outcomes import CheckResult
from ccir.drilling.failures import error_result
from ccir.errors import CcirError

ALWAYS = "file-count"
_VERDICTS = ("pass", "fail", "error")


def judge(
    folder: Path,
    plans: tuple[CheckPlan, ...],
    kit: CheckKit,
    *,
    tell: Callable[[str], None] = lambda _kind: None,
) -> tuple[CheckResult, ...]:
    """Return what every check found; the count of files is judged even if no plan asks for it.

    The kit's deadline is for all checks together; `tell` hears the kind of each that begins.
    """
    until = kit.clock.monotonic() + kit.deadline_seconds
    kinds = {plan.kind for plan in plans}
    counted = () if ALWAYS in kinds else (CheckPlan(kind=ALWAYS),)
    results: tuple[CheckResult, ...] = ()
    for plan in (*counted, *plans):
        left = until - kit.clock.monotonic()
        tell(plan.kind)
        started = msgspec.structs.replace(kit, deadline_seconds=left)
        results = (*results, _too_late(plan, started) or _run(folder, plan, started))
    return results


def _too_late(plan: CheckPlan, kit: CheckKit) -> CheckResult | None:
    if kit.is_cancelled():
        return error_result(plan.kind, "cancelled", "the drill was cancelled", hint="run it again")
    if kit.deadline_seconds <= 0:
        detail = "the drill's deadline was over before this check began"
        return error_result(plan.kind, "timed-out", detail, hint="allow the drill more time")
    return None


def _run(folder: Path, plan: CheckPlan, kit: CheckKit) -> CheckResult:
    try:
        check = cast("Check[msgspec.Struct]", registry.member("checks", plan.kind))
        arguments = msgspec.convert(plan.arguments, check.arguments)
        return _conclusive(check.run(folder, arguments, kit))
    except msgspec.ValidationError as error:
        hint = "correct the drill's `with`"
        return error_result(plan.kind, "bad-arguments", str(error), hint=hint)
    except CcirError as error:
        return error_result(plan.kind, error.code, error.message, hint=error.hint)
    except OSError as error:
        detail = error.strerror or type(error).__name__
        hint = "look at the restored folder by hand"
        return error_result(plan.kind, "check-failed", detail, hint=hint)


def _conclusive(result: CheckResult) -> CheckResult:
    """Return the result, or an error for a check that was asked and judged nothing."""
    if result.verdict in _VERDICTS:
        return result
    detail = f"the check answered '{result.verdict}', which proves nothing"
    return error_result(result.name, "proved-nothing", detail, hint=result.hint)
