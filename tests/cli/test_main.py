"""The way in: usage errors, JSON errors, bugs, and what stands around every command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from ccir.cli.app import MODULES, app
from support.cli import Cli

GLOBALS = ("--workspace", "--run", "--as", "--json", "--at")


def _leaves() -> list[tuple[str, ...]]:
    root = typer.main.get_command(app)
    context = typer.Context(root)
    found: list[tuple[str, ...]] = []
    for name in MODULES:
        command = root.get_command(context, name)  # type: ignore[attr-defined] # it is a group
        children = getattr(command, "commands", {})
        found += [(name, child) for child in children] or [(name,)]
    return found


@pytest.mark.parametrize("words", _leaves(), ids=" ".join)
def test_every_command_explains_itself_and_the_global_options(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    page = Cli(tmp_path)(*words, "--help").out
    assert "Usage: ccir" in page
    assert "Examples:" in page
    assert all(option in page for option in GLOBALS)


@pytest.mark.parametrize("words", _leaves(), ids=" ".join)
def test_global_options_are_taken_before_and_after_every_command(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    cli = Cli(tmp_path)
    given = ("--workspace", str(tmp_path / "gone"), "--run", "INC-1", "--as", "x", "--at", "now")
    for line in (
        (*given, *words, "--help"),
        (words[0], *given, *words[1:], "--help"),
        (*words, *given, "--help"),
    ):
        assert "Usage: ccir" in cli(*line).out


def test_the_later_of_two_options_wins(begun: Cli) -> None:
    begun("start", "data-breach")
    first, second = "INC-2026-0001", "INC-2026-0002"
    assert begun.json("--run", first, "status", "--run", second)["run"] == second
    assert (
        begun.json("--run", first, "step", "--run", second, "list", "--run", first)["steps"][0][
            "id"
        ]
        == "declare"
    )
    assert begun("--json", "status", "--run", first).json["run"] == first


def test_no_words_show_the_help_and_are_a_usage_error(tmp_path: Path) -> None:
    answer = Cli(tmp_path)(status=2)
    assert answer.err.startswith("Usage: ccir ")
    assert "ccir demo" in answer.err
    assert "..." not in answer.err.partition("Commands:")[2]
    assert Cli(tmp_path)("step", status=2).err.startswith("Usage: ccir step ")


def test_a_misspelt_command_gets_a_suggestion(tmp_path: Path) -> None:
    assert "status" in Cli(tmp_path)("statsu", status=2).err
    error = Cli(tmp_path)("statsu", "--json", status=2).error
    assert (error["code"], error["exit_status"]) == ("usage", 2)
    assert "ccir start --help" in Cli(tmp_path)("start", status=2).err


def test_an_error_is_one_json_document(tmp_path: Path) -> None:
    answer = Cli(tmp_path)("status", "--json", status=6)
    assert set(answer.error) == {"code", "message", "hint", "exit_status"}
    assert answer.err == ""


def test_words_after_the_double_dash_are_no_options(begun: Cli) -> None:
    begun("note", "--", "--json")
    assert begun.json("log")["events"][-1]["said"] == ["--json"]


def test_a_bug_shows_no_traceback_unless_asked(begun: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.uname", _broken)
    answer = begun("status", status=70)
    assert "a bug in ccir: ZeroDivisionError" in answer.err
    assert "Traceback" not in answer.err
    assert "secret" not in answer.err
    begun.variables["CCIR_DEBUG"] = "1"
    assert "Traceback" in begun("status", status=70).err
    assert begun("status", "--json", status=70).error["code"] == "bug"


def test_an_interruption_ends_with_130(begun: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.uname", _interrupted)
    assert "interrupted" in begun("status", status=130).err


def test_a_workspace_of_somebody_elses_making_is_refused(begun: Cli) -> None:
    begun.folder.chmod(0o777)
    assert "not trusted" in begun("status", status=5).err
    begun("status", "--workspace", begun.folder)
    begun.variables["CCIR_WORKSPACE"] = str(begun.folder)
    begun("status")


def test_who_acts_has_to_be_clear(begun: Cli) -> None:
    settings = begun.folder / "ccir.toml"
    text = settings.read_text(encoding="utf-8").replace("login = ", "phone = ")
    settings.write_text(text, encoding="utf-8")
    refused = begun("note", "x", status=2)
    assert "alex (Alex Kim), kim (Kim Weber)" in refused.err
    begun("status")  # reading needs nobody
    begun("note", "x", "--as", "kim")
    assert "no person" in begun("note", "x", "--as", "zoe", status=2).err


def test_a_reader_that_goes_away_is_no_error(begun: Cli) -> None:
    words = ["playbook", "graph", "ransomware"]
    script = f"import sys; from ccir.cli.main import main; sys.exit(main({words!r}))"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-u", "-c", script],
        cwd=begun.folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.wait(timeout=30)
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_what_happens_now_takes_no_other_time(begun: Cli) -> None:
    for words in (
        ("alert", "commander"),
        ("backup", "check"),
        ("drill", "run", "mini"),
        ("notice", "preview", "customers"),
        ("notice", "send", "customers"),
        ("step", "run", "check"),
    ):
        assert "this happens now" in begun(*words, "--at", "07:00", status=2).err, words


def test_words_that_are_no_text_are_refused(begun: Cli) -> None:
    error = begun("note", "caf\udce9", "--json", status=2).error
    assert error["message"] == "word 2 of the call is not UTF-8"


def test_json_is_the_only_thing_on_stdout(begun: Cli) -> None:
    begun("step", "done", "declare")
    answer = begun("step", "run", "check", "--json", status=3)
    json.loads(answer.out)


def _broken() -> None:
    raise ZeroDivisionError("secret")


def _interrupted() -> None:
    raise KeyboardInterrupt
