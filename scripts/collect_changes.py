"""Moves the fragments of changes/ into CHANGELOG.md under a new version."""

from __future__ import annotations

import re
import sys
from pathlib import Path

KINDS = ("added", "changed", "fixed", "removed", "security")
FRAGMENT = re.compile(r"(?P<issue>[0-9]+)(-[a-z0-9-]+)?\.(?P<kind>[a-z]+)\.md")
FIRST_VERSION = "\n## "
USAGE = "usage: collect_changes.py VERSION DATE"


def collect(root: Path, *, version: str, date: str) -> list[Path]:
    """Write the fragments into the changelog, remove them, and return them.

    Raises:
        SystemExit: there is no fragment, or one has a name or kind that is not known.
    """
    fragments = fragments_of(root / "changes")
    if not fragments:
        raise SystemExit("changes/ holds no fragment: nothing to collect")
    changelog = root / "CHANGELOG.md"
    opening, mark, older = changelog.read_text(encoding="utf-8").partition(FIRST_VERSION)
    section = f"\n## {version} ({date})\n{_by_kind(fragments)}"
    changelog.write_text(opening + section + mark + older, encoding="utf-8")
    for fragment in fragments:
        fragment.unlink()
    return fragments


def fragments_of(folder: Path) -> list[Path]:
    """Return the folder's fragments, by issue number and name.

    Raises:
        SystemExit: a file is neither README.md nor named like a fragment.
    """
    fragments = [path for path in folder.iterdir() if path.name != "README.md"]
    return sorted(fragments, key=lambda path: (int(_parts(path)["issue"]), path.name))


def _by_kind(fragments: list[Path]) -> str:
    text = ""
    for kind in KINDS:
        lines = [_line(path) for path in fragments if _parts(path)["kind"] == kind]
        if lines:
            text += f"\n### {kind.capitalize()}\n\n" + "\n".join(lines) + "\n"
    return text


def _line(fragment: Path) -> str:
    text = " ".join(fragment.read_text(encoding="utf-8").split())
    return f"- {text} (issue {_parts(fragment)['issue']})"


def _parts(fragment: Path) -> dict[str, str]:
    match = FRAGMENT.fullmatch(fragment.name)
    if match is None or match["kind"] not in KINDS:
        known = ", ".join(KINDS)
        raise SystemExit(f"{fragment.name}: call it ISSUE.KIND.md or ISSUE-WORD.KIND.md ({known})")
    return match.groupdict()


def main(arguments: list[str]) -> None:
    """Collect the fragments of the folder this program stands in."""
    match arguments:
        case [version, date]:
            collected = collect(Path(__file__).parents[1], version=version, date=date)
            print(f"{len(collected)} fragments collected under {version}")
        case _:
            raise SystemExit(USAGE)


if __name__ == "__main__":
    main(sys.argv[1:])
