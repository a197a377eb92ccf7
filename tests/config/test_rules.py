"""Rules of `ccir.toml` about several values together."""

from __future__ import annotations

from ccir.config.rules import broken_rules


def paths(document: dict[str, object]) -> list[str]:
    return [".".join(complaint.path) for complaint in broken_rules(document)]


def test_a_target_has_one_source_of_its_password() -> None:
    both = {"password_file": "x", "password_command": ["y"]}

    assert paths({"targets": {"crm": both}}) == ["targets.crm.password_command"]
    assert paths({"targets": {"crm": {"password_file": "x"}}}) == []


def test_a_channel_says_its_kind_by_an_id() -> None:
    assert paths({"channels": {"mail": {}}}) == ["channels.mail"]
    assert paths({"channels": {"mail": {"kind": "os.path"}}}) == ["channels.mail.kind"]
    assert paths({"channels": {"mail": {"kind": "smtp"}}}) == []


def test_a_purpose_is_bound_to_something_that_is_there() -> None:
    there: dict[str, object] = {"targets": {"crm": {}}, "channels": {"mail": {"kind": "smtp"}}}

    assert paths({**there, "bindings": {"a": "crm", "b": "mail"}}) == []
    assert paths({**there, "bindings": {"a": "crn"}}) == ["bindings.a"]


def test_the_rules_of_drills_are_asked() -> None:
    assert paths({"drills": {"alert": "team"}}) == ["drills.alert"]
    assert paths({"drills": 3}) == []


def test_tables_of_a_wrong_shape_are_left_to_the_check_of_shapes() -> None:
    assert paths({"targets": 1, "channels": {"mail": 2}, "bindings": [3]}) == []
    assert paths({"bindings": {"a": 4}}) == []
