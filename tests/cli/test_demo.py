from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from support.cli import Cli
from support.clocks import StoryClock
from support.restic_answers import cheap_restic
from support.restic_repository import restic_is_there


@pytest.mark.skipif(not restic_is_there(), reason="restic is not installed")
def test_the_demonstration_plays_everything_for_real(tmp_path: Path) -> None:
    clock = StoryClock(dt.datetime.now(dt.UTC))  # restic dates by the machine
    cli = Cli(tmp_path, clock=clock, **cheap_restic(tmp_path / "bin"))
    played = cli.json("demo")
    assert played["failed"] == []
    assert played["mails"] == 52
    assert played["restic"] is True
    folder = Path(played["workspace"])
    assert (folder / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    inside = Cli(folder, clock=cli.clock)
    types = [event["type"] for event in inside.json("log")["events"]]
    assert {"BackupChecked", "DrillFinished", "SendingEnded"} <= set(types)
    assert inside.json("playbook", "lint")["findings"] == []


def test_without_restic_it_says_so_and_plays_the_rest(tmp_path: Path) -> None:
    cli = Cli(tmp_path, PATH="/nowhere")
    answer = cli("demo", "here")
    assert "restic" in answer.err
    assert "took 52 mails" in answer.out
    assert "What to try next" in answer.out
    assert "export PATH=" in answer.out


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("x", encoding="utf-8")
    assert "is in use" in Cli(tmp_path)("demo", "mine", status=5).err


def test_a_restic_that_fails_is_told_and_the_rest_is_played(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "restic").write_text("#!/bin/sh\necho broken >&2\nexit 1\n", encoding="utf-8")
    (programs / "restic").chmod(0o700)
    answer = Cli(tmp_path, PATH=f"{programs}:/usr/bin:/bin")("demo", "here")
    assert "restic init failed: broken" in answer.err
    assert not (tmp_path / "here" / "backup").exists()


def test_there_is_an_end_to_demonstrations(tmp_path: Path) -> None:
    for number in range(1, 100):
        (tmp_path / ("ccir-demo" if number == 1 else f"ccir-demo-{number}")).mkdir()
    assert "name a new folder" in Cli(tmp_path)("demo", status=5).err


def test_a_command_that_fails_fails_the_demonstration(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    script = '#!/bin/sh\ncase "$*" in *init*|*backup*) exit 0;; *) exit 1;; esac\n'
    (programs / "restic").write_text(script, encoding="utf-8")
    (programs / "restic").chmod(0o700)
    (tmp_path / "ccir-demo").mkdir()
    played = Cli(tmp_path, PATH=f"{programs}:/usr/bin:/bin").json("demo", status=1)
    assert played["workspace"].endswith("ccir-demo-2"), "another's folder is left alone"
    assert played["failed"][0] == "ccir step run check-backups"
