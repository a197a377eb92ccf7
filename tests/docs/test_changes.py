"""Change fragments are well named, and the collector moves each into the changelog once."""

from __future__ import annotations

from pathlib import Path

import pytest

import collect_changes
from architecture.project import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes" / "README.md").write_text("how to", encoding="utf-8")
    changelog = "# Changelog\n\nHow versions are counted.\n\n## 0.1.0 (2026-01-01)\n\nOld.\n"
    (tmp_path / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    return tmp_path


def add(project: Path, name: str, text: str) -> None:
    (project / "changes" / name).write_text(text, encoding="utf-8")


def test_the_fragments_of_this_project_can_be_collected() -> None:
    for fragment in collect_changes.fragments_of(ROOT / "changes"):
        assert fragment.read_text(encoding="utf-8").strip(), f"{fragment.name} is empty"


def test_fragments_are_sorted_by_kind_and_issue(project: Path) -> None:
    add(project, "10.added.md", "The tenth.\n")
    add(project, "2-log.added.md", "The second,\nin two lines.\n")
    add(project, "3.fixed.md", "The third.")
    collect_changes.collect(project, version="0.2.0", date="2026-03-01")
    assert (project / "CHANGELOG.md").read_text(encoding="utf-8") == (
        "# Changelog\n\n"
        "How versions are counted.\n\n"
        "## 0.2.0 (2026-03-01)\n\n"
        "### Added\n\n- The second, in two lines. (issue 2)\n- The tenth. (issue 10)\n\n"
        "### Fixed\n\n- The third. (issue 3)\n\n"
        "## 0.1.0 (2026-01-01)\n\nOld.\n"
    )


def test_a_first_version_stands_at_the_end(project: Path) -> None:
    (project / "CHANGELOG.md").write_text("# Changelog\n\nHow.\n", encoding="utf-8")
    add(project, "2.added.md", "The first.")
    collect_changes.collect(project, version="0.1.0", date="2026-03-01")
    text = (project / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text == (
        "# Changelog\n\nHow.\n\n## 0.1.0 (2026-03-01)\n\n### Added\n\n- The first. (issue 2)\n"
    )


def test_collected_fragments_are_gone_and_the_readme_stays(project: Path) -> None:
    add(project, "2.added.md", "The second.")
    collect_changes.collect(project, version="0.2.0", date="2026-03-01")
    assert [path.name for path in (project / "changes").iterdir()] == ["README.md"]


@pytest.mark.parametrize("name", ["added.md", "2.nicer.md", "2.added.txt", "notes.md"])
def test_a_badly_named_fragment_is_refused_and_nothing_is_changed(project: Path, name: str) -> None:
    before = (project / "CHANGELOG.md").read_text(encoding="utf-8")
    add(project, name, "Text.")
    add(project, "2.added.md", "The second.")
    with pytest.raises(SystemExit, match=name):
        collect_changes.collect(project, version="0.2.0", date="2026-03-01")
    assert (project / "CHANGELOG.md").read_text(encoding="utf-8") == before
    assert (project / "changes" / "2.added.md").exists()


def test_an_empty_folder_makes_no_version(project: Path) -> None:
    with pytest.raises(SystemExit, match="nothing to collect"):
        collect_changes.collect(project, version="0.2.0", date="2026-03-01")


def test_wrong_arguments_are_answered_with_the_usage() -> None:
    with pytest.raises(SystemExit, match="VERSION DATE"):
        collect_changes.main(["0.2.0"])
