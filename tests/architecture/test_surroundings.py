"""Tests run in surroundings that show a hidden dependence on the machine."""

from __future__ import annotations

import os
import socket
import time

import pytest


def test_the_zone_is_not_a_whole_hour_off() -> None:
    assert time.strftime("%z", time.localtime(0)) == "+0530"
    assert time.strftime("%z", time.localtime(1_700_000_000)) == "+0545"


def test_no_setting_of_the_person_at_the_machine_gets_in() -> None:
    assert [name for name in os.environ if name.startswith(("CCIR_", "RESTIC_"))] == []


def test_another_machine_cannot_be_reached() -> None:
    with (
        socket.socket() as client,
        pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.1.*this machine only"),
    ):
        client.connect(("192.0.2.1", 25))


def test_the_name_of_another_machine_is_not_looked_up() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"mail\.example\.org"):
        socket.create_connection(("mail.example.org", 25))


def test_a_name_that_cannot_exist_is_unknown() -> None:
    with pytest.raises(socket.gaierror):
        socket.create_connection(("mail.invalid", 25))


def test_this_machine_can_be_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1])) as client,
    ):
        assert client.getpeername()[0] == "127.0.0.1"
