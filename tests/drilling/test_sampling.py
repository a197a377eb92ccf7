from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.backup.held_interface import FileContent
from ccir.checks.interface import find_inside
from ccir.domain.drills import Bucket, CheckPlan
from ccir.drilling.sampling import Sample, bucket_of
from support.contents import content, write_files

FILES = {f"srv/calls/{number:03}.wav": b"RIFF" + bytes(number) for number in range(100)}
DATABASE = CheckPlan(kind="sqlite", arguments={"path": "srv/**/crm.sqlite"})


def sampled(
    files: dict[str, bytes], number: int = 0, *plans: CheckPlan, of: int = 10
) -> tuple[list[str], list[FileContent]]:
    taken: list[FileContent] = []
    sample = Sample(Bucket(number=number, of=of), plans, taken.append)
    for path, octets in files.items():
        sample.hear(content(path, octets))
    sample.end()
    return sample.paths, taken


@given(st.text(), st.integers(2, 1_000))
def test_a_file_is_always_in_the_same_bucket(path: str, of: int) -> None:
    assert 0 <= bucket_of(path, of=of) < of
    assert bucket_of(path, of=of) == bucket_of(path, of=of)


@given(st.lists(st.text(min_size=1), unique=True, min_size=1), st.integers(2, 12))
def test_all_buckets_together_hold_every_file(paths: list[str], of: int) -> None:
    files = dict.fromkeys(paths, b"1")
    every = [path for number in range(of) for path in sampled(files, number, of=of)[0]]
    assert {*every} == {*paths}


def test_buckets_do_not_overlap_but_in_a_largest_file() -> None:
    held = [sampled(FILES, number)[0] for number in range(10)]
    assert all("srv/calls/099.wav" in each for each in held)
    assert [path for each in held for path in each[:-1] if each.count(path) > 1] == []
    chosen = [path for each in held for path in each[:-1]]
    assert sorted(chosen) == sorted(FILES)


def test_what_is_asked_for_is_what_is_listed() -> None:
    paths, taken = sampled(FILES, 3)
    assert paths == [each.path for each in taken]


def test_no_file_is_taken_twice() -> None:
    only = {"srv/only": b"1"}
    number = bucket_of("srv/only", of=10)
    assert sampled(only, number)[0] == ["srv/only"]
    assert sampled(only, (number + 1) % 10)[0] == ["srv/only"]
    assert sampled({})[0] == []


def test_every_sample_holds_the_canary_and_what_the_checks_name() -> None:
    files = {
        **FILES,
        "srv/a/b/c/crm.sqlite": b"1",
        "srv/a/b/c/crm.sqlite-wal": b"2",
        "srv/a/b/c/crm.sqlite-journal": b"3",
        "srv/crm.sqlite": b"4",
        "elsewhere/crm.sqlite": b"5",
        "deep/down/ccir-canary.json": b"6",
        "ccir-canary.json": b"7",
        "deep/ccir-canary.json.old": b"8",
    }
    always = {*sampled(files, 0, DATABASE)[0]}
    for number in range(1, 10):
        always &= {*sampled(files, number, DATABASE)[0]}
    assert always == {
        "srv/a/b/c/crm.sqlite",
        "srv/a/b/c/crm.sqlite-wal",
        "srv/a/b/c/crm.sqlite-journal",
        "srv/crm.sqlite",
        "deep/down/ccir-canary.json",
        "ccir-canary.json",
        "srv/calls/099.wav",
    }


NAMES = ["a.csv", "srv/a.csv", "srv/b.csv", "srv/x/a.csv", "srv/x/y/a.csv", "srv/x/y/[a].csv"]
PATTERNS = [
    "**/a.csv",
    "srv/a.csv",
    "./srv//a.csv",
    "srv/*.csv",
    "srv/**/a.csv",
    "srv/**/y/*.csv",
    "**/x/**/a.csv",
    "srv/?/a.csv",
    "**/*",
    "*",
    "**",
    "srv/**",
    "srv/x",
    "**/[ab].csv",
    "srv/x/y/[a].csv",
    "**/[!b].csv",
    "nothing/*",
    "",
    "/srv/a.csv",
    "../srv/a.csv",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_sample_holds_every_file_that_a_check_would_find(tmp_path: Path, pattern: str) -> None:
    files = dict.fromkeys(NAMES, b"1")
    write_files(tmp_path, files)
    found = {str(path.relative_to(tmp_path)) for path in find_inside(tmp_path, pattern)}
    plan = CheckPlan(kind="parse", arguments={"path": pattern})
    for number in range(20):
        assert {*sampled(files, number, plan, of=20)[0]} >= found


def test_checks_that_name_no_file_ask_for_none() -> None:
    plans = (
        CheckPlan(kind="command", arguments={"argv": ["true"]}),
        CheckPlan(kind="odd", arguments={"path": 3}),
    )
    assert sampled(FILES, 0, *plans) == sampled(FILES)
