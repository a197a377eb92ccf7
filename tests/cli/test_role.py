from __future__ import annotations

from support.cli import Cli


def test_a_role_is_given_to_a_known_person(begun: Cli) -> None:
    assert "kim is commander" in begun("role", "assign", "commander", "kim").out
    assert "did you mean 'kim'?" in begun("role", "assign", "commander", "kin", status=6).err
    assert "did you mean 'commander'?" in begun("role", "assign", "comander", "kim", status=6).err
    assert begun.json("role", "list")["roles"]["commander"] == "kim"
    assert "Leads." in begun("role", "list").out
