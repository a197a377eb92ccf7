"""What can be wrong with a backup, each ending in its verdict, exit code and timeline."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.centre import make_centre
from support.cli import NOW, Cli
from support.clocks import StoryClock
from support.damage import flip_bit
from support.mini import add_mini
from support.restic_repository import Repository, empty_repository, restic_is_there


@pytest.fixture
def led(tmp_path: Path, repository: Repository) -> Cli:
    """A declared run whose backup may be broken."""
    return _led(tmp_path, repository)


def _led(tmp_path: Path, repository: Repository) -> Cli:
    cli = make_centre(tmp_path / "centre", repository=repository)
    add_mini(cli.folder)
    cli("start", "mini", "--fact", "awareness=08:30")
    cli("step", "done", "declare")
    return cli


def _expect(cli: Cli, *, verdict: str, reason: str, status: int) -> None:
    """The command, the step and the timeline say the same."""
    found = cli.json("backup", "check", status=status)
    assert (found["verdict"], found["reason"]) == (verdict, reason)
    step = cli.json("step", "run", "check", status=status)
    assert (step["state"], step["reason"]) == ("failed", reason)
    assert step["hint"]
    events = cli.json("log")["events"]
    assert [event["type"] for event in events[-4:]] == [
        "BackupChecked",
        "StepStarted",
        "BackupChecked",
        "StepFailed",
    ]
    told = [event["body"]["reason"] for event in events[-4:] if "reason" in event["body"]]
    assert told == [reason] * 3
    states = {each["id"]: each["state"] for each in cli.json("status")["steps"]}
    assert states["other-copy"] == "ready"


def test_a_truncated_pack_is_a_bad_backup(led: Cli, repository: Repository) -> None:
    pack = repository.pack(of="data")
    pack.chmod(0o600)
    pack.write_bytes(pack.read_bytes()[: pack.stat().st_size // 2])
    _expect(led, verdict="fail", reason="pack-damaged", status=1)
    drill = led.json("drill", "run", "mini", status=1)
    assert (drill["verdict"], drill["cleanup"]) == ("fail", "cleaned")


def test_a_flipped_bit_passes_the_structure_and_fails_the_drill(
    led: Cli, repository: Repository
) -> None:
    flip_bit(repository.pack(of="data"), at=100)
    assert led.json("backup", "check")["verdict"] == "pass"
    assert led.json("backup", "check", "--read-data", "1/1", status=1)["verdict"] == "fail"
    drill = led.json("drill", "run", "mini", status=1)
    assert (drill["verdict"], drill["reason"]) == ("fail", "pack-damaged")
    assert not list((led.folder / ".ccir" / "scratch").glob("drill-*"))


def test_a_wrong_password_is_no_verdict(led: Cli, repository: Repository, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not the password\n", encoding="utf-8")
    wrong.chmod(0o600)
    _change(led, str(repository.password_file), str(wrong))
    _expect(led, verdict="error", reason="wrong-password", status=3)
    everything = led("log").out + led("report").out
    assert "not the password" not in everything


def test_a_missing_repository_is_a_bad_backup(led: Cli, repository: Repository) -> None:
    shutil.rmtree(repository.folder)
    _expect(led, verdict="fail", reason="repository-missing", status=1)


def test_an_empty_repository_is_a_bad_backup(tmp_path: Path) -> None:
    if not restic_is_there():
        pytest.skip("restic is not installed: apt-get install restic")
    led = _led(tmp_path, empty_repository(tmp_path / "empty"))
    _expect(led, verdict="fail", reason="no-snapshots", status=1)


def test_a_hung_password_command_is_no_verdict(led: Cli, repository: Repository) -> None:
    script = led.folder / "ask.sh"
    script.write_text("#!/bin/sh\nsleep 60\n", encoding="utf-8")
    script.chmod(0o700)
    _change(
        led,
        f'password_file = "{repository.password_file}"',
        f'password_command = ["{script}"]\ndeadline = "1m"',
    )
    led.clock = StoryClock(NOW, speed=40)
    found = led.json("backup", "check", status=3)
    assert (found["verdict"], found["reason"]) == ("error", "password-timeout")


def test_restic_that_is_not_installed_is_no_verdict(led: Cli) -> None:
    led.variables["PATH"] = "/nowhere"
    _expect(led, verdict="error", reason="tool-missing", status=3)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs", str(folder))
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this user may not mount a small disk")
    yield folder
    subprocess.run(("umount", str(folder)), check=True)


def test_a_full_disk_is_told_before_anything_is_written(led: Cli, small_disk: Path) -> None:
    settings = led.folder / "ccir.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}\n[restore]\nscratch = "{small_disk}"\n', encoding="utf-8")
    drill = led.json("drill", "run", "mini", status=3)
    assert (drill["verdict"], drill["reason"]) == ("error", "no-space")
    assert list(small_disk.iterdir()) == []
    words = ("backup", "restore", "crm", "--to", small_disk / "here")
    assert led.json(*words, status=3)["reason"] == "no-space"


def _change(cli: Cli, before: str, after: str) -> None:
    settings = cli.folder / "ccir.toml"
    text = settings.read_text(encoding="utf-8")
    assert before in text
    settings.write_text(text.replace(before, after), encoding="utf-8")
