from __future__ import annotations

from typing import Literal

import msgspec
import msgspec.inspect as mi
import pytest

from ccir.catalog.findings import Complaints
from ccir.catalog.unions import narrowed
from ccir.catalog.yaml import parse_yaml


class Word(msgspec.Struct, tag_field="as", tag="word"):
    text: str


class Number(msgspec.Struct, tag_field="as", tag="number"):
    value: int


class Due(msgspec.Struct):
    within: str


CASES: list[tuple[object, str, type[mi.Type]]] = [
    (str | None, "x", mi.StrType),
    (str | None, "~", mi.NoneType),
    (str | None, "[x]", mi.StrType),
    (int | str, "3", mi.IntType),
    (int | str, "three", mi.StrType),
    (int | bool, "true", mi.BoolType),
    (int | bool, "x", mi.BoolType),
    (int | list[int], "[3]", mi.ListType),
    (int | list[int], "3", mi.IntType),
    (str | tuple[str, ...], "[a]", mi.VarTupleType),
    (str | Due, "{within: 1h}", mi.StructType),
    (str | Due, "1h", mi.StrType),
    (Due | None, "x", mi.StructType),
    (Due | None, "[x]", mi.StructType),
    (int | Literal["none"], "none", mi.LiteralType),
]


@pytest.mark.parametrize(("union", "text", "chosen"), CASES)
def test_the_form_of_a_value_chooses_its_type(
    union: object, text: str, chosen: type[mi.Type]
) -> None:
    assert isinstance(_narrowed(union, text), chosen)


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("{as: word}", Word),
        ("{as: number}", Number),
        ("{as: other}", Word),
        ("{as: [number]}", Word),
        ("{}", Word),
    ],
)
def test_a_tag_chooses_among_structs(text: str, chosen: type) -> None:
    found = _narrowed(Word | Number, text)
    assert isinstance(found, mi.StructType)
    assert found.cls is chosen


def _narrowed(union: object, text: str) -> mi.Type:
    node = parse_yaml(text.encode(), Complaints("f"))
    kind = mi.type_info(union)
    assert node is not None
    assert isinstance(kind, mi.UnionType)
    return narrowed(node, kind)
