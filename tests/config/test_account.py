"""Who is at the keyboard."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import msgspec
import pytest

from ccir.config.account import login, via, zone_name


def test_the_account_comes_from_the_user_database_and_no_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-else")
    monkeypatch.setenv("USER", "somebody-else")

    assert login() == pwd.getpwuid(os.getuid()).pw_name


def test_an_account_without_a_name_is_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_001)

    assert login() == "uid-4000000001"


def test_a_command_comes_in_by_account_host_terminal_and_version() -> None:
    came = via("0.1.0")

    assert came.user == login()
    assert came.host == os.uname().nodename
    assert came.version == "0.1.0"
    assert came.terminal


def test_the_terminal_is_named_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    parent, child = os.openpty()
    monkeypatch.setattr("ccir.config.account._STANDARD_STREAMS", (child,))

    assert via("0").terminal.startswith("/dev/")
    os.close(parent)
    os.close(child)


def test_no_terminal_is_told_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccir.config.account._STANDARD_STREAMS", ())

    assert via("0").terminal == "none"


def test_a_host_name_that_is_no_utf8_can_still_be_recorded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    odd = os.uname_result(("Linux", "h\udcff", "6", "1", "x86_64"))
    monkeypatch.setattr(os, "uname", lambda: odd)

    assert b'"host":"h?"' in msgspec.json.encode(via("0"))


@pytest.mark.parametrize(
    ("target", "zone"),
    [("/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"), ("/etc/other", "Etc/UTC")],
)
def test_the_machines_zone_is_read_from_its_link(tmp_path: Path, target: str, zone: str) -> None:
    (tmp_path / "localtime").symlink_to(target)

    assert zone_name(tmp_path / "localtime") == zone


def test_a_machine_without_a_link_is_in_utc(tmp_path: Path) -> None:
    assert zone_name(tmp_path / "localtime") == "Etc/UTC"
