from __future__ import annotations

from typing import Annotated

import msgspec

from ccir.catalog.findings import FINDINGS_LIMIT, Complaints, Position
from ccir.catalog.typed import Openings, Walked, walk
from ccir.catalog.yaml import parse_yaml
from ccir.errors import InvalidDocumentError
from support.documents import messages


class Point(msgspec.Struct, frozen=True, kw_only=True):
    x: int
    y: int = 0


class Even(msgspec.Struct, frozen=True, kw_only=True):
    half: int

    def __post_init__(self) -> None:
        if self.half % 2:
            raise ValueError("odd")


class Plan(msgspec.Struct, frozen=True, kw_only=True, rename={"arguments": "with"}):
    kind: str
    arguments: dict[str, object] = {}


class Formula(msgspec.Struct, frozen=True, kw_only=True):
    source: str


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    name: Annotated[str, msgspec.Meta(pattern="^[a-z]+$")]
    points: Annotated[tuple[Point, ...], msgspec.Meta(min_length=1)] = (Point(x=0),)
    sizes: list[int] = []
    labels: dict[str, int] = {}
    middle: Point | None = None
    evens: tuple[Even, ...] = ()
    plans: tuple[Plan, ...] = ()
    formula: Formula | None = None
    free: object = None


def formula(text: str) -> Formula:
    if not text.startswith("="):
        raise InvalidDocumentError("no formula", hint="begin with =")
    return Formula(source=text)


OPENINGS = Openings(arguments={Plan: {"dot": Point}}, texts={Formula: formula})


def walked(text: str) -> tuple[Walked[Drawing], Complaints]:
    complaints = Complaints("f")
    node = parse_yaml(text.encode(), complaints)
    assert node is not None
    return walk(node, Drawing, complaints, openings=OPENINGS), complaints


def found(text: str) -> list[str]:
    _, complaints = walked(text)
    return [
        f"{each.line}:{each.column} {each.path}: {each.message}"
        + f" ({each.hint})" * bool(each.hint)
        for each in complaints.findings
    ]


def test_a_whole_document_becomes_the_struct() -> None:
    result, complaints = walked(
        "name: a\npoints: [{x: 1}, {x: 2, y: 3}]\nsizes: [4]\nlabels: {b: 5}\nmiddle: {x: 6}\n"
        "evens: [{half: 2}]\nplans: [{kind: dot, with: {x: 7}}]\nformula: =1\nfree: [a, {b: c}]\n"
    )
    assert messages(complaints) == []
    assert result.value == Drawing(
        name="a",
        points=(Point(x=1), Point(x=2, y=3)),
        sizes=[4],
        labels={"b": 5},
        middle=Point(x=6),
        evens=(Even(half=2),),
        plans=(Plan(kind="dot", arguments={"x": 7, "y": 0}),),
        formula=Formula(source="=1"),
        free=["a", {"b": "c"}],
    )


def test_every_path_knows_its_place() -> None:
    result, _ = walked("name: a\npoints:\n  - x: 1\nplans: [{kind: dot, with: {x: 7}}]\n")
    assert result.positions["points[0].x"] == Position(line=3, column=8)
    assert result.positions["plans[0].with.x"] == Position(line=4, column=31)


def test_all_complaints_are_collected_in_one_walk() -> None:
    assert found(
        "name: A\npoints: []\nsizes: [x]\nlabels: [1]\nmiddle: 3\nunknwn: 1\nformla: =1\n"
        "evens: [{half: 1}, {half: x}, 7]\nplans: [{kind: dto}, {kind: dot, with: {z: 1}}]\n"
    ) == [
        (
            "6:1 unknwn: unknown key 'unknwn' "
            "(known: evens, formula, free, labels, middle, name, plans, points, sizes)"
        ),
        "7:1 formla: unknown key 'formla' (did you mean 'formula'?)",
        "1:7 name: expected a text matching ^[a-z]+$, found 'A'",
        "2:9 points: at least 1 wanted",
        "3:9 sizes[0]: expected a whole number, found 'x'",
        "4:9 labels: expected a mapping, found a list",
        "5:9 middle: expected a mapping, found '3'",
        "8:9 evens[0]: odd",
        "8:27 evens[1].half: expected a whole number, found 'x'",
        "8:31 evens[2]: expected a mapping, found '7'",
        "9:16 plans[0].kind: unknown kind 'dto' (did you mean 'dot'?)",
        "9:41 plans[1].with.z: unknown key 'z' (known: x, y)",
        "9:40 plans[1].with: 'x' is missing",
    ]


def test_harmless_values_stand_where_the_documents_did_not_fit() -> None:
    result, _ = walked("name: A\npoints: 3\nlabels: 3\nsizes: {}\nevens: [{half: x}]\n")
    assert result.value == Drawing(
        name="A",
        points=(),
        labels={},
        sizes=[],
        evens=(None,),  # type: ignore[arg-type] # no harmless value
    )


def test_a_kind_that_is_no_text_opens_nothing() -> None:
    result, _ = walked("name: a\nplans: [{kind: [dot], with: {x: 1}}, {with: {x: 1}}]")
    assert [plan.arguments for plan in result.value.plans] == [{}, {}]


def test_missing_arguments_are_what_the_kind_misses() -> None:
    assert found("name: a\nplans: [{kind: dot}]") == ["2:9 plans[0].with: 'x' is missing"]


def test_a_text_that_its_reader_refuses_is_complained_about() -> None:
    assert found("name: a\nformula: 1") == ["2:10 formula: no formula (begin with =)"]
    assert found("name: a\nformula: [1]") == ["2:10 formula: expected a text, found a list"]


def test_a_document_that_is_no_mapping_is_complained_about_once() -> None:
    result, complaints = walked("[1]")
    assert messages(complaints) == ["expected a mapping, found a list"]
    assert result.value.name == ""


def test_unknown_keys_do_not_flood() -> None:
    text = "name: a\n" + "".join(f"k{number}: 1\n" for number in range(FINDINGS_LIMIT + 50))
    _, complaints = walked(text)
    assert complaints.total == FINDINGS_LIMIT


def test_a_required_struct_that_is_missing_is_built_of_blanks() -> None:
    class Outer(msgspec.Struct, kw_only=True):
        point: Point
        points: tuple[Point, ...]
        labels: dict[str, int]

    complaints = Complaints("f")
    node = parse_yaml(b"{}", complaints)
    assert node is not None
    outer = walk(node, Outer, complaints, openings=Openings()).value
    assert outer == Outer(point=Point(x=0), points=(), labels={})
    assert messages(complaints) == [f"'{key}' is missing" for key in ("point", "points", "labels")]
