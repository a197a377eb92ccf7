"""Who is acting, and what a purpose stands for, when a command does not say."""

from __future__ import annotations

import tomllib

import msgspec
import pytest

from ccir.config.choice import Family, author, binding, missing_binding
from ccir.config.settings import Channel, Person, Settings, Target
from ccir.config.values import Repository
from ccir.errors import UsageError

TARGET = Target(tool="restic", repository=Repository("/srv/x"))
ALEX = Person(name="Alex Kim", login="alex")
SAM = Person(name="Sam Ortiz", login="sam")


@pytest.fixture
def settings(organised: Settings) -> Settings:
    return msgspec.structs.replace(
        organised,
        people={"alex": ALEX, "sam": SAM},
        targets={"crm": TARGET, "calls": TARGET},
        channels={"mail": Channel(kind="smtp")},
        bindings={"customer-records": "crm", "odd": "mail"},
    )


def test_a_named_person_acts(settings: Settings) -> None:
    assert author(settings, "sam", "alex") == "sam"


def test_a_person_who_is_not_there_gets_a_suggestion(settings: Settings) -> None:
    with pytest.raises(UsageError, match="'samm'") as caught:
        author(settings, "samm", "alex")

    assert caught.value.hint == "did you mean 'sam'?"


def test_else_the_person_with_this_login_acts(settings: Settings) -> None:
    assert author(settings, None, "sam") == "sam"


def test_else_the_only_person_acts(organised: Settings) -> None:
    alone = msgspec.structs.replace(organised, people={"alex": ALEX})

    assert author(alone, None, "root") == "alex"


def test_nobody_is_guessed_among_several(settings: Settings) -> None:
    with pytest.raises(UsageError, match=r"alex \(Alex Kim\), sam \(Sam Ortiz\)") as caught:
        author(settings, None, "root")

    assert "--as alex" in caught.value.hint
    assert 'login = "root"' in caught.value.hint


def test_nobody_is_guessed_among_those_who_share_a_login(settings: Settings) -> None:
    people = {**settings.people, "ada": Person(name="Ada Moss", login="sam")}
    shared = msgspec.structs.replace(settings, people=people)

    with pytest.raises(UsageError, match=r"acting: ada \(Ada Moss\), sam \(Sam Ortiz\)$"):
        author(shared, None, "sam")


def test_a_workspace_without_people_says_what_to_add(organised: Settings) -> None:
    with pytest.raises(UsageError) as caught:
        author(organised, None, "alex")
    assert 'login = "alex"' in caught.value.hint

    with pytest.raises(UsageError) as caught:
        author(organised, "alex", "alex")
    assert "[people.alex]" in caught.value.hint


@pytest.mark.parametrize(
    ("family", "found"),
    [
        ("targets", {"customer-records": "crm", "calls": "calls", "other": None, "odd": None}),
        ("channels", {"customer-mail": "mail", "odd": "mail"}),
    ],
)
def test_a_purpose_stands_for_what_is_bound_or_named_so_or_alone(
    settings: Settings, family: Family, found: dict[str, str | None]
) -> None:
    assert {purpose: binding(settings, purpose, family) for purpose in found} == found


def test_an_open_purpose_is_answered_with_the_line_to_add(settings: Settings) -> None:
    error = missing_binding(settings, "call-recordings", "targets")

    assert error.exit_status == 3
    assert error.message == "no target is bound to 'call-recordings'"
    first, *lines = error.hint.splitlines()
    assert first == f"add to {settings.folder}/ccir.toml:"
    assert tomllib.loads("\n".join(lines)) == {"bindings": {"call-recordings": "calls"}}
    assert "crm" in error.hint


@pytest.mark.parametrize("family", ["targets", "channels"])
def test_where_there_is_nothing_to_bind_the_table_to_add_is_shown(
    organised: Settings, family: Family
) -> None:
    error = missing_binding(organised, "customer-x", family)

    _, *lines = error.hint.splitlines()
    assert list(tomllib.loads("\n".join(lines))[family]) == ["customer-x"]
