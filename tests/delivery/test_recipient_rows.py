from __future__ import annotations

import pytest

from ccir.delivery.recipient_lines import UnreadableLineError
from ccir.delivery.recipient_rows import RowReader
from ccir.domain.notices import Recipient

LANGUAGES = {"de": "de", "pt-br": "pt-BR", "en": "en"}


def row(**values: str) -> Recipient:
    return RowReader(LANGUAGES).read(
        {"email": "a@x.example", "name": "A", "language": "en", **values}, row=7
    )[0]


def test_a_row_names_its_recipient_with_what_the_template_may_use() -> None:
    found = row(
        email="Ada@Mail.EXAMPLE",
        language="DE",
        account="4711",
        country="us",
        subdivision="ca",
        channel=" Post ",
    )
    assert found == Recipient(
        row=7,
        address="Ada@mail.example",
        name="A",
        language="de",
        columns={"account": "4711", "country": "us", "subdivision": "ca", "channel": " Post "},
        country="US",
        subdivision="US-CA",
        channel="post",
    )


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("DE_at", "de"),
        ("pt_BR", "pt-BR"),
        ("pt", ""),
        ("fr", ""),
        ("", ""),
        ("deutsch", ""),
    ],
)
def test_a_recipient_gets_her_language_or_the_nearest(wish: str, language: str) -> None:
    assert row(language=wish).language == language


def test_a_channel_that_is_no_word_is_undetermined() -> None:
    assert row(channel="by post, please").channel == ""


def test_flags_come_beside_the_recipient_and_not_with_her() -> None:
    values = {"email": "a@x.example", "name": "A", "language": "en", "minor": "yes"}
    recipient, flags = RowReader(LANGUAGES).read(values, row=1)
    assert flags == ("minor",)
    assert recipient.columns == {}


def test_phone_numbers_get_one_form_and_odd_ones_stay_and_are_counted() -> None:
    reader = RowReader(LANGUAGES)
    person = {"email": "a@x.example", "name": "A", "language": "en", "country": "DE"}
    phones = [
        reader.read({**person, "phone": phone}, row=1)[0].columns["phone"]
        for phone in ("030 1234567", "ask her", "")
    ]
    assert phones == ["+49301234567", "ask her", ""]
    assert reader.odd_phones == 1


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("email", "", "no address"),
        ("email", "nobody", "not a plain mail address"),
        ("name", "A\x0bB", "a control character in 'name'"),
        ("account", "\u202e1", "a control character in 'account'"),
        ("email", "a@x.example\x00", "a control character in 'email'"),
        ("minor", "perhaps", "neither yes nor no in 'minor'"),
    ],
)
def test_a_row_that_names_nobody_says_why(column: str, value: str, reason: str) -> None:
    with pytest.raises(UnreadableLineError) as caught:
        row(**{column: value})
    assert str(caught.value) == reason


def test_odd_spaces_and_marks_in_a_name_are_no_control_characters() -> None:
    assert row(name="A\u00a0B").name == "A\u00a0B"
