from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.backup.interface import Snapshot, Target
from ccir.backup.restic_output import (
    Counter,
    Lines,
    Meter,
    belonging_to,
    parse_snapshots,
    parse_version,
)

ID = "f0" * 32
BY_0_14 = {
    "time": "2026-01-02T03:04:05.123456789+05:45",
    "tree": "ab" * 32,
    "paths": ["/srv/crm"],
    "hostname": "crm1",
    "username": "backup",
    "uid": 34,
    "tags": ["crm", "nightly"],
    "id": ID,
    "short_id": "f0f0f0f0",
}
BY_0_18 = {
    **BY_0_14,
    "program_version": "restic 0.18.0",
    "summary": {
        "backup_start": "2026-01-01T21:19:05.123456789Z",
        "files_new": 3,
        "total_files_processed": 20_304,
        "total_bytes_processed": 1_900_000_000,
    },
}


def test_a_snapshot_of_restic_0_14_is_read() -> None:
    assert parse_snapshots(json.dumps([BY_0_14])) == (
        Snapshot(
            id=ID,
            taken_at=dt.datetime(2026, 1, 1, 21, 19, 5, 123457, tzinfo=dt.UTC),
            host="crm1",
            user="backup",
            paths=("/srv/crm",),
            tags=("crm", "nightly"),
        ),
    )


def test_a_newer_restic_tells_how_much_it_backed_up() -> None:
    (snapshot,) = parse_snapshots(json.dumps([BY_0_18])) or ()
    assert (snapshot.file_count, snapshot.byte_count) == (20_304, 1_900_000_000)


@pytest.mark.parametrize("text", ["[]", "null"])
def test_no_snapshots_are_no_garbage(text: str) -> None:
    assert parse_snapshots(text) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"id": "F0" * 32},
        {"id": "f0"},
        {"id": "--all"},
        {"id": None},
        {"time": "2026-01-02T03:04:05"},
        {"time": "yesterday"},
        {"paths": 1},
    ],
)
def test_a_snapshot_that_cannot_be_is_garbage(change: dict[str, object]) -> None:
    assert parse_snapshots(json.dumps([BY_0_14, {**BY_0_14, **change}])) is None


@given(st.lists(st.datetimes(timezones=st.just(dt.UTC)), max_size=6))
def test_snapshots_come_oldest_first(moments: list[dt.datetime]) -> None:
    records = [
        {"time": moment.isoformat(), "id": f"{number:064x}"}
        for number, moment in enumerate(moments)
    ]
    snapshots = parse_snapshots(json.dumps(records))
    assert snapshots is not None
    assert [each.taken_at for each in snapshots] == sorted(moments)


@given(st.text())
def test_no_text_is_more_than_garbage(text: str) -> None:
    assert parse_snapshots(text) in {None, ()}
    assert parse_version("x" + text) is None
    counter = Counter()
    counter.hear("stdout", text)
    assert counter.files == 0


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("restic 0.14.0 compiled with go1.19.8 on linux/amd64\n", (0, 14, 0)),
        ("restic 0.18.0-dev (compiled manually) compiled with go1.24\n", (0, 18, 0)),
        ("restic 1.2.34\n", (1, 2, 34)),
        ("restic v0.14", None),
        ("", None),
    ],
)
def test_a_version_is_read_or_nothing_is(text: str, version: tuple[int, int, int] | None) -> None:
    assert parse_version(text) == version


def snapshot_of(*, host: str, tags: tuple[str, ...], paths: tuple[str, ...]) -> Snapshot:
    moment = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    return Snapshot(id=ID, taken_at=moment, host=host, tags=tags, paths=paths)


@pytest.mark.parametrize(
    ("hosts", "tags", "paths", "belongs"),
    [
        ((), (), (), True),
        (("crm1", "crm2"), (), (), True),
        (("crm2",), (), (), False),
        ((), ("crm",), (), True),
        ((), ("crm", "nightly"), ("/etc", "/srv/crm"), True),
        ((), ("crm", "weekly"), (), False),
        ((), (), ("/srv",), False),
        (("crm1",), ("crm",), ("/srv/other",), False),
    ],
)
def test_a_snapshot_is_of_any_host_with_all_tags_and_all_paths(
    hosts: tuple[str, ...], tags: tuple[str, ...], paths: tuple[str, ...], *, belongs: bool
) -> None:
    target = Target(name="crm", repository="/x", hosts=hosts, tags=tags, paths=paths)
    snapshot = snapshot_of(host="crm1", tags=("crm", "nightly"), paths=("/srv/crm", "/etc"))
    assert belonging_to(target, [snapshot]) == ((snapshot,) if belongs else ())


def test_only_regular_files_are_counted() -> None:
    counter = Counter()
    nodes = [
        {"struct_type": "snapshot", "id": ID},
        {"name": "crm", "type": "dir", "path": "/crm"},
        {"name": "a", "type": "file", "size": 3},
        {"name": "empty", "type": "file"},
        {"name": "b", "type": "file", "size": 4, "inode": 7, "message_type": "node"},
        {"name": "link", "type": "symlink", "linktarget": "a"},
    ]
    for node in nodes:
        counter.hear("stdout", json.dumps(node))
    counter.hear("stdout", "")
    counter.hear("stderr", '{"type": "file", "size": 100}')
    assert (counter.files, counter.bytes, counter.strange_lines) == (2 + 1, 7, 0)
    counter.hear("stdout", "no json")
    assert counter.strange_lines == 1


def test_lines_for_programs_are_kept_and_lines_for_people_are_not() -> None:
    lines = Lines()
    for stream, line in (("stdout", "[1,"), ("stderr", "warning"), ("stdout", "2]")):
        lines.hear("stdout" if stream == "stdout" else "stderr", line)
    assert lines.text() == "[1,2]"


def test_lines_that_are_no_status_move_no_meter() -> None:
    seen: list[tuple[int, int | None]] = []
    meter = Meter(lambda done, total: seen.append((done, total)))
    meter.hear("stdout", "restoring <Snapshot f0f0f0f0> to /scratch")
    meter.hear("stdout", '{"message_type": "sta')
    meter.hear("stdout", '{"message_type": "summary", "bytes_restored": 9}')
    meter.hear("stderr", '{"message_type": "status", "bytes_restored": 9}')
    assert seen == []
    meter.hear("stdout", '{"message_type": "status", "bytes_restored": 9}')
    assert seen == [(9, None)]
