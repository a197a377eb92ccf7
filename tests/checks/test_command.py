from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ccir.checks.command import MEMBER, CommandArguments
from ccir.checks.interface import CheckKit, Tree
from ccir.clock import SystemClock
from ccir.domain.outcomes import CheckResult
from support.benches import CheckBench


@pytest.fixture
def member(tmp_path_factory: pytest.TempPathFactory) -> CheckBench:
    good = tmp_path_factory.mktemp("good")
    bad = tmp_path_factory.mktemp("bad")
    (good / "export.csv").write_text("id,name\n1,x\n", encoding="utf-8")
    (bad / "export.csv").touch()
    return CheckBench(
        name="command",
        check=MEMBER,
        good=good,
        bad=bad,
        arguments={"argv": ["test", "-s", "export.csv"], "timeout_seconds": 5},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    restored = tmp_path / "restored"
    restored.mkdir()
    return restored


def judged(folder: Path, *argv: str, kit: CheckKit | None = None, **more: Any) -> CheckResult:  # noqa: ANN401 - the fields of CommandArguments
    return MEMBER.run(folder, CommandArguments(argv=argv, **more), kit or kit_of())


def kit_of(**more: Any) -> CheckKit:  # noqa: ANN401 - the fields of a CheckKit
    given = {"PATH": os.environ["PATH"], "AWS_SECRET_ACCESS_KEY": "s3cret", "HOME": "/home/ops"}
    return CheckKit(
        clock=SystemClock(),
        **{"environment": given, "found": Tree(files=1, bytes=1), **more},
    )


def told(result: CheckResult) -> tuple[str, str]:
    return result.verdict, result.reason


def test_the_expected_exit_code_passes_and_any_other_fails(folder: Path) -> None:
    assert told(judged(folder, "true")) == ("pass", "")
    assert told(judged(folder, "sh", "-c", "exit 3", exit_code=3)) == ("pass", "")
    result = judged(folder, "sh", "-c", "exit 3")
    assert told(result) == ("fail", "unexpected-exit")
    assert result.detail == "sh ended with exit code 3, expected 0"


def test_it_runs_in_the_restored_folder_and_is_told_where_that_is(folder: Path) -> None:
    script = 'test "$(pwd -P)" = "$CCIR_RESTORED" && test "$CCIR_RESTORED" = "$1"'
    assert told(judged(folder, "sh", "-c", script, "sh", str(folder))) == ("pass", "")


def test_it_gets_no_secrets_from_the_environment(folder: Path) -> None:
    script = 'test -z "$AWS_SECRET_ACCESS_KEY" && test "$HOME" = /home/ops'
    assert told(judged(folder, "sh", "-c", script)) == ("pass", "")


def test_what_it_prints_goes_nowhere(folder: Path) -> None:
    result = judged(folder, "sh", "-c", "echo jane-doe; echo jane-doe >&2; exit 1")
    assert "jane" not in repr(result).replace(repr(result.hint), "")


def test_it_is_given_nothing_to_read_and_no_shell_in_between(folder: Path) -> None:
    assert told(judged(folder, "cat")) == ("pass", "")
    assert told(judged(folder, "test", "$HOME", "=", "$" + "HOME")) == ("pass", "")


@pytest.mark.parametrize("limited", ["its own timeout", "the drill's deadline"])
def test_a_program_over_its_time_is_no_verdict(folder: Path, limited: str) -> None:
    started = time.monotonic()
    if limited == "its own timeout":
        result = judged(folder, "sleep", "30", timeout_seconds=0.3)
    else:
        result = judged(folder, "sleep", "30", kit=kit_of(deadline_seconds=0.3))
    assert told(result) == ("error", "timed-out")
    assert time.monotonic() - started < 4


def test_a_cancelled_program_is_no_verdict(folder: Path) -> None:
    result = judged(folder, "sleep", "30", kit=kit_of(is_cancelled=lambda: True))
    assert told(result) == ("error", "cancelled")


def test_a_crash_is_no_verdict(folder: Path) -> None:
    result = judged(folder, "sh", "-c", "kill -SEGV $$")
    assert told(result) == ("error", "tool-crashed")
    assert "signal 11" in result.detail


def test_a_program_that_is_not_installed_is_no_verdict(folder: Path) -> None:
    result = judged(folder, "no-such-program")
    assert told(result) == ("error", "tool-missing")
    assert "apt-get install no-such-program" in result.hint


def test_an_argument_that_no_program_can_take_is_no_verdict(folder: Path) -> None:
    assert told(judged(folder, "true", "null\0byte")) == ("error", "tool-missing")


@pytest.mark.parametrize("reached", ["by path", "by search path", "by a link"])
def test_a_restored_program_is_never_run(folder: Path, tmp_path: Path, reached: str) -> None:
    ran = tmp_path / "ran"
    program = folder / "tool"
    program.write_text(f"#!/bin/sh\ntouch {ran}\n", encoding="utf-8")
    program.chmod(0o755)
    link = tmp_path / "link"
    link.symlink_to(program)
    argv0 = {"by path": str(program), "by search path": "tool", "by a link": str(link)}[reached]
    result = judged(folder, argv0, kit=kit_of(environment={"PATH": str(folder)}))
    assert told(result) == ("error", "tool-missing")
    assert "was itself restored" in result.detail
    assert not ran.exists()


@pytest.mark.parametrize(
    "arguments",
    [{}, {"argv": []}, {"argv": ["true"], "timeout_seconds": 0}, {"argv": "true"}],
)
def test_arguments_that_make_no_sense_are_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, CommandArguments)
