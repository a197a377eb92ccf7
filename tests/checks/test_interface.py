from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.checks.interface import Tree, find_inside, is_inside, measure

OUTSIDE = ["/etc/passwd", "../secret", "a/../../secret", "..", "/", "", ".", "a/.."]
NO_PATTERN = ["**x", "***", "x" * 300, "x" * 300 + "*", "nul\0"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "restored"
    for name in ("srv/crm/crm.sqlite", "srv/crm/old/crm.sqlite", "srv/notes [1].txt"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("12345", encoding="utf-8")
    (tmp_path / "secret").write_text("outside", encoding="utf-8")
    return root


def found(folder: Path, pattern: str) -> list[str]:
    return [str(path.relative_to(folder)) for path in find_inside(folder, pattern)]


def test_files_are_counted_and_their_sizes_added_up(folder: Path) -> None:
    assert measure(folder) == Tree(files=3, bytes=15)


def test_a_file_with_two_names_counts_twice_and_anything_else_not_at_all(folder: Path) -> None:
    os.link(folder / "srv/crm/crm.sqlite", folder / "srv/second-name")
    (folder / "srv/link").symlink_to("crm/crm.sqlite")
    (folder / "srv/loop").symlink_to(folder)
    (folder / "srv/dangling").symlink_to("nowhere")
    os.mkfifo(folder / "srv/pipe")
    assert measure(folder) == Tree(files=4, bytes=20)


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert measure(tmp_path) == Tree(files=0, bytes=0)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("srv/crm/crm.sqlite", ["srv/crm/crm.sqlite"]),
        ("**/crm.sqlite", ["srv/crm/crm.sqlite", "srv/crm/old/crm.sqlite"]),
        ("srv/*/crm.sqlite", ["srv/crm/crm.sqlite"]),
        ("srv/notes [1].txt", ["srv/notes [1].txt"]),
        ("srv/crm", []),
        ("srv/none.sqlite", []),
    ],
)
def test_a_path_or_a_glob_names_files(folder: Path, pattern: str, names: list[str]) -> None:
    assert found(folder, pattern) == names


@pytest.mark.parametrize("pattern", OUTSIDE)
def test_a_pattern_that_leads_out_names_nothing(folder: Path, pattern: str) -> None:
    assert found(folder, pattern) == []
    assert not is_inside(pattern)


@pytest.mark.parametrize("pattern", NO_PATTERN)
def test_what_is_no_pattern_names_nothing(folder: Path, pattern: str) -> None:
    assert found(folder, pattern) == []


@pytest.mark.parametrize("target", ["../../secret", "../.."])
def test_links_that_lead_out_are_passed_over(folder: Path, target: str) -> None:
    (folder / "srv/out").symlink_to(target)
    assert (folder / "srv/out").exists()
    assert found(folder, "srv/out") == []
    assert found(folder, "srv/out/secret") == []
    assert found(folder, "srv/o*") == []
    assert found(folder, "srv/o*/secret") == []


def test_links_that_stay_inside_are_followed(folder: Path) -> None:
    (folder / "current.sqlite").symlink_to("srv/crm/crm.sqlite")
    assert found(folder, "current.sqlite") == ["current.sqlite"]


def test_no_more_than_a_thousand_files_are_named(tmp_path: Path) -> None:
    for number in range(1_001):
        (tmp_path / f"{number}.txt").touch()
    assert len(find_inside(tmp_path, "*.txt")) == 1_000


@given(st.lists(st.sampled_from(["..", ".", "a", "**", "", "b*"]), max_size=5).map("/".join))
def test_a_pattern_inside_never_climbs(pattern: str) -> None:
    climbs = pattern.startswith("/") or ".." in pattern.split("/")
    assert is_inside(pattern) == (
        not climbs and any(p not in {"", "."} for p in pattern.split("/"))
    )
