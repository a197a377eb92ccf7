"""Counts the files of an archive, and tells what each must hash to."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ccir.backup.borg_call import Command
from ccir.backup.borg_faults import FAULTS
from ccir.backup.borg_output import HASHED, LISTED, Item, as_linked, parse_item
from ccir.backup.borg_verdict import call
from ccir.backup.held_interface import Chunk, FileContent
from ccir.backup.interface import Content, Outcome, Target, ToolKit
from ccir.program import Stream

Take = Callable[[Item], None]


def content(kit: ToolKit, target: Target, *, location: str) -> Content:
    """Count the archive's regular files and add up their sizes.

    A further name of a file is listed without its size: then the list is read once more.
    """
    counter = _Counter()
    outcome = _each_file(kit, target, LISTED, location=location, take=counter.take)
    if outcome.verdict == "pass" and counter.links:
        masters = _Masters(counter.links)
        outcome = _each_file(kit, target, LISTED, location=location, take=masters.take)
        counter.bytes += masters.linked_bytes
    return Content(outcome=outcome, files=counter.files, bytes=counter.bytes)


def contents(
    kit: ToolKit, target: Target, *, location: str, take: Callable[[FileContent], None]
) -> Outcome:
    """Hand every regular file's content to `take`: borg reads and hashes the stored data."""
    counter = _Counter()
    outcome = _each_file(kit, target, LISTED, location=location, take=counter.take)
    if outcome.verdict != "pass":
        return outcome
    told = _Contents(set(counter.links), take)
    outcome = _each_file(kit, target, HASHED, location=location, take=told.take)
    if outcome.verdict == "pass" and not told.tell_links():
        return FAULTS.instead(outcome, "content-unknown")
    return outcome


class _Counter:
    """Counts files and bytes, and how many further names each file has."""

    def __init__(self) -> None:
        self.files = 0
        self.bytes = 0
        self.links: dict[str, int] = {}

    def take(self, item: Item) -> None:
        self.files += 1
        self.bytes += 0 if item.link else item.size
        if item.link:
            self.links[item.link] = self.links.get(item.link, 0) + 1


class _Masters:
    """Adds up the sizes of files under their further names."""

    def __init__(self, links: dict[str, int]) -> None:
        self.linked_bytes = 0
        self._links = links

    def take(self, item: Item) -> None:
        if not item.link:
            self.linked_bytes += item.size * self._links.get(as_linked(item.path), 0)


class _Contents:
    """Hands on each file's content; those of further names at the end."""

    def __init__(self, masters: set[str], take: Callable[[FileContent], None]) -> None:
        self._take = take
        self._masters = masters
        self._known: dict[str, FileContent] = {}
        self._waiting: list[Item] = []

    def take(self, item: Item) -> None:
        if item.link:
            self._waiting.append(item)
            return
        found = _content_of(item)
        if (shown := as_linked(item.path)) in self._masters:
            self._known[shown] = found
        self._take(found)

    def tell_links(self) -> bool:
        """Hand on the files under their further names; False where one leads nowhere."""
        for item in self._waiting:
            known = self._known.get(item.link)
            if known is None:
                return False
            self._take(msgspec.structs.replace(known, path=item.path))
        return True


def _content_of(item: Item) -> FileContent:
    whole = Chunk(length=item.size, sha256=bytes.fromhex(item.sha256))
    return FileContent(path=item.path, size=item.size, chunks=(whole,) if item.size else ())


def _each_file(kit: ToolKit, target: Target, shown: str, *, location: str, take: Take) -> Outcome:
    """Hand each regular file that borg lists to `take`."""
    reading = _Reading(take)
    command = Command(
        arguments=("list", f"--format={shown}", location),
        deadline_seconds=kit.deadlines.list_seconds,
        read=reading.hear,
    )
    outcome = call(kit, target, command)
    if outcome.verdict == "pass" and reading.is_strange:
        return FAULTS.instead(outcome, "unrecognised-output")
    if outcome.verdict == "pass" and reading.is_patched:
        return FAULTS.instead(outcome, "pack-damaged")
    return outcome


class _Reading:
    """Reads an archive's list line by line.

    `is_patched` says that a file's lost data were replaced with zeros by a repair.
    """

    def __init__(self, take: Take) -> None:
        self.is_strange = False
        self.is_patched = False
        self._take = take

    def hear(self, stream: Stream, line: str) -> None:
        if stream == "stderr" or not line:
            return
        item = parse_item(line)
        if item is None:
            self.is_strange = True
            return
        self.is_patched = self.is_patched or not item.is_whole
        if item.is_file:
            self._take(item)
