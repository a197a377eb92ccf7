"""Learns what a snapshot holds before it comes back: how much, and what each file must be.

A list that was learnt is kept for the next drill: a snapshot never changes.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec

from ccir.backup.held_interface import FileContent
from ccir.backup.interface import BackupTool, Content, Outcome, Snapshot, Target
from ccir.checks.interface import Tree
from ccir.domain.drills import Bucket, Drill
from ccir.domain.outcomes import CheckResult
from ccir.drilling.comparing import NAME
from ccir.drilling.expected import Expected, Listed, read_expected
from ccir.drilling.interface import Memory
from ccir.drilling.looking import count
from ccir.drilling.sampling import Sample
from ccir.drilling.selecting import from_outcome, judge_content

_PRIVATE = 0o700
_MOST_LISTS = 16


class Learnt(msgspec.Struct, frozen=True, kw_only=True):
    """What a snapshot holds, and what is to come back of it.

    `results` judge the snapshot; where one is no pass but `is_usable`, only the proof of content
    is lost. `whole` lists the snapshot, `expected` what is to come back, `paths` a sample's files.
    """

    results: tuple[CheckResult, ...]
    tree: Tree
    is_usable: bool
    whole: Expected | None = None
    expected: Expected | None = None
    paths: tuple[str, ...] = ()


def learn(
    tool: BackupTool,
    target: Target,
    snapshot: Snapshot,
    *,
    drill: Drill,
    bucket: Bucket | None,
    memory: Memory | None,
) -> Learnt:
    """Ask the repository what the snapshot holds, as far as the drill needs to know."""
    if drill.mode == "full" and not drill.verify.content:
        return _counted(tool, target, snapshot)
    if bucket is not None:
        return _sampled(tool, target, snapshot, drill=drill, bucket=bucket)
    known = _recalled(memory, snapshot.id)
    if known is not None:
        return _learnt(Outcome(verdict="pass"), known, known)
    listed = Listed(b"" if memory is None else memory.key)
    outcome = tool.contents(target, snapshot, take=listed.take)
    if outcome.reason == "content-unknown" and drill.mode == "full":
        return _unproven(_counted(tool, target, snapshot), outcome)
    whole = listed.whole()
    if outcome.verdict == "pass" and memory is not None:
        _keep(whole, _file(memory, snapshot.id))
    return _learnt(outcome, whole, whole)


def _sampled(
    tool: BackupTool, target: Target, snapshot: Snapshot, *, drill: Drill, bucket: Bucket
) -> Learnt:
    """Learn which files the sample holds; their names are not kept, so it is asked each time."""
    listed, chosen = Listed(), Listed()
    sample = Sample(bucket, drill.checks, chosen.take)

    def take_both(content: FileContent) -> None:
        listed.take(content)
        sample.hear(content)

    outcome = tool.contents(target, snapshot, take=take_both)
    sample.end()
    return _learnt(outcome, listed.whole(), chosen.whole(), paths=tuple(sample.paths))


def _learnt(
    outcome: Outcome, whole: Expected, expected: Expected, *, paths: tuple[str, ...] = ()
) -> Learnt:
    held = judge_content(Content(outcome=outcome, files=whole.files, bytes=whole.bytes))
    return Learnt(
        results=(held,),
        tree=Tree(files=whole.files, bytes=whole.bytes),
        is_usable=held.verdict == "pass",
        whole=whole,
        expected=expected,
        paths=paths,
    )


def _counted(tool: BackupTool, target: Target, snapshot: Snapshot) -> Learnt:
    held, tree = count(tool, target, snapshot)
    return Learnt(results=(held,), tree=tree, is_usable=held.verdict == "pass")


def _unproven(counted: Learnt, outcome: Outcome) -> Learnt:
    results = (*counted.results, from_outcome(NAME, outcome))
    return msgspec.structs.replace(counted, results=results)


def _file(memory: Memory, snapshot: str) -> Path:
    return memory.folder / "lists" / snapshot


def _recalled(memory: Memory | None, snapshot: str) -> Expected | None:
    if memory is None:
        return None
    return read_expected(_file(memory, snapshot), key=memory.key)


def _keep(whole: Expected, file: Path) -> None:
    """Keep the list, and only the newest of them; where that cannot be done it is learnt anew."""
    with suppress(OSError):
        file.parent.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        whole.write(file)
        lists = sorted(file.parent.iterdir(), key=lambda each: each.stat().st_mtime_ns)
        for old in lists[:-_MOST_LISTS]:
            old.unlink()
