"""The reference page names every setting and every variable, and its examples load."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from ccir import registry
from ccir.channels.interface import Kind
from ccir.channels.rate import PaceSettings
from ccir.config.duties import Contract, Duties
from ccir.config.environment_file import ALLOWED
from ccir.config.loading import load_settings
from ccir.config.settings import (
    Approvals,
    Drills,
    Organisation,
    Person,
    Privacy,
    Restore,
    Settings,
    Target,
)

ROW = r"^\| `(\w+)` \| (yes|no) \|"
PAGE = (Path(__file__).parents[2] / "docs/reference/configuration.md").read_text("utf-8")
TABLES: dict[str, type[msgspec.Struct]] = {
    "[organisation]": Organisation,
    "[people.ID]": Person,
    "[targets.ID]": Target,
    "[approvals]": Approvals,
    "[privacy]": Privacy,
    "[restore]": Restore,
    "[drills]": Drills,
    "[obligations]": Duties,
    "[contracts.ID]": Contract,
}


def section(title: str) -> str:
    return PAGE.partition(f"\n## `{title}`\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("kind", registry.names("channels"))
def test_the_keys_of_every_kind_of_channel_are_documented(kind: str) -> None:
    rows = PAGE.partition(f"\n### `{kind}`\n")[2].partition("\n##")[0]
    member = registry.member("channels", kind)
    assert isinstance(member, Kind)
    # What all channels over the network share stands last.
    is_paced = issubclass(member.settings, PaceSettings)
    shared = {field.name for field in msgspec.structs.fields(PaceSettings) if is_paced}
    fields = sorted(msgspec.structs.fields(member.settings), key=lambda field: field.name in shared)

    assert re.findall(ROW, rows, re.MULTILINE) == [
        (field.encode_name, "yes" if field.required else "no") for field in fields
    ]


@pytest.mark.parametrize("title", TABLES)
def test_a_tables_keys_and_no_others_are_documented(title: str) -> None:
    fields = msgspec.structs.fields(TABLES[title])

    assert re.findall(ROW, section(title), re.MULTILINE) == [
        (field.encode_name, "yes" if field.required else "no") for field in fields
    ]


def test_every_table_has_its_section() -> None:
    for name in (field.name for field in msgspec.structs.fields(Settings)):
        assert name == "folder" or f"\n## `[{name}" in PAGE


def test_every_variable_is_documented() -> None:
    for variable in ("CCIR_WORKSPACE", "CCIR_RUN", "CCIR_AS", "CCIR_DEBUG", "NO_COLOR"):
        assert f"`{variable}`" in PAGE
    for scheme, names in ALLOWED.items():
        assert f"| `{scheme}:` |" in PAGE
        assert all(f"`{name}" in PAGE for name in names)


@pytest.mark.parametrize("example", re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
def test_the_examples_load(tmp_path: Path, example: str) -> None:
    (tmp_path / "ccir.toml").write_text(example, encoding="utf-8")

    assert load_settings(tmp_path).organisation.name
