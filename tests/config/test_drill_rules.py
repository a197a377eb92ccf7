"""Rules of the table `[drills]`."""

from __future__ import annotations

import pytest

from ccir.config.drill_rules import broken_drill_rules

DOCUMENT: dict[str, object] = {
    "channels": {"team": {"kind": "apprise"}, "mail": {"kind": "smtp"}, "odd": 3},
    "people": {"alex": {"email": "alex@example.org"}, "noa": {}, "odd": 3},
}


def complaints(**drills: object) -> list[tuple[str, str]]:
    found = broken_drill_rules(drills, DOCUMENT)
    return [(".".join(each.path), f"{each.message}; {each.hint}") for each in found]


def test_the_ping_has_one_address() -> None:
    assert complaints(ping_url="https://a.example", alert="team") == []
    assert complaints(ping_url_file="a") == []
    [(path, words)] = complaints(ping_url="https://a.example/secret", ping_url_file="a")
    assert path == "drills.ping_url_file"
    assert "secret" not in words


def test_the_channel_is_there() -> None:
    [(path, words)] = complaints(alert="taem")
    assert (path, "did you mean 'team'?" in words) == ("drills.alert", True)
    [nothing] = broken_drill_rules({"alert": "team"}, {})
    assert "add its table" in nothing.hint


def test_a_channel_that_writes_to_people_needs_people() -> None:
    [(path, words)] = complaints(alert="mail")
    assert (path, 'alert_to = ["alex"]' in words) == ("drills.alert", True)
    assert complaints(alert="mail", alert_to=["alex"]) == []
    assert complaints(alert="team", alert_to=["alex"]) == []


def test_people_are_there_and_have_an_address() -> None:
    [(path, words)] = complaints(alert_to=["alx"])
    assert (path, "did you mean 'alex'?" in words) == ("drills.alert_to", True)
    [(path, words)] = complaints(alert_to=["noa"])
    assert (path, "'noa' has no mail address" in words) == ("drills.alert_to", True)
    [nobody] = broken_drill_rules({"alert_to": ["zoe"]}, {})
    assert nobody.hint == "add [people.zoe]"


@pytest.mark.parametrize(
    "drills",
    [
        {"alert": 3},
        {"alert": "odd"},
        {"alert_to": "alex"},
        {"alert_to": [3]},
        {"alert_to": ["odd"]},
    ],
)
def test_values_of_a_wrong_shape_are_left_to_the_check_of_shapes(drills: dict[str, object]) -> None:
    assert list(broken_drill_rules(drills, DOCUMENT)) == []
