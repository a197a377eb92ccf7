from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from ccir.catalog.findings import DocumentError, Position
from ccir.catalog.reading import Reading
from ccir.catalog.sources import Source
from ccir.catalog.yaml import parse_yaml


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    sizes: tuple[int, ...] = ()


class Named(msgspec.Struct, frozen=True, kw_only=True):
    id: str


def reading(text: str) -> Reading[Thing]:
    found: Reading[Thing] = Reading("thing.yaml")
    found.take(text.encode(), Thing, parse_yaml)
    return found


def test_a_whole_document_is_handed_out() -> None:
    assert reading("name: a").whole() == Thing(name="a")


def test_a_document_with_a_warning_is_whole() -> None:
    found = reading("name: a")
    found.complain("name", "odd", severity="warning")
    assert found.whole() == Thing(name="a")


def test_an_id_is_expected_to_be_what_the_file_is_called(tmp_path: Path) -> None:
    path = tmp_path / "thing.yaml"
    path.write_text("id: thing")
    source = Source(kind="drills", id="thing", path=path, root=tmp_path, origin="workspace")
    found = Reading.of(source, Named, parse_yaml)
    found.expect_id("thing")
    assert found.findings == []
    found.expect_id("other")
    [finding] = found.findings
    assert finding.message == "the id is 'thing', the file is called 'other'"


def test_findings_come_in_the_order_of_the_file() -> None:
    found = reading("name: a\nsizes: [1, x]\nother: 1")
    found.complain("sizes[0]", "too small", hint="grow")
    found.complain("name", "too short")
    with pytest.raises(DocumentError) as caught:
        found.whole()
    assert [(each.line, each.column, each.path) for each in caught.value.findings] == [
        (1, 7, "name"),
        (2, 9, "sizes[0]"),
        (2, 12, "sizes[1]"),
        (3, 1, "other"),
    ]


def test_a_value_of_a_wrong_form_is_not_complained_about_twice() -> None:
    found = reading("name: a\nsizes: [x]")
    found.complain("sizes[0]", "too small")
    assert [each.message for each in found.findings] == ["expected a whole number, found 'x'"]


@pytest.mark.parametrize(
    ("path", "position"),
    [
        ("sizes[1]", Position(line=2, column=12)),
        ("sizes[7]", Position(line=2, column=8)),
        ("sizes[7].deep.er", Position(line=2, column=8)),
        ("gone", Position(line=1, column=1)),
        ("", Position(line=1, column=1)),
    ],
)
def test_what_is_not_written_stands_where_its_owner_does(path: str, position: Position) -> None:
    assert reading("name: a\nsizes: [1, 2]").position(path) == position


def test_nothing_read_has_no_document() -> None:
    found = reading("")
    assert found.document is None
    with pytest.raises(DocumentError, match="the document is empty"):
        found.whole()
    found.complain("name", "late")
    assert found.findings[-1].line == 1


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    source = Source(
        kind="drills", id="x", path=tmp_path / "x.yaml", root=tmp_path, origin="workspace"
    )
    found = Reading.of(source, Thing, parse_yaml)
    assert found.document is None
    assert [each.message for each in found.findings] == [
        "cannot be read: No such file or directory"
    ]
