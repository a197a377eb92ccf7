"""Runs each contract suite on every member of its family; README.md says how."""

from __future__ import annotations

import importlib.util
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
    names = registry.names(family)
    for name in names:
        _offer(metafunc.config, family, name)
    metafunc.parametrize("member", names, indirect=True)


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


def _offer(config: pytest.Config, family: str, name: str) -> None:
    """Make the member's fixture known to pytest under a name of its own, once."""
    offered = _offered(family, name)
    path = TESTS / family / f"test_{name.replace('-', '_')}.py"
    if config.pluginmanager.has_plugin(offered) or not path.is_file():
        return
    fixture = getattr(_imported(path, f"members_of_{family}.{path.stem}"), "member", None)
    if fixture is not None:
        plugin = ModuleType(offered)
        setattr(plugin, offered, fixture)
        config.pluginmanager.register(plugin, offered)


def _imported(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        pytest.fail(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # typed structs look their module up there
    spec.loader.exec_module(module)
    return module
