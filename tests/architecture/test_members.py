"""The members of a family stay apart: each is reached by its name, not by an import."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from pathlib import Path

import grimp
import pytest

from architecture.project import FAMILIES, SOURCE

Import = tuple[str, str]


@pytest.mark.parametrize("family", FAMILIES)
def test_members_are_reached_by_name_only(family: str) -> None:
    package = f"ccir.{family}"
    graph = grimp.build_graph("ccir", cache_dir=None)
    modules = graph.find_children(package)
    imports = [
        (importer, imported)
        for imported in modules
        for importer in graph.find_modules_that_directly_import(imported)
    ]
    assert _broken(imports, members=_members(family)) == []


def test_an_import_of_a_member_is_found_out() -> None:
    found = _broken([("ccir.channels.smtp", "ccir.channels.outbox")], members=CHANNELS)
    assert found == [
        "ccir.channels.smtp imports the member ccir.channels.outbox: use ccir.registry"
    ]


def test_an_import_of_another_members_part_is_found_out() -> None:
    part = "ccir.channels.outbox_files"
    found = _broken([("ccir.channels.smtp", part)], members=CHANNELS)
    assert found == [f"ccir.channels.smtp imports {part}, a part of ccir.channels.outbox only"]


def test_a_member_may_use_its_own_parts_and_the_interface() -> None:
    own = [
        ("ccir.channels.smtp", "ccir.channels.smtp_replies"),
        ("ccir.channels.smtp_session", "ccir.channels.smtp_replies"),
        ("ccir.channels.smtp", "ccir.channels.interface"),
        ("ccir.delivery.sending", "ccir.channels.interface"),
    ]
    assert _broken(own, members=CHANNELS) == []


CHANNELS = frozenset({"ccir.channels.smtp", "ccir.channels.outbox"})


def _broken(imports: Iterable[Import], *, members: AbstractSet[str]) -> list[str]:
    complaints = [_complaint(pair, members) for pair in sorted(imports)]
    return [complaint for complaint in complaints if complaint]


def _complaint(pair: Import, members: AbstractSet[str]) -> str:
    importer, imported = pair
    if imported in members:
        return f"{importer} imports the member {imported}: use ccir.registry"
    owner = _owner(imported, members)
    if owner and importer != owner and _owner(importer, members) != owner:
        return f"{importer} imports {imported}, a part of {owner} only"
    return ""


def _owner(module: str, members: AbstractSet[str]) -> str | None:
    owners = [member for member in members if module.startswith(f"{member}_")]
    return max(owners, key=len, default=None)


def _members(family: str) -> frozenset[str]:
    paths = (SOURCE / family).glob("*.py")
    return frozenset(f"ccir.{family}.{path.stem}" for path in paths if _is_member(path))


def _is_member(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any("MEMBER" in _assigned(statement) for statement in tree.body)


def _assigned(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []
