"""Restores an archive with borg: all of it, or the files that are named."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from ccir.backup.borg_call import Command
from ccir.backup.borg_contents import contents
from ccir.backup.borg_faults import FAULTS
from ccir.backup.borg_lines import LISTED, said
from ccir.backup.borg_location import disk_fault
from ccir.backup.borg_verdict import call
from ccir.backup.fault_interface import Sighting
from ccir.backup.held_interface import FileContent
from ccir.backup.interface import Outcome, RestoreRequest, Target, ToolKit
from ccir.program import Stream

# borg ends at the first file that is damaged: so often it is told to go on behind it.
MOST_ROUNDS = 100
_PRIVATE = 0o700
_REST = "- re:."


def restore(
    kit: ToolKit, target: Target, *, location: str, into: Path, request: RestoreRequest
) -> Outcome:
    """Write the files below `into`, and read them again if that is asked for."""
    try:
        into.mkdir(_PRIVATE, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        return FAULTS.outcome(Sighting(reason="wrong-target", line=str(error)))
    except OSError as error:
        return FAULTS.outcome(disk_fault(error))
    outcome = _rounds(kit, target, location=location, into=into, request=request)
    if outcome.verdict == "pass" and request.verifies:
        return _read_again(kit, target, location=location, into=into, request=request)
    return outcome


def _rounds(
    kit: ToolKit, target: Target, *, location: str, into: Path, request: RestoreRequest
) -> Outcome:
    """Extract, and again behind each damaged file; the first damage is the answer."""
    done: list[str] = []
    outcomes: list[Outcome] = []
    left = kit.deadlines.restore_seconds
    for _ in range(MOST_ROUNDS):
        heard = _Heard(request)
        skipped = {path for path in done if not _is_folder(into / path)}
        outcome = _extracted(
            kit,
            target,
            location=location,
            into=into,
            lines=[*_patterns(request.only, skipped)],
            heard=heard,
            seconds=left,
        )
        outcomes.append(outcome)
        left -= outcome.seconds
        done += heard.listed
        is_new = bool(heard.listed) and heard.listed[-1] not in skipped
        if not (request.keeps_going and is_new and outcome.reason == "pack-damaged" and left > 0):
            break
    return msgspec.structs.replace(outcomes[0], seconds=kit.deadlines.restore_seconds - left)


def _extracted(
    kit: ToolKit,
    target: Target,
    *,
    location: str,
    into: Path,
    lines: list[str],
    heard: _Heard,
    seconds: float,
) -> Outcome:
    """Extract once; which files are chosen stands in a private file, for names may be people's."""
    with TemporaryDirectory(prefix="ccir-borg-") as private:
        patterns = Path(private) / "patterns"
        patterns.write_text("\n".join(lines), encoding="utf-8")
        chosen = (f"--patterns-from={patterns}",) if lines else ()
        command = Command(
            arguments=("extract", "--numeric-ids", "--progress", "--list", *chosen, location),
            deadline_seconds=seconds,
            folder=into.absolute(),
            read=heard.hear,
        )
        return call(kit, target, command)


class _Heard:
    """Hears which files borg comes to, and passes on how far it is."""

    def __init__(self, request: RestoreRequest) -> None:
        self.listed: list[str] = []
        self._progress = request.progress
        self._keeps = request.keeps_going

    def hear(self, stream: Stream, line: str) -> None:
        """Take one line."""
        if stream == "stdout":
            return
        told = said(line)
        if told.type == "progress_percent" and told.msgid == "extract" and told.current:
            self._progress(told.current, told.total)
        elif told.name == LISTED and self._keeps:
            self.listed.append(told.message)


def _is_folder(path: Path) -> bool:
    """Tell whether it is a folder: these are told again, so that borg sets their modes."""
    return path.is_dir() and not path.is_symlink()


def _patterns(only: tuple[str, ...], skipped: AbstractSet[str]) -> Iterator[str]:
    """Yield the lines that choose the files: those named, none that is done."""
    yield from (f"- {_pattern(path)}" for path in sorted(skipped))
    yield from (f"+ {_pattern(path)}" for path in only if path not in skipped)
    if only:
        yield _REST


def _pattern(path: str) -> str:
    """Return a pattern for exactly this path; a line cannot hold every name as it is."""
    if path == path.strip() and path.isprintable():
        return f"pf:{path}"
    return "re:^" + "".join(rf"\U{ord(character):08x}" for character in path) + r"\Z"


def _read_again(
    kit: ToolKit, target: Target, *, location: str, into: Path, request: RestoreRequest
) -> Outcome:
    """Hold every file on disk against what borg has of it."""
    comparison = _Comparison(into, frozenset(request.only))
    outcome = contents(kit, target, location=location, take=comparison.take)
    if outcome.verdict != "pass" or not comparison.different:
        return outcome
    return msgspec.structs.replace(
        FAULTS.instead(outcome, "content-unknown"),
        detail=f"{comparison.different} restored files are not what borg has of them",
    )


class _Comparison:
    """Counts the restored files that are not what they must be."""

    def __init__(self, into: Path, only: frozenset[str]) -> None:
        self.different = 0
        self._into = into
        self._only = only

    def take(self, content: FileContent) -> None:
        if self._only and content.path not in self._only:
            return
        if not _is_same(self._into / content.path, content):
            self.different += 1


def _is_same(path: Path, content: FileContent) -> bool:
    try:
        if path.stat().st_size != content.size:
            return False
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return False
    return not content.chunks or digest == content.chunks[0].sha256
