"""Whole calls of a borg that replays what 1.2.4 was seen to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ccir.backup.borg_call import Command, read_version
from ccir.backup.borg_verdict import call, probe
from ccir.backup.interface import Outcome, Target, ToolKit
from ccir.clock import Clock, SystemClock
from ccir.errors import UnavailableError
from support.fake_borg import FakeBorg, fake_borg, log_line
from support.hurried_clock import HurriedClock
from support.restic_targets import said

REMOTE = Target(name="crm", tool="borg", repository="ssh://backup.invalid/crm")
ATTRIBUTE = log_line("when setting extended attribute user.x: [Errno 95]", level="WARNING")
CHECKSUM = log_line("Data integrity error: Segment entry checksum mismatch [segment 2, offset 8]")
REPLACED = log_line("Index object count mismatch.")
STRANGE = log_line("tmp/x/anna.wav: something that nobody has seen", level="WARNING")
CRASHED = log_line("Local Exception", msgid="Exception") + log_line("Traceback …\nMemoryError\n")


def called(
    fake: FakeBorg,
    target: Target = REMOTE,
    *,
    clock: Clock | None = None,
    **options: Any,  # noqa: ANN401 - the fields of a Command
) -> Outcome:
    command = Command(**{"arguments": ("check",), "deadline_seconds": 5.0, **options})
    kit = ToolKit(clock=clock or SystemClock(), environment={"PATH": fake.path})
    return call(kit, target, command)


@pytest.mark.parametrize(
    ("stderr", "end", "expected"),
    [
        ("", "exit 0", "pass"),
        (log_line("all is well", level="INFO"), "exit 0", "pass"),
        (log_line("Remote: Welcome to this host", level="WARNING"), "exit 0", "pass"),
        (REPLACED, "exit 0", "fail pack-damaged"),
        (CHECKSUM, "exit 1", "fail pack-damaged"),
        # Whole files whose place takes no extended attributes, and nothing else.
        (ATTRIBUTE, "exit 1", "pass"),
        (ATTRIBUTE, "exit 107", "pass"),
        (ATTRIBUTE, "exit 2", "error unrecognised-output"),
        (ATTRIBUTE + STRANGE, "exit 1", "error unrecognised-output"),
        (STRANGE, "exit 1", "error unrecognised-output"),
        ("", "exit 1", "error unrecognised-output"),
        ("", "exit 77", "error unrecognised-output"),
        (
            "usage: borg [-V] …\nborg: error: no such option\n",
            "exit 2",
            "error unrecognised-output",
        ),
        (CRASHED, "exit 2", "error tool-crashed"),
        ("", "kill -9 $$", "error tool-crashed"),
        ("[]\n", "exit 2", "error unrecognised-output"),
    ],
)
def test_an_ending_is_judged_by_what_was_said(
    tmp_path: Path, stderr: str, end: str, *, expected: str
) -> None:
    assert said(called(fake_borg(tmp_path, stderr=stderr, end=end))) == expected


def test_what_was_said_is_kept_without_the_secret(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("correct horse\n", encoding="utf-8")
    fake = fake_borg(tmp_path / "bin", stderr=log_line("it is correct horse"), end="exit 2")
    target = Target(name="crm", repository=REMOTE.repository, password_file=str(password))
    outcome = called(fake, target)
    assert outcome.output == "it is ***"
    assert outcome.exit_code == 2


def test_a_name_of_a_file_stands_in_no_detail(tmp_path: Path) -> None:
    line = "tmp/x/anna.wav: write: [Errno 28] No space left on device: '/x/anna.wav'"
    fake = fake_borg(tmp_path, stderr=log_line(line, level="WARNING"), end="exit 1")
    outcome = called(fake)
    assert said(outcome) == "error no-space"
    assert "anna" not in outcome.detail


def test_a_borg_that_hangs_is_ended_in_time(tmp_path: Path) -> None:
    fake = fake_borg(tmp_path, end="while :; do sleep 0.05; done")
    outcome = called(fake, clock=HurriedClock())
    assert said(outcome) == "error timed-out"
    assert outcome.seconds < 30


def test_a_proof_of_damage_ends_a_call_that_goes_on(tmp_path: Path) -> None:
    fake = fake_borg(tmp_path, stderr=CHECKSUM, end="while :; do sleep 0.05; done")
    outcome = called(fake, clock=HurriedClock(), deadline_seconds=3_600)
    assert said(outcome) == "fail pack-damaged"
    assert outcome.stopped_early


def test_a_borg_that_never_stops_talking_is_ended(tmp_path: Path) -> None:
    fake = fake_borg(tmp_path, end="exec cat /dev/zero")
    outcome = called(fake, clock=HurriedClock())
    assert outcome.verdict == "error"


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("borg 1.2.0\n", "pass"),
        ("borg 1.4.3\n", "pass"),
        ("borg 1.1.18\n", "error tool-too-old"),
        ("borg 2.0.0b10\n", "error unrecognised-output"),
        ("garbage\n", "error tool-missing"),
    ],
)
def test_only_a_borg_whose_words_are_known_is_asked(
    tmp_path: Path, version: str, expected: str
) -> None:
    fake = fake_borg(tmp_path, version=version)
    kit = ToolKit(clock=SystemClock(), environment={"PATH": fake.path})
    assert said(probe(kit, REMOTE)) == expected


def test_a_borg_that_cannot_be_started_is_missing(tmp_path: Path) -> None:
    fake = fake_borg(tmp_path)
    (tmp_path / "borg").write_text("no program", encoding="utf-8")
    assert said(called(fake)) == "error tool-missing"


def test_where_borg_is_not_installed_its_package_is_named(tmp_path: Path) -> None:
    kit = ToolKit(clock=SystemClock(), environment={"PATH": str(tmp_path)})
    with pytest.raises(UnavailableError) as raised:
        read_version(kit)
    assert "borgbackup" in raised.value.hint


def test_a_place_that_takes_no_files_is_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    assert said(called(fake_borg(tmp_path / "bin"))) == "error unreachable"
