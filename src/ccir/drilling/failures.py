"""What a drill or a restore says of failures that are its own, not the backup's."""

from __future__ import annotations

from pathlib import Path

from ccir.checks.interface import Tree
from ccir.domain.drills import Ceiling
from ccir.domain.outcomes import CheckResult
from ccir.domain.spans import span
from ccir.errors import CcirError


def untried(error: CcirError) -> CheckResult:
    """Return the result of work that could not even be begun."""
    return error_result("preparation", error.code, error.message, hint=error.hint)


def unwritable(error: OSError, folder: Path) -> CheckResult:
    """Return the result of a folder that could not be written or read.

    The error's own file name is left out: what was restored may be named after a customer.
    """
    detail = f"{folder}: {error.strerror or type(error).__name__}"
    return error_result("restore", "unwritable", detail, hint="check the folder's disk and rights")


def proved_nothing() -> CheckResult:
    """Return the result of a drill that restored or asserted nothing."""
    detail = "nothing was restored, so nothing is proven"
    return error_result("drill", "proved-nothing", detail, hint="run it again and read its checks")


def above_ceiling(tree: Tree, ceiling: Ceiling) -> CheckResult:
    """Return the result of more to be restored than the drill may restore."""
    bounds = (f"{ceiling.bytes} bytes", ceiling.bytes), (f"{ceiling.files} files", ceiling.files)
    allowed = " and ".join(text for text, bound in bounds if bound is not None)
    coming = f"{tree.files} files, {tree.bytes} bytes"
    detail = f"{coming} were to be restored; the ceiling is {allowed}"
    hint = "raise the drill's ceiling, or restore less: mode: sample with more buckets, or stream"
    return error_result("ceiling", "above-ceiling", detail, hint=hint)


def too_large_a_sample(files: int, most: int) -> CheckResult:
    """Return the result of a sample with more files than the tool can be asked for by name."""
    detail = f"the sample holds {files} files; {most} can be restored by name"
    hint = "take more buckets, or use mode: stream, which reads everything and writes nothing"
    return error_result("ceiling", "sample-too-large", detail, hint=hint)


def cancelled(name: str, *, is_late: bool) -> CheckResult:
    """Return the result of work that was ended before it was done."""
    if is_late:
        detail = "the drill's deadline was over before it was done"
        return error_result(name, "timed-out", detail, hint="allow the drill more time")
    return error_result(name, "cancelled", "the drill was cancelled", hint="run it again")


def left_behind(folder: Path) -> CheckResult:
    """Return the result of a scratch folder that could not be removed."""
    detail = f"restored data is left in {folder}"
    return error_result("cleanup", "cleanup-failed", detail, hint=f"remove it: rm -rf {folder}")


def judge_rto(seconds: float, objective: float | None) -> CheckResult:
    """Judge how long it took from looking for the snapshot to the last check."""
    detail = f"it took {span(seconds)}; {promised('RTO', objective, seconds=seconds)}"
    if objective is None or seconds <= objective:
        return CheckResult(name="rto", verdict="pass", detail=detail)
    return CheckResult(
        name="rto",
        verdict="fail",
        reason="rto-exceeded",
        detail=detail,
        hint="find out what was slow, or promise what can be kept",
    )


def promised(name: str, objective: float | None, *, seconds: float) -> str:
    """Return in words what was promised, and by how much the seconds miss it."""
    if objective is None:
        return f"no {name} is set"
    missed = f", missed by {span(seconds - objective)}" if seconds > objective else ""
    return f"the {name} is {span(objective)}{missed}"


def error_result(name: str, reason: str, detail: str, *, hint: str) -> CheckResult:
    """Return a result without a verdict on the backup."""
    return CheckResult(name=name, verdict="error", reason=reason, detail=detail, hint=hint)
