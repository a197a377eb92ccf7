from __future__ import annotations

import datetime as dt
import os

import pytest

from ccir.backup.borg_output import (
    Archive,
    as_linked,
    belongs,
    parse_archives,
    parse_item,
    parse_version,
    snapshot_of,
)
from ccir.backup.interface import Target

ID = "20" * 32
AT = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def archive(*command_line: str, start: dt.datetime = AT) -> Archive:
    return Archive(
        id=ID, name="crm-2026-01-02", start=start, hostname="crm1", command_line=command_line
    )


@pytest.mark.parametrize(
    ("text", "version"),
    [("borg 1.2.4\n", (1, 2, 4)), ("borg 2.0.0b10", (2, 0, 0)), ("restic 0.14.0", None)],
)
def test_the_version_is_read(text: str, version: tuple[int, int, int] | None) -> None:
    assert parse_version(text) == version


def test_a_list_of_archives_is_read() -> None:
    text = (
        '{"archives": [{"archive": "a", "barchive": "a", "id": "%s", "name": "a", "start": '
        '"2026-01-02T03:04:05.000000", "time": "2026-01-02T03:04:05.000000"}], '
        '"encryption": {"mode": "none"}, "repository": {"id": "x"}}'
    )
    found = parse_archives(text % ID)
    assert found is not None
    assert found.is_plain
    assert snapshot_of(found.archives[0]).taken_at == AT
    assert parse_archives(text % "a/b") is None


@pytest.mark.parametrize("text", ["", "garbage", "[]", '{"archives": []}'])
def test_garbage_is_no_list(text: str) -> None:
    assert parse_archives(text) is None


@pytest.mark.parametrize(
    "start", [AT.replace(tzinfo=None), AT, AT.astimezone(dt.timezone(dt.timedelta(hours=2)))]
)
def test_a_time_without_a_zone_is_in_utc(start: dt.datetime) -> None:
    snapshot = snapshot_of(archive(start=start))
    assert snapshot.taken_at == AT
    assert snapshot.taken_at.tzinfo is dt.UTC


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        (("create", "/srv/repo::a", "/srv/crm"), ("/srv/crm",)),
        (("create", "--stats", "::a", "/srv/crm/", "--list", "/etc"), ("/srv/crm", "/etc")),
        (("create", "-C", "lz4", "::a", "--exclude", "/srv/crm/tmp", "/srv/crm"), ("/srv/crm",)),
        (("create", "--comment", "a::b", "::a", "/srv/crm", "--exclude=/x"), ("/srv/crm",)),
        (("create", "::a", "crm", "/srv/crm"), ("/srv/crm",)),
        (("create", "::a", "/srv/crm", "--comment"), ("/srv/crm",)),
        (("import-tar", "/srv/crm"), ()),
        ((), ()),
    ],
)
def test_paths_are_what_the_command_line_names_after_the_archive(
    words: tuple[str, ...], paths: tuple[str, ...]
) -> None:
    assert snapshot_of(archive("/usr/bin/borg", *words)).paths == paths


@pytest.mark.parametrize(
    ("narrowing", "expected"),
    [
        ({}, True),
        ({"hosts": ("crm1", "crm2")}, True),
        ({"hosts": ("crm2",)}, False),
        ({"tags": ("crm",)}, True),
        ({"tags": ("crm", "crm-2026")}, True),
        ({"tags": ("crm", "files")}, False),
        ({"paths": ("/srv/crm",)}, True),
        ({"paths": ("/srv/crm", "/etc")}, False),
    ],
)
def test_a_tag_is_the_beginning_of_an_archives_name(
    narrowing: dict[str, tuple[str, ...]], *, expected: bool
) -> None:
    target = Target(name="crm", repository="x", **narrowing)  # type: ignore[arg-type] # as it is written in ccir.toml
    assert belongs(target, snapshot_of(archive("create", "::a", "/srv/crm"))) is expected


def test_a_name_of_any_bytes_is_read() -> None:
    item = parse_item("-\t3\thealthy\t''\t's2/zl\\udce9\\n'\tabc")
    assert item is not None
    assert os.fsencode(item.path) == b"s2/zl\xe9\n"
    assert (item.size, item.is_whole, item.link, item.sha256) == (3, True, "", "abc")
    assert as_linked(item.path) == "s2/zl?\n"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "garbage",
        "-\tx\thealthy\t''\t'a'\t",
        "-\t1\thealthy\t''\t'a\t",
        "-\t1\thealthy\t''\ta\t",
    ],
)
def test_garbage_is_no_item(line: str) -> None:
    assert parse_item(line) is None
