from __future__ import annotations

import pytest

from ccir.delivery.recipient_columns import LIMIT_COLUMNS, checked_columns, is_column
from ccir.errors import InvalidDocumentError


def test_columns_are_named_in_lower_case() -> None:
    assert checked_columns(["Email", " NAME ", "language"]) == ("email", "name", "language")


@pytest.mark.parametrize(
    ("columns", "complaint"),
    [
        ("email,name", "header lacks language"),
        ("mail;name", "header lacks email, name, language"),
        ("email,name,language,email", r"no template can name: \['email', 'email'\]"),
        ("email,name,language,First Name", r"no template can name: \['first name'\]"),
        ("email,name,language,", r"no template can name: \[''\]"),
        ("email,name,language,__class__", "no template can name"),
        (
            "email,name,language" + "".join(f",c{number}" for number in range(LIMIT_COLUMNS)),
            f"no template can name: {LIMIT_COLUMNS + 3}",
        ),
    ],
)
def test_columns_that_do_not_fit_are_refused(columns: str, complaint: str) -> None:
    with pytest.raises(InvalidDocumentError, match=complaint):
        checked_columns(columns.split(","))


def test_a_template_can_name_letters_digits_and_underscores() -> None:
    assert is_column("us_state2")
    assert not is_column("2nd")
