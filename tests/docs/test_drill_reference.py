"""The reference of drills names every key that a drill has, and no other."""

from __future__ import annotations

import re

import msgspec

from architecture.project import ROOT
from ccir.domain.drills import Drill, Verification

PAGE = ROOT / "docs" / "reference" / "drill.md"


def rows(heading: str) -> list[str]:
    text = PAGE.read_text(encoding="utf-8")
    table = text.split(f"| {heading} |", 1)[1].split("\n\n", 1)[0]
    cells = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]


def test_every_key_of_a_drill_is_explained() -> None:
    assert sorted(rows("key")) == sorted(
        field.encode_name for field in msgspec.structs.fields(Drill)
    )


def test_every_way_to_verify_is_explained() -> None:
    names = [field.encode_name for field in msgspec.structs.fields(Verification)]
    assert sorted(rows("`verify` | what it does | level")) == sorted(names)


def test_every_mode_is_explained() -> None:
    assert rows("mode") == ["full", "sample", "stream"]
