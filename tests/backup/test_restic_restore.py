from __future__ import annotations

import os
from pathlib import Path

import pytest

from ccir.backup.interface import BackupTool, RestoreRequest, ToolKit
from ccir.backup.restic import MEMBER
from ccir.backup.restic_restore import _portions
from ccir.clock import SystemClock
from support.damage import flip_bit
from support.odd_names import ODD_NAMES, write_odd_files
from support.restic_answers import answering_restic, calls_of
from support.restic_repository import (
    TAKEN_AT,
    Repository,
    back_up,
    empty_repository,
)
from support.restic_targets import AMPLE, said, target_of, the_snapshot
from support.restic_versions import every_restic

PASSED = "pass"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    repository = empty_repository(tmp_path_factory.mktemp("odd"))
    write_odd_files(repository.source)
    for name in ("starX", "star*", "star?", "starry?[x]", "deep", "x"):
        (repository.source / name).write_text(name, encoding="utf-8")
    back_up(repository, at=TAKEN_AT)
    return repository


def regular(folder: Path) -> list[str]:
    return sorted(
        str(Path(root, name).relative_to(folder))
        for root, _folders, names in os.walk(folder)
        for name in names
    )


def below(repository: Repository, *names: str) -> tuple[str, ...]:
    return tuple(f"{str(repository.source).lstrip('/')}/{name}" for name in names)


@every_restic
def test_only_the_files_that_are_named_come_back(
    tool: BackupTool, odd: Repository, tmp_path: Path
) -> None:
    names = [each.decode("utf-8") for each in ODD_NAMES]
    only = below(odd, "one/same/recording", "empty file", *names)
    outcome = tool.restore(
        target_of(odd), the_snapshot(odd), into=tmp_path, request=RestoreRequest(only=only)
    )
    assert said(outcome) == PASSED
    assert regular(tmp_path) == sorted(only)


@pytest.mark.parametrize("name", ["star*", "star?", "star*?[x]", "starry?[x]", "back\\slash"])
def test_a_name_with_wildcards_names_only_itself(
    tool: BackupTool, odd: Repository, tmp_path: Path, *, name: str
) -> None:
    only = below(odd, name)
    tool.restore(
        target_of(odd), the_snapshot(odd), into=tmp_path, request=RestoreRequest(only=only)
    )
    assert regular(tmp_path) == [*only]


def test_more_names_than_one_call_takes_are_restored_in_several(
    healthy: Repository, tmp_path: Path
) -> None:
    kit = ToolKit(
        clock=SystemClock(),
        environment=answering_restic(tmp_path / "bin", {}),
        deadlines=AMPLE,
    )
    named = below(healthy, "crm.sqlite", *(f"gone/{'x' * 200}{at:05}" for at in range(5_000)))
    only = (*named, *below(healthy, "recordings/call-001.wav"))
    outcome = MEMBER(kit).restore(
        target_of(healthy),
        the_snapshot(healthy),
        into=tmp_path / "in",
        request=RestoreRequest(only=only),
    )
    assert said(outcome) == PASSED
    assert outcome.seconds > 0
    assert len([call for call in calls_of(tmp_path / "bin") if " restore " in call]) == 2
    assert regular(tmp_path / "in") == sorted((named[0], only[-1]))


def test_every_name_stands_in_exactly_one_call() -> None:
    names = tuple(f"{'ü' * 100}{at}" for at in range(12_000))
    portions = [*_portions(names)]
    assert [word for portion in portions for word in portion] == [f"--include=/{x}" for x in names]
    assert all(sum(len(word.encode()) + 1 for word in each) <= 1_000_300 for each in portions)
    assert len(portions) == 3


def test_the_first_call_that_fails_is_the_answer(repository: Repository, tmp_path: Path) -> None:
    flip_bit(repository.pack(of="data"), at=200)
    environment = answering_restic(tmp_path / "bin", {})
    kit = ToolKit(clock=SystemClock(), environment=environment, deadlines=AMPLE)
    names = below(repository, *(f"gone/{'x' * 200}{at:05}" for at in range(5_000)))
    every = below(repository, "recordings/*")
    only = (
        *below(repository, "crm.sqlite"),
        *(f"{every[0][:-1]}call-{n:03}.wav" for n in range(24)),
    )
    outcome = MEMBER(kit).restore(
        target_of(repository),
        the_snapshot(repository),
        into=tmp_path / "in",
        request=RestoreRequest(only=(*only, *names)),
    )
    assert said(outcome) == "fail pack-damaged"
    assert len([call for call in calls_of(tmp_path / "bin") if " restore " in call]) == 1


def test_what_is_verified_is_read_again_and_progress_is_told(
    healthy: Repository, tmp_path: Path
) -> None:
    environment = answering_restic(
        tmp_path / "bin",
        {
            "restore": """echo '{"message_type":"status","total_bytes":9,"bytes_restored":3}'; """
            "echo; echo none; echo '{\"message_type\":\"summary\"}'; echo '{garbage'",
        },
    )
    told: list[tuple[int, int | None]] = []
    kit = ToolKit(clock=SystemClock(), environment=environment, deadlines=AMPLE)
    request = RestoreRequest(verifies=True, progress=lambda done, total: told.append((done, total)))
    outcome = MEMBER(kit).restore(
        target_of(healthy), the_snapshot(healthy), into=tmp_path / "in", request=request
    )
    assert said(outcome) == PASSED
    assert told == [(3, 9)]
    assert " --verify " in calls_of(tmp_path / "bin")[-1]
