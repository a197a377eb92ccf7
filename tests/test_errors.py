from __future__ import annotations

import pytest

from ccir import errors
from ccir.errors import CcirError


def every_error() -> list[type[CcirError]]:
    members = [each for each in vars(errors).values() if isinstance(each, type)]
    return [each for each in members if issubclass(each, CcirError)]


# docs and scripts rely on these numbers
CONTRACT = {
    "error": 70,
    "usage": 2,
    "invalid-document": 2,
    "unavailable": 3,
    "conflict": 4,
    "refused": 5,
    "not-found": 6,
    "store-damaged": 3,
}


def test_every_error_has_its_own_code_and_the_exit_status_of_the_contract() -> None:
    assert {kind.code: kind.exit_status for kind in every_error()} == CONTRACT
    assert len(every_error()) == len(CONTRACT)


@pytest.mark.parametrize("kind", every_error())
def test_an_error_says_what_is_wrong_and_what_to_do(kind: type[CcirError]) -> None:
    error = kind("the disk is full", hint="make room")
    assert (str(error), error.message, error.hint) == (
        "the disk is full",
        "the disk is full",
        "make room",
    )


@pytest.mark.parametrize("kind", every_error())
def test_no_error_goes_without_a_hint(kind: type[CcirError]) -> None:
    with pytest.raises(TypeError, match="hint"):
        kind("the disk is full")  # type: ignore[call-arg] # that is what is refused here
