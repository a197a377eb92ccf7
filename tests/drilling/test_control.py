from __future__ import annotations

from pathlib import Path

import pytest

from ccir.checks.interface import CheckKit, Tree
from ccir.clock import SystemClock
from ccir.domain.drills import CheckPlan, Drill, Verification
from ccir.domain.outcomes import CheckResult
from ccir.drilling.control import control, control_checks
from ccir.drilling.drill import run_drill
from ccir.errors import UnavailableError
from support.contents import write_files
from support.drills import ONE_DATABASE, drill_with, kit_for, meddling_restic, program, target_of
from support.restic_answers import answering_restic, quick_restic
from support.restic_repository import Repository

CONTENT = CheckPlan(kind="content", arguments={})
FILES = {"a.wav": b"RIFF\0\0\0\0WAVEfmt " + bytes(2_000), "b.json": b'{"rows": []}'}


def controlled(
    repository: Repository, folder: Path, drill: Drill, **changes: object
) -> CheckResult:
    scratch = folder / "practice"
    scratch.mkdir()
    kit = kit_for(folder, **changes)
    return control(drill, target_of(repository), kit, scratch=scratch, play=run_drill)


@pytest.mark.parametrize("mode", ["full", "stream"])
def test_damage_that_is_made_is_found_in_full_and_as_a_stream(
    healthy: Repository, tmp_path: Path, mode: str
) -> None:
    environment = quick_restic(tmp_path / "bin")
    found = controlled(healthy, tmp_path, drill_with(mode=mode), environment=environment)
    assert (found.name, found.verdict, found.reason) == ("control", "pass", "")
    assert "damage was found: " in found.detail


def test_damage_is_found_without_a_proof_of_content_too(
    healthy: Repository, tmp_path: Path
) -> None:
    drill = drill_with(verify=Verification(content=False, structure=False))
    environment = quick_restic(tmp_path / "bin")
    assert controlled(healthy, tmp_path, drill, environment=environment).verdict == "pass"


def test_a_tool_that_hides_damage_is_found_out(healthy: Repository, tmp_path: Path) -> None:
    """The tool restores what was never in the repository, and says that all is well."""
    source = tmp_path / "practice" / "control" / "source"
    deed = f'mkdir -p "$into{source}"; cp -a {source}/. "$into{source}"; exit 0'
    environment = meddling_restic(tmp_path / "bin", on_restore=deed)
    found = controlled(healthy, tmp_path, drill_with(), environment=environment)
    assert (found.verdict, found.reason) == ("error", "cannot-fail")
    assert found.detail == "a damaged repository came to pass ()"


def test_a_tool_that_restores_nothing_leaves_the_control_undecided(
    healthy: Repository, tmp_path: Path
) -> None:
    environment = meddling_restic(tmp_path / "bin", on_restore="exit 0")
    found = controlled(healthy, tmp_path, drill_with(), environment=environment)
    assert (found.verdict, found.reason) == ("error", "control-undecided")
    assert found.detail == "the undamaged repository: fail (content-missing)"


def test_a_tool_that_does_not_answer_over_damage_cannot_fail_either(
    healthy: Repository, tmp_path: Path
) -> None:
    deed = '$restic "$@" 2>/dev/null || exit 12'
    environment = meddling_restic(tmp_path / "bin", on_restore=deed)
    found = controlled(healthy, tmp_path, drill_with(), environment=environment)
    assert (found.verdict, found.reason) == ("error", "cannot-fail")
    assert "a damaged repository came to error (wrong-password)" in found.detail


def test_where_no_repository_can_be_made_that_is_told(healthy: Repository, tmp_path: Path) -> None:
    environment = answering_restic(tmp_path / "bin", {"init": "exit 1"})
    with pytest.raises(UnavailableError, match="no repository to practise on"):
        controlled(healthy, tmp_path, drill_with(), environment=environment)


def check_kit(folder: Path) -> CheckKit:
    size = sum(map(len, FILES.values()))
    tree = Tree(files=len(FILES), bytes=size)
    environment = kit_for(folder).environment
    return CheckKit(clock=SystemClock(), environment=environment, found=tree, expected=tree)


def blind(folder: Path, *plans: CheckPlan) -> CheckResult | None:
    restored = folder / "restored"
    write_files(restored, FILES)
    return control_checks(restored, drill_with(*plans), check_kit(folder))


def test_checks_that_see_what_ransomware_does_are_not_blind(tmp_path: Path) -> None:
    assert blind(tmp_path, CONTENT) is None
    assert (tmp_path / "restored" / "a.wav").read_bytes()[:4] != b"RIFF"


def test_sizes_and_names_stay_as_they_were(tmp_path: Path) -> None:
    blind(tmp_path, CONTENT)
    folder = tmp_path / "restored"
    assert {each.name: each.stat().st_size for each in folder.iterdir()} == {
        name: len(octets) for name, octets in FILES.items()
    }


def test_a_check_without_teeth_is_found_out(tmp_path: Path) -> None:
    letters = {f"{number}.txt": b"x" for number in range(50)}  # noise of one byte is text, too
    write_files(tmp_path / "restored", letters)
    toothless = CheckPlan(kind="content", arguments={"maximum_mismatch_share": 0.99})
    found = blind(tmp_path, toothless)
    assert found is not None
    assert (found.name, found.verdict, found.reason) == ("control", "error", "cannot-fail")
    assert found.detail == "every file was overwritten, and 'content' passes all the same"
    assert blind(tmp_path, CONTENT) is None


def test_counts_and_commands_are_not_asked_for_teeth(tmp_path: Path) -> None:
    assert blind(tmp_path, program("true"), CheckPlan(kind="file-count", arguments={})) is None
    assert (tmp_path / "restored" / "a.wav").read_bytes() == FILES["a.wav"]


def test_a_check_that_breaks_on_noise_has_teeth(tmp_path: Path) -> None:
    write_files(tmp_path / "restored", {"crm.sqlite": b"SQLite format 3\0" + bytes(90)})
    assert blind(tmp_path, ONE_DATABASE) is None
