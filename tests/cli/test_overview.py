from __future__ import annotations

from ccir.domain.notices import Counts
from support.cli import Cli


def test_the_status_tells_how_everything_stands(begun: Cli) -> None:
    status = begun.json("status")
    assert list(status)[:6] == ["run", "kind", "title", "state", "severity", "playbook"]
    assert status["severity"] == "sev1"
    assert status["roles"] == {
        "commander": "alex",
        "technical-lead": "alex",
        "privacy-counsel": "kim",
    }
    assert status["facts"]["awareness"]["value"] == "2026-01-02T07:30:00+00:00"
    states = {step["id"]: step["state"] for step in status["steps"]}
    assert states["declare"] == "ready"
    assert states["preserve"] == "waiting"
    assert states["manual-mode"] == "waiting"
    [notice] = status["notices"]
    assert (notice["id"], notice["state"]) == ("customers", "none")
    assert set(notice["counts"]) == {*Counts.__struct_fields__}


def test_overdue_steps_are_counted_and_marked(begun: Cli) -> None:
    begun.clock.move(3_600)
    status = begun.json("status")
    assert status["overdue"] == 1
    assert [step["id"] for step in status["steps"] if step["overdue"]] == ["declare"]
    assert "1 OVERDUE" in begun("status").out
    assert "OVERDUE by 45 min" in begun("next").out


def test_all_shows_settled_and_waiting_steps_too(begun: Cli) -> None:
    assert "preserve" not in begun("status").out
    assert "preserve" in begun("status", "--all").out


def test_a_changed_file_is_told_as_drift_and_changes_no_run(begun: Cli) -> None:
    path = begun.folder / "playbooks" / "mini.yaml"
    path.write_text(path.read_text("utf-8").replace("title: Declare", "title: Shout"), "utf-8")
    status = begun.json("status")
    assert "has changed" in status["playbook"]["drift"]
    assert "note: the file of playbook 'mini' has changed" in begun("status").out
    assert status["steps"][0]["title"] == "Declare"
    path.write_text("id: mini\n", "utf-8")
    assert "has changed" in begun.json("status")["playbook"]["drift"]
    path.unlink()
    assert "is gone" in begun.json("status")["playbook"]["drift"]


def test_next_lists_actions_due_soonest_first(begun: Cli) -> None:
    actions = begun.json("next")["actions"]
    assert actions[0]["step"] == "declare"
    assert set(actions[0]) >= {"step", "role", "due_at", "overdue"}
    assert {action["kind"] for action in actions} == {"step", "fact", "binding"}
    mine = begun.json("next", "--role", "technical-lead")["actions"]
    assert {action["role"] for action in mine} == {"technical-lead"}


def test_runs_lists_open_ones_first(begun: Cli) -> None:
    begun("start", "data-breach")
    begun("close", "--run", "INC-2026-0001", "--outcome", "duplicate", "--reason", "same as 2")
    runs = begun.json("runs")["runs"]
    assert [(row["id"], row["open"]) for row in runs] == [
        ("INC-2026-0002", True),
        ("INC-2026-0001", False),
    ]
    assert "closed" in begun("runs").out


def test_an_empty_workspace_says_how_to_begin(centre: Cli) -> None:
    assert "ccir start PLAYBOOK" in centre("runs").out
    assert "no run is open" in centre("status", status=6).err


def test_ccir_does_not_guess_between_open_runs(begun: Cli) -> None:
    begun("start", "data-breach")
    answer = begun("status", status=2)
    assert "INC-2026-0001, INC-2026-0002" in answer.err
    assert begun.json("status", "--run", "INC-2026-0002")["run"] == "INC-2026-0002"
    begun.variables["CCIR_RUN"] = "INC-2026-0001"
    assert begun.json("status")["run"] == "INC-2026-0001"
    assert "there is no run" in begun("status", "--run", "INC-2026-0009", status=6).err


def test_a_closed_run_has_nothing_next(begun: Cli) -> None:
    begun("close", "--outcome", "false-alarm", "--reason", "a test")
    assert begun.json("next", "--run", "INC-2026-0001")["actions"] == []
    assert "nothing is to be done" in begun("next", "--run", "INC-2026-0001").out
    assert "closed as false-alarm" in begun("status", "--run", "INC-2026-0001").out
