from __future__ import annotations

import os
import shlex
import signal
import sys
from pathlib import Path

import pytest

from support.cli import Cli
from support.drills import meddling_restic
from support.restic_repository import CUSTOMERS, FILES, Repository
from support.scheduled import DAY_SECONDS, add_drill, scheduled_centre

FIRST, SECOND = "DR-2026-0001", "DR-2026-0002"


@pytest.fixture
def guarded(tmp_path: Path, healthy: Repository) -> Cli:
    """A workspace without a run, with a healthy backup and the drill `nightly` on a schedule."""
    return scheduled_centre(tmp_path / "guarded", healthy)


def spoil(cli: Cli, drill: str) -> None:
    """Let the drill ask for more than its backup holds."""
    path = cli.folder / "drills" / f"{drill}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"customers: {CUSTOMERS}", "customers: 9999"), encoding="utf-8")


def runs(cli: Cli) -> list[tuple[str, str, bool]]:
    return [(each["id"], each["kind"], each["open"]) for each in cli.json("runs")["runs"]]


def test_a_drill_restores_judges_and_cleans_up(protected: Cli) -> None:
    found = protected.json("drill", "run", "mini")
    assert set(found) >= {
        "drill",
        "verdict",
        "reason",
        "snapshot",
        "files",
        "bytes",
        "rpo",
        "rto",
        "checks",
        "cleanup",
    }
    assert (found["verdict"], found["files"], found["cleanup"]) == ("pass", FILES, "cleaned")
    assert found["rpo"]["met"] is True
    assert found["rto"]["met"] is True
    assert {"name", "verdict", "detail"} <= set(found["checks"][0])
    assert not list((protected.folder / ".ccir" / "scratch").glob("drill-*"))
    shown = protected("drill", "run", "mini").out
    assert "drill mini on crm: pass, snapshot " in shown
    assert ", met; RTO " in shown


def test_a_drill_alone_tells_what_it_proves(guarded: Cli) -> None:
    found = guarded.json("drill", "run", "nightly", "--alone")
    assert (found["mode"], found["level"], found["bucket"]) == ("full", "L6", None)
    assert (found["restored"], found["validated"], found["control"]) == ("pass", "pass", None)
    assert found["proven"] == {"files": FILES, "bytes": found["bytes"]}
    assert {each["name"] for each in found["phases"]} == {"locate", "restore", "validate", "check"}
    assert found["coverage"]["verified_files"] == found["coverage"]["files"] == FILES
    assert found["coverage"]["runs_until_full"] == 0
    assert found["coverage"]["snapshots_visited"] == found["coverage"]["snapshots"] == 1
    assert found["tool"].startswith("restic ")
    assert len(found["definition"]) == 64
    assert (found["older"], found["kept_until"], found["data_age_seconds"]) == (None, None, None)


def test_samples_follow_each_other_and_the_screen_counts_down(guarded: Cli) -> None:
    path = guarded.folder / "drills" / "nightly.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}mode: sample\nbuckets: 2\n", encoding="utf-8")
    first = guarded("drill", "run", "nightly").out
    assert "(sample 1 of 2)" in first
    assert "until 100 %: 1 more drill" in first
    second = guarded("drill", "run", "nightly").out
    assert "(sample 2 of 2)" in second
    assert f"{FILES} of {FILES} files, 100 % of the bytes" in second
    assert "until 100 %" not in second


def test_a_drill_may_be_a_file(protected: Cli) -> None:
    (protected.folder / "drills" / "mini.yaml").rename(protected.folder / "mini.yaml")
    assert protected.json("drill", "run", "mini.yaml")["verdict"] == "pass"
    assert "there is no file" in protected("drill", "run", "gone.yaml", status=6).err


def test_a_drill_that_misses_its_floor_fails(protected: Cli) -> None:
    path = protected.folder / "drills" / "mini.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("customers: ", "customers: 9"), encoding="utf-8")
    found = protected.json("drill", "run", "mini", status=1)
    assert found["verdict"] == "fail"
    assert "scratch cleaned" in protected("drill", "run", "mini", status=1).out


def test_a_misspelt_drill_is_told(protected: Cli) -> None:
    assert "did you mean 'mini'?" in protected("drill", "run", "minni", status=6).err


def test_a_drill_without_an_incident_is_a_run_of_its_own(guarded: Cli) -> None:
    found = guarded.json("drill", "run", "nightly")
    assert (found["run"], found["verdict"]) == (FIRST, "pass")
    assert f"recorded in {SECOND}" in guarded("drill", "run", "nightly").out
    assert runs(guarded) == [(FIRST, "drill", False), (SECOND, "drill", False)]


def test_a_drill_in_an_incident_stands_in_its_log_unless_it_is_to_be_alone(protected: Cli) -> None:
    assert protected.json("drill", "run", "mini")["run"] == "INC-2026-0001"
    assert runs(protected) == [("INC-2026-0001", "incident", True)]
    assert protected.json("drill", "run", "mini", "--alone")["run"] == FIRST
    assert runs(protected) == [("INC-2026-0001", "incident", True), (FIRST, "drill", False)]
    types = [each["type"] for each in protected.json("log")["events"]]
    assert types.count("DrillFinished") == 1, "the log that is meant is still the incident's"


def test_a_drill_alone_needs_no_choice_among_incidents(protected: Cli) -> None:
    protected("start", "data-breach")
    assert "2 runs are open" in protected("drill", "run", "mini", status=2).err
    assert protected.json("drill", "run", "mini", "--alone")["run"] == FIRST


def test_the_drill_of_a_file_is_recorded_nowhere(guarded: Cli) -> None:
    found = guarded.json("drill", "run", "drills/nightly.yaml")
    assert (found["verdict"], found["run"]) == ("pass", None)
    assert "recorded nowhere" in guarded("drill", "run", "drills/nightly.yaml").out
    assert runs(guarded) == []


def test_a_run_of_a_drill_has_a_log_a_report_and_evidence(guarded: Cli) -> None:
    guarded("drill", "run", "nightly")
    spoil(guarded, "nightly")
    guarded("drill", "run", "nightly", status=1)
    assert "drill nightly: pass" in guarded("log", "--run", FIRST).out
    report = guarded.json("report", "--run", SECOND)
    assert [each["verdict"] for each in report["backups"]] == ["fail"]
    assert SECOND in guarded("report", "--run", SECOND).out
    (guarded.folder / "screen.txt").write_text("what was seen", encoding="utf-8")
    guarded("evidence", "add", "screen.txt", "--run", SECOND)
    assert len(guarded.json("evidence", "list", "--run", SECOND)["evidence"]) == 1
    guarded("evidence", "verify", "--run", SECOND)
    assert guarded.json("status", "--run", FIRST)["state"] == "closed"


def test_a_run_of_a_drill_is_never_what_a_command_means(guarded: Cli) -> None:
    guarded("drill", "run", "nightly")
    guarded("reopen", "--run", FIRST, "--reason", "to look at it")
    assert "no run is open" in guarded("status", status=6).err
    guarded("start", "mini")
    assert guarded.json("status")["run"] == "INC-2026-0001"
    guarded("note", "for the incident")
    assert guarded.json("drill", "run", "nightly")["run"] == "INC-2026-0001"


def test_the_history_shows_every_drill_and_the_trend(guarded: Cli) -> None:
    assert "no drill was played yet" in guarded("drill", "history").out
    assert guarded.json("drill", "history") == {"drills": [], "trends": []}
    guarded("drill", "run", "nightly")
    guarded("drill", "run", "mini")
    spoil(guarded, "nightly")
    guarded("drill", "run", "nightly", status=1)
    shown = guarded("drill", "history").out
    assert [word in shown for word in (FIRST, SECOND, "DR-2026-0003")] == [True] * 3
    assert "nightly: RTO " in shown
    assert "mini: RTO █; RPO █" in shown
    assert "full restores: minimum " in shown
    assert "(measured, 2 drills)" in shown
    (developed, _) = guarded.json("drill", "history")["trends"]
    assert (developed["drill"], developed["rto"]["count"]) == ("nightly", 2)
    found = guarded.json("drill", "history", "nightly")["drills"]
    assert [(each["run"], each["result"]["verdict"]) for each in found] == [
        (FIRST, "pass"),
        ("DR-2026-0003", "fail"),
    ]
    assert set(found[0]) == {"run", "seq", "at", "result"}
    newest = guarded.json("drill", "history", "--limit", "1")["drills"]
    assert [each["run"] for each in newest] == ["DR-2026-0003"]
    assert guarded.json("drill", "history", "unknown")["drills"] == []


def test_what_is_due_is_told_and_is_the_exit_status(guarded: Cli) -> None:
    shown = guarded("drill", "due", status=1).out
    assert "never played" in shown
    assert "mini" not in shown, "it has no schedule"
    guarded("drill", "run", "nightly")
    assert f"pass in {FIRST}" in guarded("drill", "due").out
    (found,) = guarded.json("drill", "due")["due"]
    assert (found["drill"], found["every"], found["is_due"]) == ("nightly", "24h", False)
    assert found["last"]["result"]["verdict"] == "pass"
    guarded.clock.move(DAY_SECONDS * 3)
    (found,) = guarded.json("drill", "due", status=1)["due"]
    assert (found["is_due"], found["missed"]) == (True, 2)
    assert set(found) == {
        "drill",
        "every",
        "last",
        "due_at",
        "is_due",
        "missed",
        "first_missed_at",
        "verdict",
        "reason",
        "passed_at",
    }
    assert (found["verdict"], found["reason"]) == ("stale", "overdue")
    assert "stale (overdue)" in guarded("drill", "due", status=1).out


def test_without_a_schedule_nothing_is_due(protected: Cli) -> None:
    assert "no drill has a schedule" in protected("drill", "due").out
    assert protected.json("drill", "due") == {"due": []}
    assert "no drill is due" in protected("drill", "due", "--run").out


def test_what_is_due_is_played_once_however_often_it_is_asked_for(guarded: Cli) -> None:
    assert f"{FIRST}: drill nightly pass" in guarded("drill", "due", "--run").out
    assert guarded("drill", "due", "--run").out == "no drill is due\n"
    guarded.clock.move(DAY_SECONDS * 5)
    assert guarded.json("drill", "due", "--run") == {
        "played": [{"run": SECOND, "drill": "nightly", "verdict": "pass"}],
        "failed": [],
        "busy": [],
    }
    assert guarded.json("drill", "due", "--run") == {"played": [], "failed": [], "busy": []}
    assert runs(guarded) == [(FIRST, "drill", False), (SECOND, "drill", False)]
    events = guarded.json("log", "--run", SECOND)["events"]
    assert events[1]["text"] == "drill nightly missed 4 of its slots"


def test_what_is_due_is_played_beside_an_incident(guarded: Cli) -> None:
    guarded("start", "mini")
    guarded("drill", "due", "--run")
    assert runs(guarded) == [("INC-2026-0001", "incident", True), (FIRST, "drill", False)]


def test_every_drill_that_is_due_is_played_and_the_worst_decides(guarded: Cli) -> None:
    add_drill(guarded.folder, "hourly", every="1h")
    add_drill(guarded.folder, "weekly", every="7d")
    spoil(guarded, "hourly")
    found = guarded.json("drill", "due", "--run", status=1)
    assert {each["drill"]: each["verdict"] for each in found["played"]} == {
        "nightly": "pass",
        "hourly": "fail",
        "weekly": "pass",
    }
    guarded.clock.move(3_600)
    found = guarded.json("drill", "due", "--run", status=1)
    assert [each["drill"] for each in found["played"]] == ["hourly"]


def test_a_drill_that_cannot_be_begun_stops_no_other_and_is_tried_at_its_next_slot(
    guarded: Cli,
) -> None:
    settings = guarded.folder / "ccir.toml"
    text = settings.read_text(encoding="utf-8")
    other = text[text.index("[targets.crm]") : text.index("[channels")].replace("crm]", "two]")
    settings.write_text(f"{text}\n{other}", encoding="utf-8")
    add_drill(guarded.folder, "lost", every="24h", target="nothing")
    answer = guarded("drill", "due", "--run", "--json", status=3)
    assert [each["drill"] for each in answer.json["played"]] == ["nightly"]
    assert answer.json["failed"] == [
        {
            "drill": "lost",
            "code": "unavailable",
            "message": "no target is bound to 'nothing'",
        }
    ]
    assert "hint: add to" in answer.err
    assert guarded("drill", "due", "--run").out == "no drill is due\n"
    (found,) = guarded.json("drill", "history", "lost")["drills"]
    assert (found["result"]["verdict"], found["result"]["reason"]) == ("error", "unavailable")


def test_ctrl_c_stops_the_drill_and_leaves_the_next_one_due(guarded: Cli, tmp_path: Path) -> None:
    add_drill(guarded.folder, "second", every="24h")
    interrupt = f"kill -INT {os.getpid()}; exec sleep 30"
    guarded.variables["PATH"] = meddling_restic(tmp_path / "bin", on_restore=interrupt)["PATH"]
    before = signal.getsignal(signal.SIGINT)
    answer = guarded("drill", "due", "--run", status=130)
    assert signal.getsignal(signal.SIGINT) is before
    assert "stopping; Ctrl-C again" in answer.err
    assert [each["result"]["verdict"] for each in guarded.json("drill", "history")["drills"]] == [
        "error"
    ]
    still = [each["is_due"] for each in guarded.json("drill", "due", status=1)["due"]]
    assert sorted(still) == [False, True]


def test_who_plays_a_drill_may_be_nobody(guarded: Cli) -> None:
    settings = guarded.folder / "ccir.toml"
    text = settings.read_text(encoding="utf-8").replace("login = ", "phone = ")
    settings.write_text(text, encoding="utf-8")
    guarded("drill", "due", "--run")
    assert {each["by"] for each in guarded.json("log", "--run", FIRST)["events"]} == {"ccir"}
    guarded("drill", "run", "nightly", "--as", "kim")
    assert {each["by"] for each in guarded.json("log", "--run", SECOND)["events"]} == {"kim"}
    assert "no person" in guarded("drill", "run", "nightly", "--as", "zoe", status=2).err


def test_run_means_play_only_after_due(guarded: Cli) -> None:
    assert guarded.json("--run", "INC-1", "drill", "due", "--run")["played"]
    page = guarded("drill", "due", "--help").out
    assert "Play what is due" in page
    assert "The run that is meant" not in page
    assert "The run that is meant" in guarded("drill", "history", "--help").out
    guarded.variables["CCIR_RUN"] = "INC-2026-0009"
    assert "no drill is due" in guarded("drill", "due", "--run").out


@pytest.mark.parametrize("words", [("due",), ("due", "--run"), ("install", "--cron")])
def test_what_is_done_with_schedules_is_done_now(guarded: Cli, words: tuple[str, ...]) -> None:
    assert "this happens now" in guarded("drill", *words, "--at", "07:00", status=2).err


def test_units_for_systemd_are_written_and_nothing_is_enabled(guarded: Cli) -> None:
    answer = guarded("drill", "install", "--to", "units")
    assert "systemctl --user enable --now ccir-drills.timer" in answer.out
    folder = guarded.folder / "units"
    service = (folder / "ccir-drills.service").read_text(encoding="utf-8")
    assert f"--workspace {guarded.folder} drill due --run\n" in service
    assert "runs as root" not in answer.out
    assert guarded.json("drill", "install", "--to", "units") == {
        "files": [str(folder / "ccir-drills.service"), str(folder / "ccir-drills.timer")]
    }
    (folder / "ccir-drills.timer").write_text("mine", encoding="utf-8")
    assert "says something else" in guarded("drill", "install", "--to", "units", status=5).err


def test_units_for_the_whole_machine_are_told_to_run_as_root(guarded: Cli) -> None:
    answer = guarded("drill", "install", "--to", "systemd/system")
    assert "it runs as root unless User= is added" in answer.out
    assert "sudo systemctl enable --now ccir-drills.timer" in answer.out
    service = guarded.folder / "systemd" / "system" / "ccir-drills.service"
    assert "ProtectSystem=strict" in service.read_text(encoding="utf-8")


def test_a_line_for_cron_is_printed(guarded: Cli) -> None:
    line = guarded("drill", "install", "--cron").out.rstrip("\n")
    assert line.startswith("17 * * * * ")
    program = str(Path(sys.argv[0]).resolve())
    words = ["--workspace", str(guarded.folder), "drill", "due", "--run"]
    assert shlex.split(line.replace("\\%", "%"))[5:] == [program, *words]
    assert guarded.json("drill", "install", "--cron") == {"cron": line}
    assert "--to ~/.config/systemd/user, or --cron" in guarded("drill", "install", status=2).err


def test_metrics_are_written_and_where_they_cannot_be_the_result_is_told(guarded: Cli) -> None:
    settings = guarded.folder / "ccir.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}\n[drills]\nmetrics_file = "ccir.prom"\n', encoding="utf-8")
    guarded("drill", "run", "nightly")
    metrics = guarded.folder / "ccir.prom"
    assert 'ccir_drill_overdue{drill="nightly"} 0' in metrics.read_text(encoding="utf-8")
    metrics.unlink()
    guarded("drill", "due", "--run")
    assert metrics.exists()
    settings.write_text(f'{text}\n[drills]\nmetrics_file = "gone/ccir.prom"\n', encoding="utf-8")
    answer = guarded("drill", "run", "nightly", "--json")
    assert answer.json["verdict"] == "pass"
    assert "cannot be written" in answer.err


def test_a_drill_with_errors_is_told_and_stops_no_other(centre: Cli) -> None:
    folder = centre.folder / "drills"
    folder.mkdir(exist_ok=True)
    (folder / "broken.yaml").write_text("id: broken\n", "utf-8")
    answer = centre("drill", "due", "--run", status=2)
    assert "broken.yaml" in answer.err
    assert "no drill is due" in answer.out
