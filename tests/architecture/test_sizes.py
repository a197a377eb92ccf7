"""Modules stay small, and packages hold no code of their own."""

from __future__ import annotations

import ast

from architecture.project import SOURCE, files, relative

BOUND = 250  # lines; one module in twenty may be longer
NEVER = 400  # lines
SHARE_ABOVE_BOUND = 0.05


def test_no_module_is_too_long() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files(".py")}
    assert [relative(path) for path, lines in lengths.items() if lines > NEVER] == []


def test_nearly_all_modules_are_within_the_bound() -> None:
    modules = [path for path in files(".py") if path.is_relative_to(SOURCE)]
    long = [path for path in modules if len(path.read_text("utf-8").splitlines()) > BOUND]
    names = ", ".join(relative(path) for path in long)
    assert len(long) <= SHARE_ABOVE_BOUND * len(modules), f"split by idea: {names}"


def test_packages_hold_a_docstring_only() -> None:
    packages = [path for path in files("__init__.py") if path.is_relative_to(SOURCE)]
    trees = {relative(path): ast.parse(path.read_text(encoding="utf-8")) for path in packages}
    assert len(trees) > 10
    del trees["src/ccir/__init__.py"].body[1:]  # the version: judged by the next test
    wrong = [
        name for name, tree in trees.items() if len(tree.body) != 1 or not ast.get_docstring(tree)
    ]
    assert wrong == []


def test_the_top_package_holds_the_version_and_nothing_else() -> None:
    _, *rest = ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8")).body
    assert [ast.unparse(statement).partition(" = ")[0] for statement in rest] == ["__version__"]


def test_tests_are_no_packages() -> None:
    assert [relative(path) for path in files("__init__.py") if "tests" in path.parts] == []
