from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccir.domain import events as e
from ccir.domain.event_parts import SYSTEM
from ccir.engine.attendant import Attendant
from ccir.engine.drill_lock import drill_lock
from ccir.engine.drill_records import STEP
from ccir.engine.drill_runs import Alone, play_alone, play_due
from ccir.engine.handle import load, open_runs
from ccir.engine.opening import open_workspace
from ccir.engine.texts import opened
from ccir.engine.workspace import Workspace
from ccir.errors import (
    ConflictError,
    InvalidDocumentError,
    NotFoundError,
    UnavailableError,
)
from support.cli import Cli
from support.drills import left_in
from support.http_sink import HttpSink
from support.restic_repository import CUSTOMERS, FILES, Repository, back_up
from support.scheduled import DAY_SECONDS, add_drill, playing, scheduled_centre, without_repository

FIRST, SECOND = "DR-2026-0001", "DR-2026-0002"


def quiet(*, cancelled: bool = False) -> Attendant:
    return Attendant(
        confirm=lambda _question: None,
        progress=lambda _stage, _done, _total: None,
        is_cancelled=lambda: cancelled,
    )


def listening(warned: list[str]) -> Attendant:
    return Attendant(warn=warned.append)


def breaking_off(at: str) -> Attendant:
    def progress(stage: str, _done: int | None, _total: int | None) -> None:
        if stage == at:
            raise KeyboardInterrupt

    return Attendant(confirm=lambda _question: None, progress=progress, is_cancelled=lambda: False)


@pytest.fixture
def centre(tmp_path: Path, healthy: Repository) -> Cli:
    return scheduled_centre(tmp_path / "centre", healthy)


@pytest.fixture
def guarded(centre: Cli) -> Iterator[Workspace]:
    workspace = open_workspace(centre.surroundings, centre.folder)
    yield workspace
    workspace.stores.close()


def alone(workspace: Workspace, *, by: str = SYSTEM, **more: str) -> Alone:
    return play_alone(workspace, "nightly", by=by, attendant=quiet(), **more)


def happened(workspace: Workspace, run: str) -> list[str]:
    return [entry.type for entry in load(workspace, run).entries]


def result_of(workspace: Workspace, run: str) -> e.DrillFinished:
    entries = load(workspace, run).entries
    (found,) = [each.event for each in entries if isinstance(each.event, e.DrillFinished)]
    return found


def failure_of(workspace: Workspace, run: str) -> tuple[str, str | None]:
    entries = load(workspace, run).entries
    (found,) = [each.event for each in entries if isinstance(each.event, e.StepFailed)]
    return found.reason, opened(workspace, found.detail)


def test_3_a_drill_alone_is_a_run_that_is_recorded_and_closed(guarded: Workspace) -> None:
    played = alone(guarded)
    assert played.run == FIRST
    assert happened(guarded, FIRST) == [
        "RunStarted",
        "StepStarted",
        "DrillFinished",
        "StepFinished",
        "RunClosed",
    ]
    found = result_of(guarded, FIRST)
    assert found == played.judged.event
    assert (found.verdict, found.files, found.cleanup, found.step) == (
        "pass",
        FILES,
        "cleaned",
        STEP,
    )
    run = load(guarded, FIRST).run
    assert (run.kind, run.state, run.playbook.id) == ("drill", "closed", "nightly")
    assert {entry.by for entry in load(guarded, FIRST).entries} == {SYSTEM}
    assert guarded.stores.events.verify() == []
    assert open_runs(guarded) == []


def test_who_asked_for_a_drill_stands_in_its_log(guarded: Workspace) -> None:
    alone(guarded, by="kim")
    assert {entry.by for entry in load(guarded, FIRST).entries} == {"kim"}


def test_3_a_drill_that_fails_is_recorded_and_closed(guarded: Workspace) -> None:
    path = guarded.folder / "drills" / "nightly.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"customers: {CUSTOMERS}", "customers: 9999"), encoding="utf-8")
    played = alone(guarded)
    assert played.judged.event.verdict == "fail"
    assert happened(guarded, FIRST)[-3:] == ["DrillFinished", "StepFailed", "RunClosed"]
    assert failure_of(guarded, FIRST)[0] == played.judged.event.reason


def test_3_a_repository_that_is_gone_fails_and_is_recorded_and_closed(centre: Cli) -> None:
    without_repository(centre.folder)
    workspace = open_workspace(centre.surroundings, centre.folder)
    played = alone(workspace)
    assert played.judged.event.verdict == "fail"
    assert result_of(workspace, FIRST) == played.judged.event
    assert load(workspace, FIRST).run.state == "closed"
    workspace.stores.close()


def test_3_a_tool_that_is_missing_is_an_error_that_is_recorded_and_closed(
    centre: Cli, tmp_path: Path
) -> None:
    centre.variables["PATH"] = str(tmp_path)
    workspace = open_workspace(centre.surroundings, centre.folder)
    played = alone(workspace)
    assert played.judged.event.verdict == "error"
    assert result_of(workspace, FIRST) == played.judged.event
    assert happened(workspace, FIRST)[-2:] == ["StepFailed", "RunClosed"]
    workspace.stores.close()


def test_3_a_target_that_is_not_bound_is_an_error_that_is_recorded_and_closed(
    tmp_path: Path,
) -> None:
    cli = scheduled_centre(tmp_path / "centre", None)
    workspace = open_workspace(cli.surroundings, cli.folder)
    with pytest.raises(UnavailableError, match="no target is bound to 'crm'"):
        alone(workspace)
    found = result_of(workspace, FIRST)
    assert (found.verdict, found.reason, found.target) == ("error", "unavailable", "crm")
    assert found.checks[0].detail == "no target is bound to 'crm'"
    assert failure_of(workspace, FIRST) == ("unavailable", "no target is bound to 'crm'")
    assert load(workspace, FIRST).run.state == "closed"
    workspace.stores.close()


def test_a_drill_that_is_not_there_or_wrong_begins_no_run(guarded: Workspace) -> None:
    with pytest.raises(NotFoundError, match="nightlyy"):
        play_alone(guarded, "nightlyy", by=SYSTEM, attendant=quiet())
    add_drill(guarded.folder, "nightly", every="soon")
    with pytest.raises(InvalidDocumentError):
        alone(guarded)
    assert guarded.stores.events.runs() == []


def test_a_schedule_without_a_period_is_refused(guarded: Workspace) -> None:
    add_drill(guarded.folder, "nightly", every="0h")
    with pytest.raises(InvalidDocumentError, match="due all the time"):
        alone(guarded)


def test_what_a_check_says_is_mended_and_not_refused(guarded: Workspace) -> None:
    path = guarded.folder / "drills" / "nightly.yaml"
    text = path.read_text(encoding="utf-8")
    card = 'kind: command\n    with: {argv: ["sh", "-c", "echo 4111 1111 1111 1111; exit 1"]}'
    path.write_text(text.replace("checks:\n", f"checks:\n  - {card}\n"), encoding="utf-8")
    assert alone(guarded).judged.event.verdict == "fail"
    assert load(guarded, FIRST).run.state == "closed"
    assert "4111 1111 1111 1111" not in (failure_of(guarded, FIRST)[1] or "")


def test_a_chosen_snapshot_is_played(
    tmp_path: Path, repository: Repository, healthy: Repository
) -> None:
    first = repository.snapshot_id
    back_up(repository, at="2026-01-02 05:04:05")
    workspace = open_workspace(
        (cli := scheduled_centre(tmp_path / "centre", repository)).surroundings, cli.folder
    )
    assert alone(workspace).judged.event.snapshot != first
    assert alone(workspace, snapshot=first[:8]).judged.event.snapshot == first
    assert healthy.snapshot_id == first
    workspace.stores.close()


def test_1_one_process_plays_a_drill_and_a_second_is_refused(guarded: Workspace) -> None:
    with (
        drill_lock(guarded, "nightly"),
        pytest.raises(ConflictError, match="another process plays the drill 'nightly'"),
    ):
        alone(guarded)
    assert guarded.stores.events.runs() == []
    with drill_lock(guarded, "mini"):
        alone(guarded)


def test_1_the_lock_is_private_and_one_that_cannot_be_taken_is_told(guarded: Workspace) -> None:
    alone(guarded)
    locks = guarded.folder / ".ccir" / "locks"
    assert (locks.stat().st_mode & 0o777, (locks / "drill-nightly").stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )
    (locks / "drill-nightly").unlink()
    (locks / "drill-nightly").mkdir()
    with pytest.raises(UnavailableError, match="cannot be written"):
        alone(guarded)


def test_1_a_drill_that_somebody_has_just_played_is_not_played_again(guarded: Workspace) -> None:
    assert play_due(guarded, "nightly", by=SYSTEM, attendant=quiet()) is not None
    assert play_due(guarded, "nightly", by=SYSTEM, attendant=quiet()) is None
    assert play_due(guarded, "mini", by=SYSTEM, attendant=quiet()) is None, "without a schedule"
    assert [row.id for row in guarded.stores.events.runs()] == [FIRST]


def test_1_and_2_a_killed_process_gives_the_lock_back_and_is_closed_as_interrupted(
    centre: Cli, guarded: Workspace, tmp_path: Path
) -> None:
    with playing(centre, tmp_path / "other", "drill", "due", "--run") as process:
        assert "another process plays" in centre("drill", "run", "nightly", status=4).err
        assert "it is left to that" in centre("drill", "due", "--run").out
        assert centre.json("drill", "due", "--run")["busy"] == ["nightly"]
        assert "no run is open" in centre("status", status=6).err
        assert [row.open for row in guarded.stores.events.runs()] == [True]
        process.kill()
        process.wait(30)
        assert centre.json("drill", "due", status=1)["due"][0]["is_due"], "nothing was proven"
    assert alone(guarded).judged.event.verdict == "pass"
    assert [(row.id, row.open) for row in guarded.stores.events.runs()] == [
        (FIRST, False),
        (SECOND, False),
    ]
    assert happened(guarded, FIRST) == ["RunStarted", "StepStarted", "StepFailed", "RunClosed"]
    assert failure_of(guarded, FIRST) == ("interrupted", "its process is gone")
    assert left_in(guarded.folder / ".ccir") == []


def test_2_a_run_that_was_only_begun_or_reopened_is_closed(guarded: Workspace, centre: Cli) -> None:
    alone(guarded)
    centre("reopen", "--run", FIRST, "--reason", "to look again")
    alone(guarded)
    assert happened(guarded, FIRST)[-2:] == ["RunReopened", "RunClosed"]
    assert load(guarded, SECOND).run.state == "closed"


def test_a_drill_that_is_broken_off_is_recorded_and_stays_due(guarded: Workspace) -> None:
    with pytest.raises(KeyboardInterrupt):
        play_due(guarded, "nightly", by=SYSTEM, attendant=breaking_off("restore"))
    assert failure_of(guarded, FIRST) == ("interrupted", "ended by Ctrl-C")
    assert load(guarded, FIRST).run.state == "closed"
    assert left_in(guarded.folder / ".ccir") == []
    again = play_due(guarded, "nightly", by=SYSTEM, attendant=quiet())
    assert again is not None
    assert again.judged.event.verdict == "pass"


def test_a_drill_that_is_asked_to_stop_is_recorded_as_an_error(guarded: Workspace) -> None:
    played = play_alone(guarded, "nightly", by=SYSTEM, attendant=quiet(cancelled=True))
    assert played.judged.event.verdict == "error"
    assert load(guarded, played.run).run.state == "closed"


def test_3_the_slots_that_were_missed_stand_at_the_beginning(
    centre: Cli, guarded: Workspace
) -> None:
    alone(guarded)
    finished = load(guarded, FIRST).entries[2].at
    centre.clock.move(DAY_SECONDS * 4.5)
    assert play_due(guarded, "nightly", by=SYSTEM, attendant=quiet()) is not None
    entry = load(guarded, SECOND).entries[1]
    assert isinstance(entry.event, e.DrillSlotsMissed)
    assert (entry.event.drill, entry.event.slots) == ("nightly", 3)
    assert (entry.event.since - finished).total_seconds() == DAY_SECONDS
    centre.clock.move(DAY_SECONDS)
    assert play_due(guarded, "nightly", by=SYSTEM, attendant=quiet()) is not None
    assert "DrillSlotsMissed" not in happened(guarded, "DR-2026-0003")


def test_4_a_monitor_hears_of_a_drill_however_it_ends(centre: Cli) -> None:
    with HttpSink() as sink:
        add_settings(centre.folder, f'ping_url = "http://127.0.0.1:{sink.port}"')
        workspace = open_workspace(centre.surroundings, centre.folder)
        alone(workspace)
        with pytest.raises(KeyboardInterrupt):
            play_alone(workspace, "nightly", by=SYSTEM, attendant=breaking_off("restore"))
        workspace.stores.close()
    signals = [path.partition("?")[0] for path in sink.paths]
    assert signals == ["/start", "/0", "/start", "/130"]
    assert sink.posted[1] == f"{FIRST} drill nightly: pass".encode()


def test_4_a_drill_that_cannot_be_begun_is_told_as_an_error(tmp_path: Path) -> None:
    with HttpSink() as sink:
        cli = scheduled_centre(tmp_path / "centre", None)
        add_settings(cli.folder, f'ping_url = "http://127.0.0.1:{sink.port}"')
        workspace = open_workspace(cli.surroundings, cli.folder)
        with pytest.raises(UnavailableError):
            alone(workspace)
        workspace.stores.close()
    assert [path.partition("?")[0] for path in sink.paths] == ["/start", "/3"]
    assert sink.posted[1] == f"{FIRST} drill nightly: error (unavailable)".encode()


def test_4_what_cannot_be_told_changes_no_result(centre: Cli) -> None:
    lines = ('ping_url_file = "gone"', 'alert = "files"', 'alert_to = ["alex"]')
    add_settings(centre.folder, *lines)
    (centre.folder / "outbox").write_text("no folder", encoding="utf-8")
    (centre.folder / "drills" / "nightly.yaml").write_text(
        (centre.folder / "drills" / "nightly.yaml")
        .read_text("utf-8")
        .replace(f"customers: {CUSTOMERS}", "customers: 9999"),
        "utf-8",
    )
    workspace = open_workspace(centre.surroundings, centre.folder)
    warned: list[str] = []
    played = play_alone(workspace, "nightly", by=SYSTEM, attendant=listening(warned))
    assert played.judged.event.verdict == "fail"
    assert [words.partition(":")[0] for words in warned] == ["drill nightly"] * 2
    assert happened(workspace, FIRST)[-1] == "DrillAlerted"
    assert load(workspace, FIRST).run.state == "closed"
    workspace.stores.close()


def add_settings(folder: Path, *lines: str) -> None:
    file = folder / "ccir.toml"
    text = "\n".join((file.read_text("utf-8"), "[drills]", *lines, ""))
    file.write_text(text, encoding="utf-8")
