"""A folder of dumps and archives as a target, from `ccir.toml` to the verdict."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.centre import make_centre
from support.cli import Cli
from support.damage import flip_bit
from support.sums_folder import EXPORTS, write_night

NEWEST = "crm-2026-01-02T07-00"
SETTINGS = """
[targets.dumps]
tool = "archive"
repository = "dumps"
tags = ["crm"]
rpo = "24h"
rto = "1h"
"""
DRILL = """
id: dumps
version: 1.0.0
title: Open the night's archives
summary: Restores the newest night and reads its archives to their end.
target: dumps
checks:
  - kind: archive
    with: {path: "export/*.t*"}
  - kind: file-count
    with: {minimum_files: 4}
"""


@pytest.fixture
def centre(tmp_path: Path) -> Cli:
    cli = make_centre(tmp_path / "centre")
    for night in ("crm-2026-01-01T07-00", NEWEST):
        write_night(cli.folder / "dumps" / night)
    settings = cli.folder / "ccir.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    (cli.folder / "drills").mkdir(exist_ok=True)
    (cli.folder / "drills" / "dumps.yaml").write_text(DRILL, encoding="utf-8")
    return cli


def test_a_folder_of_archives_is_checked_drilled_and_restored(centre: Cli, tmp_path: Path) -> None:
    checked = centre.json("backup", "check", "dumps", "--read-data", "1/1")
    assert (checked["verdict"], checked["age_seconds"]) == ("pass", pytest.approx(3_600, abs=1))
    drilled = centre.json("drill", "run", "dumps")
    assert (drilled["verdict"], drilled["files"], drilled["cleanup"]) == ("pass", 4, "cleaned")
    restored = centre.json("backup", "restore", "dumps", "--to", tmp_path / "restored")
    assert (restored["verdict"], restored["files"]) == ("pass", 4)
    assert {path: (tmp_path / "restored" / path).read_bytes() for path in EXPORTS} == EXPORTS


def test_a_flipped_bit_passes_the_structure_and_fails_the_drill(centre: Cli) -> None:
    flip_bit(centre.folder / "dumps" / NEWEST / "export" / "calls.tar", at=9)
    assert centre.json("backup", "check", "dumps")["verdict"] == "pass"
    for words in (("backup", "check", "dumps", "--read-data", "1/1"), ("drill", "run", "dumps")):
        found = centre.json(*words, status=1)
        assert (found["verdict"], found["reason"]) == ("fail", "pack-damaged")


def test_a_night_that_never_got_its_list_is_a_fail(centre: Cli) -> None:
    (centre.folder / "dumps" / "crm-2026-01-02T07-30").mkdir()
    found = centre.json("backup", "check", "dumps", status=1)
    assert (found["verdict"], found["reason"]) == ("fail", "snapshot-damaged")


def test_a_disk_that_is_not_mounted_is_a_fail(centre: Cli) -> None:
    shutil.rmtree(centre.folder / "dumps")
    found = centre.json("backup", "check", "dumps", status=1)
    assert (found["verdict"], found["reason"]) == ("fail", "repository-missing")


def test_a_setting_that_means_nothing_to_a_folder_is_no_verdict(centre: Cli) -> None:
    settings = centre.folder / "ccir.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('tags = ["crm"]', 'hosts = ["crm1"]'), encoding="utf-8")
    found = centre.json("backup", "check", "dumps", status=3)
    assert (found["verdict"], found["reason"]) == ("error", "wrong-target")
    assert "knows no hosts" in found["checks"][0]["detail"]
