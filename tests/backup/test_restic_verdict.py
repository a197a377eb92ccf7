"""Whole calls of a restic that replays what 0.14, 0.18 and 0.19 were seen to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ccir.backup.interface import Outcome, Target, ToolKit
from ccir.backup.restic_call import Command
from ccir.backup.restic_verdict import call, probe
from ccir.clock import Clock, SystemClock
from support.fake_restic import VERSION_0_14, FakeRestic, fake_restic
from support.hurried_clock import HurriedClock
from support.restic_repository import Repository

REMOTE = Target(name="crm", repository="rest:http://backup.invalid/crm")
DAMAGED = "pack 11d79fe9: unexpected file size: got 38203, expected 76406"
STALE_LOCK = (
    "Fatal: unable to create lock in backend: repository is already locked exclusively by PID 7 "
    "on crm1 by root (UID 0, GID 0)\nlock was created at 2026-01-02 03:04:05 (2h ago)\n"
    "storage ID 0123abcd\nthe `unlock` command can be used to remove stale locks\n"
)
PANIC = (
    "panic: runtime error: invalid memory address or nil pointer dereference\n"
    "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x9f]\n\ngoroutine 1 [running]:\n"
)
REFUSED = (
    'Stat(<config/>) returned error, retrying after 720.254544ms: Head "http://127.0.0.1:1/config":'
    " dial tcp 127.0.0.1:1: connect: connection refused\n"
)


def fatal(code: int, words: str) -> str:
    return json.dumps({"message_type": "exit_error", "code": code, "message": words}) + "\n"


def called(
    fake: FakeRestic,
    target: Target = REMOTE,
    *,
    clock: Clock | None = None,
    **options: Any,  # noqa: ANN401 - the fields of a Command
) -> Outcome:
    command = Command(**{"arguments": ("check",), "deadline_seconds": 5.0, **options})
    kit = ToolKit(clock=clock or SystemClock(), environment={"PATH": fake.path})
    return call(kit, target, command)


def told(outcome: Outcome) -> tuple[str, str, int | None]:
    return outcome.verdict, outcome.reason, outcome.exit_code


@pytest.mark.parametrize(
    ("stderr", "exit_code", "verdict", "reason"),
    [
        ("", 0, "pass", ""),
        ("unable to open cache: mkdir /home/x: permission denied\n", 0, "pass", ""),
        (fatal(12, "Fatal: wrong password or no key found"), 12, "error", "wrong-password"),
        ("", 12, "error", "wrong-password"),
        (STALE_LOCK, 1, "error", "locked"),
        (STALE_LOCK, 11, "error", "locked"),
        (PANIC, 2, "error", "tool-crashed"),
        ("", 3, "error", "unrecognised-output"),
        ("Fatal: something new\n", 1, "error", "unrecognised-output"),
        (fatal(1, f"Fatal: {DAMAGED}"), 1, "fail", "pack-damaged"),
        (f"{DAMAGED}\n", 0, "fail", "pack-damaged"),
    ],
)
def test_how_restic_ended_is_one_outcome(
    tmp_path: Path, *, stderr: str, exit_code: int, verdict: str, reason: str
) -> None:
    outcome = called(fake_restic(tmp_path, stderr=stderr, exit_code=exit_code))
    assert told(outcome) == (verdict, reason, exit_code)
    assert bool(outcome.hint) == (verdict != "pass")
    assert outcome.output == stderr


def test_behind_a_network_a_missing_repository_proves_nothing(tmp_path: Path) -> None:
    words = "Fatal: repository does not exist: unable to open config file: stat: 404 Not Found\n"
    outcome = called(fake_restic(tmp_path, stderr=words, exit_code=10))
    assert told(outcome) == ("error", "repository-missing", 10)


def test_restic_gets_five_seconds_after_a_proof_of_damage_then_an_interrupt(
    tmp_path: Path,
) -> None:
    fake = fake_restic(tmp_path, stderr=f"{DAMAGED}\n", ending="waits")
    outcome = called(fake, clock=HurriedClock(), deadline_seconds=3_600.0)
    assert told(outcome) == ("fail", "pack-damaged", 130)
    assert outcome.stopped_early
    assert 5 <= outcome.seconds < 13
    assert "signal interrupt received, cleaning up" in outcome.output


def test_a_call_that_keeps_going_after_damage_runs_to_its_deadline(tmp_path: Path) -> None:
    fake = fake_restic(tmp_path, stderr=f"{DAMAGED}\n", ending="waits")
    outcome = called(fake, clock=HurriedClock(), deadline_seconds=20.0, stops=False)
    assert told(outcome) == ("fail", "pack-damaged", 130)
    assert not outcome.stopped_early
    assert outcome.seconds >= 20


def test_restic_0_19_that_retries_a_refused_connection_is_unreachable_at_the_deadline(
    tmp_path: Path,
) -> None:
    fake = fake_restic(tmp_path, stderr=REFUSED, ending="waits")
    outcome = called(fake, deadline_seconds=0.5)
    assert told(outcome) == ("error", "unreachable", 130)
    assert "connection refused" in outcome.detail
    assert not outcome.stopped_early


@pytest.mark.parametrize(
    ("why", "verdict", "reason"),
    [
        ("ReadFull: unexpected EOF", "fail", "pack-damaged"),
        ("open /b/data/11: no such file or directory", "fail", "pack-damaged"),
        ("open /b/data/11: permission denied", "error", "permission-denied"),
        ("open /b/data/11: read-only file system", "error", "read-only"),
        ("read /b/data/11: input/output error", "error", "timed-out"),
    ],
)
def test_retries_on_a_local_repository_are_judged_by_what_they_say(
    tmp_path: Path, healthy: Repository, *, why: str, verdict: str, reason: str
) -> None:
    line = f"Load(<data/11d79fe9c9>, 75345, 0) returned error, retrying after 1.5s: {why}\n"
    fake = fake_restic(tmp_path / "bin", stderr=line, ending="waits")
    target = Target(name="crm", repository=str(healthy.folder))
    outcome = called(fake, target, deadline_seconds=0.3)
    assert told(outcome) == (verdict, reason, 130)
    assert why in outcome.detail


def test_the_lock_of_a_restic_that_had_to_be_killed_is_cleared(tmp_path: Path) -> None:
    fake = fake_restic(tmp_path, stderr=REFUSED, ending="is-deaf")
    outcome = called(fake, clock=HurriedClock(), locks=True, deadline_seconds=2.0)
    assert told(outcome) == ("error", "unreachable", None)
    assert fake.calls == ["check", "unlock"]


def test_a_killed_restic_that_took_no_lock_has_none_cleared(tmp_path: Path) -> None:
    fake = fake_restic(tmp_path, ending="is-deaf")
    outcome = called(fake, clock=HurriedClock(), deadline_seconds=2.0)
    assert told(outcome) == ("error", "timed-out", None)
    assert fake.calls == ["check"]


def test_lists_of_what_was_backed_up_are_kept_nowhere(tmp_path: Path) -> None:
    fake = fake_restic(tmp_path, stdout='{"name": "jane-doe.wav"}\n', exit_code=1)
    outcome = called(fake, arguments=("--json", "ls"))
    assert "jane" not in repr(outcome)
    assert "jane" in called(fake).output  # of `check`, which prints for people


def test_secrets_are_neither_in_the_detail_nor_in_the_output(tmp_path: Path) -> None:
    target = Target(
        name="crm",
        repository="rest:http://user:url-s3cret@backup.invalid/",
        environment={"RESTIC_REST_PASSWORD": "env-s3cret"},
    )
    words = "Fatal: http://user:url-s3cret@backup.invalid/: env-s3cret: connection refused\n"
    outcome = called(fake_restic(tmp_path, stderr=words, exit_code=1), target)
    assert told(outcome) == ("error", "unreachable", 1)
    assert "s3cret" not in repr(outcome)
    assert "***" in outcome.detail


def test_a_command_that_restic_cannot_take_is_a_wrong_target(tmp_path: Path) -> None:
    target = Target(name="crm", repository="b2:crm", password_command=("a\\b",))
    fake = fake_restic(tmp_path)
    assert told(called(fake, target)) == ("error", "wrong-target", None)
    assert not (tmp_path / "calls").exists()


def test_a_restic_that_cannot_be_started_is_missing(tmp_path: Path) -> None:
    fake = fake_restic(tmp_path)
    (tmp_path / "restic").write_text("#!/nonexistent/interpreter\n", encoding="utf-8")
    outcome = called(fake)
    assert told(outcome) == ("error", "tool-missing", None)


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("restic 0.12.1 compiled with go1.17\n", "tool-too-old"),
        ("restic 0.13.9 compiled with go1.17\n", "tool-too-old"),
        (VERSION_0_14, ""),
        ("restic 0.19.1 compiled with go1.25\n", ""),
        ("restic 1.0.0 compiled with go1.26\n", ""),
        ("garbage\n", "tool-missing"),
    ],
)
def test_restic_0_14_and_newer_is_taken(tmp_path: Path, version: str, reason: str) -> None:
    fake = fake_restic(tmp_path, version=version)
    kit = ToolKit(clock=SystemClock(), environment={"PATH": fake.path})
    assert probe(kit, REMOTE).reason == reason
