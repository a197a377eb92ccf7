"""What ccir takes from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccir.config.environment import environment, environment_of


def test_ccirs_own_variables_are_read() -> None:
    read = environment_of(
        {"CCIR_WORKSPACE": "/srv/ccir", "CCIR_RUN": "INC-2026-0001", "CCIR_AS": "alex"}
    )

    assert read.workspace == Path("/srv/ccir")
    assert (read.run, read.person) == ("INC-2026-0001", "alex")


def test_an_empty_variable_counts_as_unset() -> None:
    read = environment_of({"CCIR_WORKSPACE": "", "CCIR_RUN": "", "CCIR_AS": "", "NO_COLOR": ""})

    assert read == environment_of({})
    assert read.workspace is None
    assert not read.no_color


@pytest.mark.parametrize(("text", "debug"), [("1", True), ("0", False), ("no", False), ("", False)])
def test_debugging_is_switched_on_by_a_word(text: str, debug: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert environment_of({"CCIR_DEBUG": text}).debug is debug


@pytest.mark.parametrize(
    ("text", "columns"),
    [("80", 80), ("0", None), ("wide", None), ("-1", None), ("99999", 10_000), ("²", None)],
)
def test_a_width_that_is_no_number_is_not_used(text: str, columns: int | None) -> None:
    assert environment_of({"COLUMNS": text}).columns == columns


def test_children_get_what_programs_need_and_no_credentials() -> None:
    read = environment_of(
        {
            "PATH": "/usr/bin",
            "LC_ALL": "C.UTF-8",
            "SSH_AUTH_SOCK": "/run/agent",
            "AWS_SECRET_ACCESS_KEY": "hunter2",
            "RESTIC_PASSWORD": "hunter2",
            "LD_PRELOAD": "/tmp/evil.so",
            "PYTHONPATH": "/tmp",
            "CCIR_RUN": "x",
        }
    )

    assert read.passed_on == {
        "PATH": "/usr/bin",
        "LC_ALL": "C.UTF-8",
        "SSH_AUTH_SOCK": "/run/agent",
    }


def test_the_processs_environment_is_read_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CCIR_RUN", "INC-2026-0007")

    assert environment().run == "INC-2026-0007"
