from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccir import registry
from ccir.channels.interface import configure, kind_of
from ccir.errors import InvalidDocumentError, NotFoundError
from support.mail import surroundings


@pytest.fixture
def foreign_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installed package that offers a function as a kind of channel."""
    described = tmp_path / "couriers-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: couriers\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text("[ccir.channels]\npigeon = couriers:fly\n")
    (tmp_path / "couriers.py").write_text("def fly(): ...\n")
    monkeypatch.syspath_prepend(tmp_path)
    registry._entry_points.cache_clear()
    yield
    registry._entry_points.cache_clear()


def test_a_table_without_a_kind_is_told_the_kinds(tmp_path: Path) -> None:
    with pytest.raises(InvalidDocumentError, match="does not say its kind") as caught:
        configure("mail", {"host": "mx"}, surroundings(tmp_path))
    assert caught.value.hint == f"one of: {', '.join(registry.names('channels'))}"


def test_a_kind_that_is_not_there_is_suggested(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="'smpt'") as caught:
        configure("mail", {"kind": "smpt"}, surroundings(tmp_path))
    assert caught.value.hint == "did you mean 'smtp'?"


def test_a_misspelt_setting_is_suggested(tmp_path: Path) -> None:
    with pytest.raises(InvalidDocumentError, match="has no setting 'fodler'") as caught:
        configure("files", {"kind": "outbox", "fodler": "x"}, surroundings(tmp_path))
    assert caught.value.hint == "did you mean 'folder'?"
    with pytest.raises(InvalidDocumentError) as caught:
        configure("files", {"kind": "outbox", "zzz": "x"}, surroundings(tmp_path))
    assert caught.value.hint == (
        "known: folder, from, form, layout, return_address, fonts, timezone"
    )


@pytest.mark.parametrize("table", [{}, {"folder": 3}])
def test_a_missing_or_unfit_value_names_the_channel(
    table: dict[str, object], tmp_path: Path
) -> None:
    with pytest.raises(InvalidDocumentError, match=r"\[channels\.files\] cannot be used.*folder"):
        configure("files", {"kind": "outbox", **table}, surroundings(tmp_path))


@pytest.mark.usefixtures("foreign_package")
def test_a_package_that_offers_something_else_is_refused() -> None:
    with pytest.raises(InvalidDocumentError, match="'pigeon' is no Kind"):
        kind_of("pigeon")
