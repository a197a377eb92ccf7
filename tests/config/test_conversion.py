"""Texts of a settings file becoming paths, seconds and zones."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.config.conversion import conversion, is_path
from ccir.config.values import Repository, Seconds, Secret

convert = conversion(Path("/workspace"))


@pytest.mark.parametrize(
    "repository",
    [
        "s3:host/bucket",
        "sftp:ops@host:/srv/crm",
        "sftp://ops@host//srv",
        "rest:https://host/",
        "b2:bucket:crm",
        "host:/srv/crm",
        "ops@host:crm",
        "rclone:remote:crm",
    ],
)
def test_what_has_a_scheme_or_a_host_is_no_path(repository: str) -> None:
    assert not is_path(repository)
    assert convert(Repository, repository) == repository


@pytest.mark.parametrize("repository", ["/srv/crm", "crm", "./a:b", "backup/12:30", "../crm"])
def test_anything_else_is_a_path_under_the_workspace(repository: str) -> None:
    assert is_path(repository)
    assert convert(Repository, repository) == str(Path("/workspace") / repository)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("15m", 900), ("24h", 86_400), ("7d", 604_800), ("2w", 1_209_600), ("PT4H", 14_400)],
)
def test_a_time_becomes_seconds(text: str, seconds: int) -> None:
    assert convert(Seconds, text) == seconds


@pytest.mark.parametrize("text", ["1mo", "5bd", "0h", "-1h", "24", "", "soon", "P1M"])
def test_a_time_of_no_fixed_length_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"length|write it|never"):
        convert(Seconds, text)


def test_a_zone_is_found_and_a_misspelt_one_gets_a_suggestion() -> None:
    assert convert(ZoneInfo, "Europe/Berlin") == ZoneInfo("Europe/Berlin")
    with pytest.raises(ValueError, match="did you mean 'Europe/Berlin'"):
        convert(ZoneInfo, "Europe/Berlim")


@pytest.mark.parametrize("name", ["", "../etc/passwd", "/etc/passwd", "Europe", "a\0b"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is a suggestion, or nothing
        convert(ZoneInfo, name)


@pytest.mark.parametrize("text", ["~/crm.password", "~ops/x", "", "a\nb", "a\0b"])
def test_a_path_that_means_another_thing_for_another_user_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"~|empty|control"):
        convert(Path, text)
    with pytest.raises(ValueError, match=r"~|empty|control"):
        convert(Repository, text)


def test_an_address_with_control_characters_is_refused() -> None:
    with pytest.raises(ValueError, match="control"):
        convert(Repository, "s3:host\n/bucket")


def test_a_number_is_no_path() -> None:
    with pytest.raises(TypeError, match="not int"):
        convert(Path, 5)


def test_a_secret_does_not_show_itself() -> None:
    secret = convert(Secret, "hunter2")

    assert isinstance(secret, Secret)
    assert secret.reveal() == "hunter2"
    assert f"{secret} {[secret]}" == "*** [***]"


@given(st.text())
def test_any_text_becomes_a_value_or_is_refused(text: str) -> None:
    for kind in (Path, Repository, Seconds, ZoneInfo):
        with suppress(ValueError):
            assert isinstance(convert(kind, text), kind)
