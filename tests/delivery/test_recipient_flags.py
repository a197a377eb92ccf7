from __future__ import annotations

import pytest

from ccir.delivery.recipient_flags import taken_flags
from ccir.delivery.recipient_lines import UnreadableLineError


def test_flags_are_taken_out_of_the_row_the_gravest_first() -> None:
    values = {"minor": "Yes", "opt_out": "1", "deceased": "WAHR", "legal_hold": "no", "city": "x"}
    assert taken_flags(values) == ("deceased", "minor", "opt-out")
    assert values == {"city": "x"}


@pytest.mark.parametrize("word", ["", "0", "No", "n", "FALSE", "f", "off", "nein", "falsch", " "])
def test_no_is_written_in_several_ways(word: str) -> None:
    assert taken_flags({"minor": word}) == ()


@pytest.mark.parametrize("word", ["1", "YES", "y", "True", "t", "on", "ja", "wahr"])
def test_yes_is_written_in_several_ways(word: str) -> None:
    assert taken_flags({"legal_hold": word}) == ("legal-hold",)


@pytest.mark.parametrize("word", ["2", "maybe", "?", "x", "-"])
def test_an_unclear_spelling_names_its_column_and_not_its_value(word: str) -> None:
    with pytest.raises(UnreadableLineError) as caught:
        taken_flags({"opt_out": word})
    assert str(caught.value) == "neither yes nor no in 'opt_out'"
