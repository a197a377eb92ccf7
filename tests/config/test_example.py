"""The settings that a new workspace begins with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.config.choice import author
from ccir.config.example import example_settings, person_id
from ccir.config.loading import load_settings
from ccir.config.settings import Settings

_COMMENTED_OUT = re.compile(r"^# (?=\[|[a-z_-]+ = )", re.MULTILINE)


def loaded(folder: Path, text: str) -> Settings:
    (folder / "ccir.toml").write_text(text, encoding="utf-8")
    return load_settings(folder)


def test_the_example_loads_as_it_stands_and_knows_who_is_acting(tmp_path: Path) -> None:
    text = example_settings(login="alex", timezone="Europe/Berlin", name="Alex Kim")

    settings = loaded(tmp_path, text)

    assert author(settings, None, "alex") == "alex"
    assert settings.people["alex"].name == "Alex Kim"
    assert str(settings.organisation.timezone) == "Europe/Berlin"


def test_the_example_still_loads_with_everything_in_it_switched_on(tmp_path: Path) -> None:
    text = example_settings(login="alex", timezone="UTC")

    settings = loaded(tmp_path, _COMMENTED_OUT.sub("", text))

    assert list(settings.targets) == ["crm", "files", "dumps"]
    assert list(settings.channels) == ["mail", "team", "texts", "files", "post"]
    assert settings.bindings["customer-mail"] == "mail"
    assert settings.organisation.hotline
    assert settings.people["sam"].roles == ("communications-lead",)


@pytest.mark.parametrize(
    ("login", "name"),
    [("alex", "alex"), ("Alex.Kim", "alex-kim"), ("EXAMPLE\\alex", "example-alex"), ("Ω", "me")],
)
def test_a_login_becomes_an_id(login: str, name: str) -> None:
    assert person_id(login) == name


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=80))
def test_any_login_gives_an_example_that_loads(shared_folder: Path, login: str) -> None:
    settings = loaded(shared_folder, example_settings(login=login, timezone="Etc/UTC"))

    assert author(settings, None, login) == person_id(login)
