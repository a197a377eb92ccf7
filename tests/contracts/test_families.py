"""A member of a family without a fixture for its contract is refused."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ccir import registry

FAMILIES = ("backup", "channels", "checks", "steps", "store")
TESTS = Path(__file__).parent.parent


@pytest.mark.parametrize("family", FAMILIES)
def test_every_member_brings_a_fixture_for_its_contract(family: str) -> None:
    missing = [
        f"add a fixture `member` to tests/{family}/{_test_file(name)} that returns the member "
        f"'{name}' ready for the family's contract suite"
        for name in registry.names(family)
        if not _has_member_fixture(TESTS / family / _test_file(name))
    ]
    assert not missing, "\n".join(missing)


def test_a_file_without_the_fixture_is_found_out(tmp_path: Path) -> None:
    without = tmp_path / "test_without.py"
    without.write_text("def member():\n    return 1\n", encoding="utf-8")
    assert not _has_member_fixture(without)
    assert not _has_member_fixture(tmp_path / "test_absent.py")


def test_a_file_with_the_fixture_is_accepted(tmp_path: Path) -> None:
    bare, called = tmp_path / "test_bare.py", tmp_path / "test_called.py"
    bare.write_text("@pytest.fixture\ndef member():\n    return 1\n", encoding="utf-8")
    called.write_text("@pytest.fixture(scope='module')\ndef member(): ...\n", encoding="utf-8")
    assert _has_member_fixture(bare)
    assert _has_member_fixture(called)


def _test_file(name: str) -> str:
    return f"test_{name.replace('-', '_')}.py"


def _has_member_fixture(path: Path) -> bool:
    if not path.is_file():
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(
        "fixture" in ast.unparse(decorator)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == "member"
        for decorator in node.decorator_list
    )
