"""What people install: a wheel, in an environment that never saw the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path

import pytest

from architecture.project import ROOT, files

pytestmark = pytest.mark.packaging

DOCUMENTS = ("playbooks", "runbooks", "notify_templates", "drills")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    offline = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
    _run(sys.executable, "-m", "pip", "wheel", "-q", *offline, "-w", str(folder), str(ROOT))
    (built,) = folder.glob("ccir-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a new environment that holds the wheel.

    Its dependencies are this environment's: a path file shows their folder without reading
    the path files in it, so the checkout's editable install stays out of sight.
    """
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, with_pip=False, symlinks=True)
    programs = environment / "bin"
    (packages,) = environment.glob("lib/python*/site-packages")
    offline = ("--no-deps", "--no-index", "--disable-pip-version-check")
    pip = (sys.executable, "-m", "pip", "--python", str(programs / "python"))
    _run(*pip, "install", "-q", *offline, str(wheel))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return programs


def test_every_shipped_document_is_inside(wheel: Path) -> None:
    shipped = {
        name.removeprefix("ccir/data/")
        for name in zipfile.ZipFile(wheel).namelist()
        if name.startswith("ccir/data/")
    }
    assert shipped == set(_documents())


def test_nothing_but_the_package_is_inside(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"ccir"}


def test_the_licence_goes_with_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = HeaderParser().parsestr(archive.read(name).decode())
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata.get_all("License-File") == ["LICENSE", "NOTICE"]


def test_the_program_tells_what_it_can_do(installed: Path, tmp_path: Path) -> None:
    assert "playbook" in _run(str(installed / "ccir"), "--help", cwd=tmp_path)


def test_the_program_finds_the_shipped_playbooks(installed: Path, tmp_path: Path) -> None:
    listing = _run(str(installed / "ccir"), "playbook", "list", "--json", cwd=tmp_path)
    ids = {path.stem for path in map(Path, _documents()) if path.parent == Path("playbooks")}
    assert ids
    assert all(f'"{identifier}"' in json.dumps(json.loads(listing)) for identifier in ids)


def test_the_program_runs_from_its_own_environment(installed: Path, tmp_path: Path) -> None:
    where = _run(str(installed / "python"), "-c", "import ccir; print(ccir.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent)


def _documents() -> Iterator[str]:
    for path in files():
        name = path.relative_to(ROOT)
        if name.parts[0] in DOCUMENTS:
            yield name.as_posix()


def _run(*arguments: str, cwd: Path | None = None) -> str:
    finished = subprocess.run(
        arguments,
        cwd=cwd,
        env={**os.environ, "PIP_NO_INPUT": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout
