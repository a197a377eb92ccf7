from __future__ import annotations

from pathlib import Path

from support.cli import Cli


def test_a_new_folder_becomes_a_workspace(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    answer = cli("init", "centre")
    assert "made ccir.toml" in answer.out
    assert (tmp_path / "centre" / ".ccir" / "ccir.db").is_file()
    assert (tmp_path / "centre" / ".ccir").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "centre" / ".ccir" / "keys" / "installation.key").stat().st_mode & 0o77 == 0


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    made = cli.json("init")["made"]
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.toml")}
    assert "ccir.toml" in made
    assert cli.json("init")["made"] == []
    assert "complete already" in cli("init").out
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.toml")} == before


def test_files_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "ccir.toml").write_text(
        '[organisation]\nname = "Mine"\ntimezone = "UTC"\n', encoding="utf-8"
    )
    Cli(tmp_path)("init")
    assert "Mine" in (tmp_path / "ccir.toml").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    answer = Cli(tmp_path)("init", "file/below", status=3)
    assert "cannot be made" in answer.err
    assert "hint:" in answer.err


def test_the_workspace_option_names_the_folder(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    made = cli.json("--workspace", tmp_path / "there", "init")
    assert made["workspace"] == str(tmp_path / "there")
    assert (tmp_path / "there" / "ccir.toml").is_file()
