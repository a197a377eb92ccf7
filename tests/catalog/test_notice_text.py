from __future__ import annotations

import re

import msgspec.inspect as mi
import pytest

from ccir.catalog.notice_text import Language, Variable


def matches(annotated: object, text: str) -> bool:
    kind = mi.type_info(annotated)
    assert isinstance(kind, mi.StrType)
    assert kind.pattern
    return re.search(kind.pattern, text) is not None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("en", True), ("de-AT", True), ("gsw", True), ("EN", False), ("en_GB", False), ("e", False)],
)
def test_a_language_is_a_tag(text: str, is_one: bool) -> None:  # noqa: FBT001 - a case
    assert matches(Language, text) == is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("recipient.name", True),
        ("recipient.Kunden-Nr", True),
        ("facts.what_happened", True),
        ("name", False),
        ("recipient.", False),
        ("recipient.a.b", False),
        ("recipient.first name", False),
    ],
)
def test_a_variable_has_an_owner_and_a_part(text: str, is_one: bool) -> None:  # noqa: FBT001 - a case
    assert matches(Variable, text) == is_one
