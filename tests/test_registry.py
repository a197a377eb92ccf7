from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ccir.channels
from ccir import registry
from ccir.errors import NotFoundError

FAMILIES = ("backup", "channels", "checks", "steps", "store")


@pytest.fixture
def other_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installed package that brings a channel `pigeon`."""
    (tmp_path / "pigeons.py").write_text("MEMBER = 'a pigeon'\n", encoding="utf-8")
    facts = tmp_path / "pigeons-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeons\nVersion: 1.0\n", "utf-8")
    entry_points = "[ccir.channels]\npigeon = pigeons:MEMBER\n"
    (facts / "entry_points.txt").write_text(entry_points, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    _forget()
    yield
    sys.modules.pop("pigeons", None)
    _forget()


def _forget() -> None:
    registry.names.cache_clear()
    registry._entry_points.cache_clear()


@pytest.mark.parametrize("family", FAMILIES)
def test_every_name_of_a_family_leads_to_its_member(family: str) -> None:
    names = registry.names(family)
    assert names == tuple(sorted(set(names))) != ()
    for name in names:
        assert "_" not in name
        assert registry.member(family, name) is registry.member(family, name)


def test_a_member_is_called_by_its_files_name_with_hyphens() -> None:
    assert "backup-check" in registry.names("steps")
    module = sys.modules["ccir.steps.backup_check"]
    assert registry.member("steps", "backup-check") is module.MEMBER


@pytest.mark.parametrize("name", ["interface", "smtp_replies", "smtp-replies"])
def test_a_file_without_a_member_is_none(name: str) -> None:
    assert name not in registry.names("channels")
    with pytest.raises(NotFoundError):
        registry.member("channels", name)


def test_a_misspelt_name_gets_a_suggestion() -> None:
    with pytest.raises(NotFoundError, match="no channels member is called 'smpt'") as refused:
        registry.member("channels", "smpt")
    assert refused.value.hint == "did you mean 'smtp'?"


@pytest.mark.parametrize("name", ["zzz", "", ".", "a.b", "smtp.b", "../smtp"])
def test_any_other_name_is_answered_with_what_there_is(name: str) -> None:
    with pytest.raises(NotFoundError) as refused:
        registry.member("channels", name)
    assert "smtp" in refused.value.hint


@pytest.mark.usefixtures("other_package")
def test_another_package_brings_a_member_by_its_entry_point() -> None:
    assert "pigeon" in registry.names("channels")
    assert "smtp" in registry.names("channels")
    assert registry.member("channels", "pigeon") == "a pigeon"
    with pytest.raises(NotFoundError) as refused:
        registry.member("channels", "pigeons")
    assert refused.value.hint == "did you mean 'pigeon'?"


def test_a_member_whose_library_is_missing_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_part.py").write_text("import no_such_library\n", encoding="utf-8")
    monkeypatch.setattr(ccir.channels, "__path__", [*ccir.channels.__path__, str(tmp_path)])
    with pytest.raises(ModuleNotFoundError, match="no_such_library"):
        registry.member("channels", "broken-part")
