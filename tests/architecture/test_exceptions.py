"""Every exception from a rule says on its line why it is one."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import tomllib
from collections.abc import Iterator

import pytest

from architecture.project import ROOT, files, relative

MARKERS = re.compile(
    r"#\s*(noqa(:\s*[A-Z]+[0-9]+(,?\s*[A-Z]+[0-9]+)*)?|type:\s*ignore(\[[^\]]*\])?"
    r"|pragma:\s*no\s*(cover|branch)|fmt:\s*(off|on|skip)|ruff:\s*noqa\S*|mypy:\s*\S+)"
)
REASON = re.compile(r"\w+\W+\w+")
SKIPS = re.compile(r"\b(skip|skipif|xfail)\b")
PINNED = re.compile(r"[<>=~!]")
RULE_LINE = re.compile(r'(^|= \[)\s*"[A-Z]+[0-9]*"')


def test_every_silenced_complaint_says_why() -> None:
    bare = [
        f"{relative(path)}:{line}: {comment}"
        for path in files(".py")
        for line, comment in _bare_markers(path.read_text(encoding="utf-8"))
    ]
    assert not bare, "give the reason on the line:\n" + "\n".join(bare)


def test_every_skipped_test_says_why() -> None:
    bare = [
        f"{relative(path)}:{line}"
        for path in files(".py")
        for line in _bare_skips(path.read_text(encoding="utf-8"))
    ]
    assert not bare, "give skip, skipif and xfail a reason:\n" + "\n".join(bare)


def test_every_pinned_requirement_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = {requirement: _line_of(requirement, text) for requirement in _pinned(text)}
    assert len(lines) > 5
    assert [name for name, line in lines.items() if "# " not in line] == []


def test_every_rule_left_out_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    left_out = text[text.index("ignore = [") : text.index("banned-api]")].splitlines()
    rules = [line for line in left_out if RULE_LINE.search(line)]
    assert len(rules) > 20
    assert [line for line in rules if "# " not in line] == []


@pytest.mark.parametrize(
    "line",
    [
        "import os  # noqa",
        "import os  # noqa: F401",
        "import os  # noqa: F401, TID251",
        "value = f()  # type: ignore[attr-defined]",
        "if x:  # pragma: no cover",
        "import os  # noqa: F401 - reasons",
    ],
)
def test_a_bare_marker_is_found_out(line: str) -> None:
    assert [*_bare_markers(line + "\n")]


@pytest.mark.parametrize(
    "line",
    [
        "import os  # noqa: F401 - imported for its effect",
        "value = f()  # type: ignore[attr-defined]  # the library has no types",
        "if x:  # pragma: no cover - only on Windows",
        "text = '# noqa'",
        "import os  # why this is here",
    ],
)
def test_a_reason_is_accepted(line: str) -> None:
    assert not [*_bare_markers(line + "\n")]


def test_a_bare_skip_is_found_out() -> None:
    assert [*_bare_skips("@pytest.mark.skip\ndef test_a(): ...")] == [1]
    assert [*_bare_skips("@pytest.mark.skipif(True)\ndef test_a(): ...")] == [1]
    assert [*_bare_skips("pytest.skip()")] == [1]
    assert not [*_bare_skips("pytest.skip('no restic here')")]
    assert not [*_bare_skips("pytest.mark.skipif(True, reason='no restic here')")]


def _bare_markers(source: str) -> Iterator[tuple[int, str]]:
    if not MARKERS.search(source):  # most files: taking them apart takes long
        return
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        is_marked = token.type == tokenize.COMMENT and MARKERS.search(token.string)
        if is_marked and not REASON.search(MARKERS.sub("", token.string)):
            yield token.start[0], token.string


def _bare_skips(source: str) -> Iterator[int]:
    if not SKIPS.search(source):  # as above
        return
    tree = ast.parse(source)
    reasoned = {
        id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call) and _reason(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and id(node) not in reasoned and _is_skip(node):
            yield node.lineno


def _is_skip(node: ast.Attribute) -> bool:
    is_named_so = node.attr in {"skip", "skipif", "xfail"}
    return is_named_so and ast.unparse(node).startswith("pytest.")


def _reason(call: ast.Call) -> bool:
    is_condition_only = isinstance(call.func, ast.Attribute) and call.func.attr == "skipif"
    named = any(keyword.arg == "reason" for keyword in call.keywords)
    return named or (bool(call.args) and not is_condition_only)


def _pinned(text: str) -> list[str]:
    document = tomllib.loads(text)
    groups: list[list[str]] = [
        document["build-system"]["requires"],
        document["project"]["dependencies"],
        *document["project"].get("optional-dependencies", {}).values(),
        *document["dependency-groups"].values(),
    ]
    return [entry for group in groups for entry in group if PINNED.search(entry)]


def _line_of(requirement: str, text: str) -> str:
    return next(line for line in text.splitlines() if f'"{requirement}"' in line)
