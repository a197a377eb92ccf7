"""Measures what the design promises, each against a named peer or a goal, and prints one table.

Absolute times mean little on a shared machine; each ratio comes from one run, with both sides
taking turns. `python bench append fold` runs some of them only.
"""

from __future__ import annotations

import importlib
import sys

NAMES = ("start_up", "append", "fold", "clocks", "drill", "rendering", "notices", "recipients")


def main(names: list[str]) -> None:
    """Run the named measurements, all by default."""
    print(f"{'what':<58} {'ratio':>8}  goal")
    for name in names or NAMES:
        for what, ratio, goal in importlib.import_module(name).run():
            print(f"{what:<58} {ratio:>7.2f}x  {goal}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
