"""What can be wrong with a restic repository or on the way to it, and what to do about it."""

from __future__ import annotations

import msgspec

from ccir.backup.interface import Outcome, Reason, ToolVerdict


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that can be wrong: its reason code, how it is judged, and what to do about it."""

    reason: Reason
    verdict: ToolVerdict
    detail: str
    hint: str


def fault(reason: Reason) -> Fault:
    """Return the fault of that reason code."""
    return _FAULTS[reason]


def outcome_of(found: Fault, *, line: str = "") -> Outcome:
    """Return the outcome that a fault stands for, with the line that speaks for it."""
    evidence = f": {line.strip()}" if line.strip() else ""
    return Outcome(
        verdict=found.verdict,
        reason=found.reason,
        detail=found.detail + evidence,
        hint=found.hint,
    )


def _damage(reason: Reason, detail: str) -> Fault:
    hint = "change nothing in this repository; restore from another copy, repair a copy of this one"
    return Fault(reason=reason, verdict="fail", detail=detail, hint=hint)


def _trouble(reason: Reason, detail: str, hint: str) -> Fault:
    return Fault(reason=reason, verdict="error", detail=detail, hint=hint)


_ALL = (
    _damage("config-damaged", "the repository's configuration is damaged"),
    _damage("key-damaged", "a key of the repository is damaged or gone"),
    _damage("index-damaged", "the repository's index is damaged or incomplete"),
    _damage("snapshot-damaged", "a snapshot of the repository is damaged"),
    _damage("pack-damaged", "backed-up data in the repository is damaged or gone"),
    _damage("repository-damaged", "the repository is damaged"),
    Fault(
        reason="repository-missing",
        verdict="fail",
        detail="there is no repository at the target's path",
        hint="check that the backup's disk is mounted and that the target names the right path",
    ),
    Fault(
        reason="no-snapshots",
        verdict="fail",
        detail="the repository holds no such snapshot",
        hint="check when the backup last ran, and the target's hosts, tags and paths",
    ),
    Fault(
        reason="not-append-only",
        verdict="fail",
        detail="the server would let backed-up data be deleted",
        hint="start it append-only (rest-server --append-only), and prune with other credentials",
    ),
    _trouble(
        "password-unavailable",
        "the repository's password could not be had",
        "check the target's password_file or password_command",
    ),
    _trouble(
        "password-timeout",
        "the password command gave no answer in time",
        "run the target's password_command by hand; it may wait for somebody to unlock it",
    ),
    _trouble(
        "password-exposed",
        "every user of this machine can read the repository's password",
        "chmod 600 the file, and think about changing the password",
    ),
    _trouble(
        "wrong-password",
        "the repository does not open with this password",
        "check the target's password source against the password that the backup is made with",
    ),
    _trouble(
        "locked",
        "another restic holds the repository's lock",
        "wait until that backup or prune is done; if it crashed, run 'restic unlock'",
    ),
    _trouble(
        "no-space",
        "there is not enough space to restore into",
        "free space, or name a larger scratch folder",
    ),
    _trouble(
        "read-only",
        "something that had to be written is read-only",
        "check how the repository and the scratch folder are mounted",
    ),
    _trouble(
        "permission-denied",
        "access was denied",
        "check the rights of this user and of the target's credentials",
    ),
    _trouble(
        "wrong-target",
        "the target cannot be used as it is written",
        "check the target's entry in ccir.toml",
    ),
    _trouble(
        "unreachable",
        "the repository could not be reached",
        "check network, address and credentials, then try again",
    ),
    _trouble("timed-out", "restic was not done in time", "try again, or allow more time"),
    _trouble("cancelled", "the call was cancelled", "try again"),
    _trouble(
        "content-unknown",
        "what the files must be cannot be learnt from the repository's trees",
        "check the repository: its trees, its index and its list of files do not agree",
    ),
    _trouble(
        "tool-crashed", "restic crashed", "try again with a newer restic, and keep the output"
    ),
    _trouble(
        "tool-missing", "restic cannot be started", "install it (Debian: apt-get install restic)"
    ),
    _trouble("tool-too-old", "this restic is too old", "install restic 0.14 or newer"),
    _trouble(
        "unrecognised-output",
        "restic answered something that ccir does not know",
        "read the captured output, and check restic's version",
    ),
)
_FAULTS = {each.reason: each for each in _ALL}
