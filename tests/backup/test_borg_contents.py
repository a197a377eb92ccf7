from __future__ import annotations

from pathlib import Path

import pytest

from ccir.backup.borg_contents import content, contents
from ccir.backup.interface import Target, ToolKit
from ccir.clock import SystemClock
from support.fake_borg import fake_borg
from support.restic_targets import said

TARGET = Target(name="crm", tool="borg", repository="ssh://backup.invalid/crm")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("-\t3\thealthy\t''\t'a'\t\nsomething else\n", "error unrecognised-output"),
        ("-\t3\tbroken\t''\t'a'\t\n", "fail pack-damaged"),
    ],
)
def test_files_that_are_listed_oddly_are_never_a_pass(
    tmp_path: Path, printed: str, expected: str
) -> None:
    fake = fake_borg(tmp_path, stdout=printed)
    kit = ToolKit(clock=SystemClock(), environment={"PATH": fake.path})
    assert said(content(kit, TARGET, location="::a").outcome) == expected
    outcome = contents(kit, TARGET, location="::a", take=lambda _content: None)
    assert said(outcome) == expected


def test_a_name_that_leads_to_no_file_leaves_the_content_unknown(tmp_path: Path) -> None:
    sums = "00" * 32
    printed = f"-\t3\thealthy\t''\t'a'\t{sums}\n-\t0\thealthy\t'b'\t'c'\t\n"
    fake = fake_borg(tmp_path, stdout=printed)
    kit = ToolKit(clock=SystemClock(), environment={"PATH": fake.path})
    outcome = contents(kit, TARGET, location="::a", take=lambda _content: None)
    assert said(outcome) == "error content-unknown"
