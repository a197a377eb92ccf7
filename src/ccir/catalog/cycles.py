"""Finds a circle in what stands before what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def find_cycle(before: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return one circle as a path whose first and last name are the same, or nothing."""
    done: set[str] = set()
    for start in before:
        path: list[str] = []
        waiting = [(start, iter(before[start]))] if start not in done else []
        while waiting:
            name, rest = waiting[-1]
            if not path or path[-1] != name:
                path.append(name)
            following = next((each for each in rest if each in before and each not in done), None)
            if following is None:
                done.add(name)
                waiting.pop()
                path.pop()
            elif following in path:
                return (*path[path.index(following) :], following)
            else:
                waiting.append((following, iter(before[following])))
    return ()
