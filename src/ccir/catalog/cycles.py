"""Finds the circles in what stands before what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


def cycles(before: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Yield circles as paths whose first and last name are the same (`a`, `b`, `a`).

    There is one for every edge that closes a circle on a walk in depth, so that nothing goes
    round any more once each of them is broken up. Names that `before` lacks lead nowhere.
    """
    done: set[str] = set()
    for start in before:
        if start not in done:
            yield from _walk(start, before, done)


def _walk(
    start: str, before: Mapping[str, Iterable[str]], done: set[str]
) -> Iterator[tuple[str, ...]]:
    # A stack of its own: a long chain of steps must not exhaust Python's.
    path = {start: iter(before[start])}
    while path:
        name, following = next(reversed(path.items()))
        other = next(following, None)
        if other is None:
            done.add(name)
            del path[name]
        elif other in path:
            names = [*path]
            yield (*names[names.index(other) :], other)
        elif other in before and other not in done:
            path[other] = iter(before[other])
