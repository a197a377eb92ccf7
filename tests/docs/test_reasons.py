"""The page of reason codes says what there is: every code of the source, and no other one."""

from __future__ import annotations

import ast
import re

import pytest

from architecture.project import ROOT
from ccir.domain.drills import LEVELS
from support.reason_codes import Source, source, tool_reasons

PAGE = ROOT / "docs" / "reference" / "reasons.md"
HOW_TO = ROOT / "docs" / "how-to" / "reading-a-fail.md"
VERDICTS = {"fail", "error", "stale", "skipped"}
CODE = re.compile(r"`([a-z][a-z0-9-]*)`")


def rows() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    found = [line for line in lines if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found]


def documented() -> list[str]:
    return [code for row in rows() for code in CODE.findall(row[0])]


def test_every_code_that_the_source_gives_is_explained() -> None:
    given = source().codes() | tool_reasons()
    missing = sorted(given - {*documented()})
    assert missing == [], f"add to docs/reference/reasons.md: {', '.join(missing)}"


def test_every_code_that_is_explained_is_given_by_the_source() -> None:
    given = source().codes() | tool_reasons()
    unused = sorted({*documented()} - given)
    assert unused == [], f"take out of docs/reference/reasons.md: {', '.join(unused)}"


def test_each_code_stands_once_with_a_verdict_a_meaning_and_what_to_do() -> None:
    codes = documented()
    assert sorted(codes) == sorted({*codes})
    for row in rows():
        assert len(row) == 4, row[0]
        assert row[1] in VERDICTS, row[0]
        assert all(row), row[0]


def test_the_page_about_a_fail_names_the_levels_as_they_are_and_only_codes_that_there_are() -> None:
    text = HOW_TO.read_text(encoding="utf-8")
    levels = dict(re.findall(r"^\| (L\d) \| (.+?) \|$", text, re.MULTILINE))
    assert levels == LEVELS
    named = re.findall(r"\*\*[^*]+\*\* \(([^)]+)\)", text)
    assert {*CODE.findall(" ".join(named))} <= {*documented()}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("x = Result(reason='a-b')", {"a-b"}),
        ("def bad(name, reason): ...\nbad('n', 'c')", {"c"}),
        ("class Bad:\n  def __init__(self, reason): ...\nraise Bad('d')", {"d"}),
        ("class Row(NamedTuple):\n  reason: str\nRow('e')", {"e"}),
        ("reason = 'f' if x else 'g'", {"f", "g"}),
        ("reason, detail = ('h', 'no') if x else ('i', 'nor')", {"h", "i"}),
        ("reason: str = 'j'", {"j"}),
        ("T = (('p', 'k', 'no'),)\nfor pattern, reason, hint in T: ...", {"k"}),
        ("T = {1: 'l'}\nx = R(reason=T.get(n, 'm'))", {"l", "m"}),
        ("T = {1: 'n'}\nx = R(reason=T[k])", {"n"}),
        ("T = {'p': 'o'}\nfor p, reason in T.items(): ...", {"o"}),
        ("NAMED = 'q'\nx = R(reason=NAMED or 'r')", {"q", "r"}),
        ("def _reason():\n  return 's'", {"s"}),
        ("def judge():\n  return 'stale', 't'", {"t"}),
        ("def judge():\n  return 'pass', 'not-a-reason'", set()),
        ("x = R(reason=found.reason, detail='not-a-reason')", set()),
        (
            "x = R(reason=f'by-{ran.ended}')",
            {"by-cancelled", "by-deadline", "by-flooded", "by-stopped"},
        ),
        ("reason = finished.ended", {"cancelled", "flooded", "stopped"}),
        ("[reason for reason in ('u',)]", {"u"}),
        ("x = (lambda: 1)()", set()),
    ],
)
def test_a_code_is_found_wherever_a_reason_is_meant(text: str, codes: set[str]) -> None:
    assert Source([ast.parse(text)]).codes() == codes
