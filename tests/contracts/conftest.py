"""Runs each contract suite on every member of its family; README.md says how."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from ccir import registry

TESTS = Path(__file__).parent.parent


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "member" not in metafunc.fixturenames:
        return
    family = _family(metafunc.definition.path)
    benches: list[str] = []
    for name in registry.names(family):
        benches += _offer(metafunc.config, family, name) or [name]
    metafunc.parametrize("member", benches, indirect=True)


@pytest.fixture
def member(request: pytest.FixtureRequest) -> object:
    """What the member's own fixture returns."""
    family, name = _family(request.path), request.param
    if not request.config.pluginmanager.has_plugin(_offered(family, name)):
        pytest.fail(f"the {family} member '{name}' has no fixture: see test_families.py")
    made: object = request.getfixturevalue(_offered(family, name))
    return made


def _family(suite: Path) -> str:
    return suite.stem.removeprefix("test_").partition("_")[0]


def _offered(family: str, name: str) -> str:
    return f"member {family}/{name}"


def _offer(config: pytest.Config, family: str, name: str) -> list[str]:
    """Make the member's fixtures known to pytest, once, and return the names of its benches.

    `member` is the member's own name; `member_newer` is called `restic-newer`.
    """
    path = TESTS / family / f"test_{name.replace('-', '_')}.py"
    if not path.is_file():
        return []
    module = _imported(path, f"members_of_{family}.{path.stem}")
    benches: list[str] = []
    for made in sorted(each for each in vars(module) if re.fullmatch(r"member(_[a-z]+)?", each)):
        bench = name + made.removeprefix("member").replace("_", "-")
        benches.append(bench)
        offered = _offered(family, bench)
        if not config.pluginmanager.has_plugin(offered):
            plugin = ModuleType(offered)
            setattr(plugin, offered, getattr(module, made))
            config.pluginmanager.register(plugin, offered)
    return benches


def _imported(path: Path, name: str) -> ModuleType:
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        pytest.fail(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # typed structs look their module up there
    spec.loader.exec_module(module)
    return module
