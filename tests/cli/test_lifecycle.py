from __future__ import annotations

from support.cli import Cli


def test_the_severity_keeps_both_values(begun: Cli) -> None:
    assert begun.json("severity", "sev2", "--reason", "one record")["severity"] == "sev2"
    event = begun.json("log")["events"][-1]
    assert event["body"]["previous"] == "sev1"
    assert "already is sev2" in begun("severity", "sev2", "--reason", "x", status=5).err
    assert "severity is sev1" in begun("severity", "sev1", "--reason", "more").out


def test_a_correction_leaves_what_was_and_states_what_is(begun: Cli) -> None:
    begun("fact", "set", "records=41000")
    seq = begun.json("log")["events"][-1]["seq"]
    answer = begun("correct", str(seq), "--reason", "a zero too many", "--value", "4100")
    assert f"event {seq} is corrected by event" in answer.out
    values = begun.json("fact", "list")["facts"]["records"]
    assert [(entry["value"], entry["withdrawn"]) for entry in values] == [
        (41000, True),
        (4100, False),
    ]
    assert "withdrawn" in begun("fact", "list").out
    assert begun.json("correct", "1", "--reason", "wrong playbook")["value"] is None


def test_only_facts_have_a_right_value(begun: Cli) -> None:
    assert "no fact" in begun("correct", "1", "--reason", "x", "--value", "3", status=2).err
    assert "no event 99" in begun("correct", "99", "--reason", "x", status=6).err


def test_a_hold_is_placed_shown_and_released(begun: Cli) -> None:
    assert begun.json("hold", "--reason", "litigation")["held"] is True
    assert "under legal hold" in begun("status").out
    assert "already under" in begun("hold", "--reason", "again", status=5).err
    assert "no longer under" in begun("hold", "--release", "--reason", "settled").out


def test_a_hold_and_a_reopening_need_no_reason(begun: Cli) -> None:
    begun("hold")
    begun("close", "--outcome", "duplicate", "--reason", "x")
    begun("reopen", "--run", "INC-2026-0001")
    said = [event["said"] for event in begun.json("log")["events"]]
    assert said.count(["(no reason was given)"]) == 2


def test_closing_with_open_mandatory_steps_is_refused_with_their_list(begun: Cli) -> None:
    refused = begun("close", "--outcome", "resolved", status=5)
    assert "declare, preserve, choose" in refused.err
    assert "manual-mode" not in refused.err
    assert "give --reason" in begun("close", "--outcome", "duplicate", status=5).err


def test_a_false_alarm_waives_the_open_steps_by_name(begun: Cli) -> None:
    answer = begun("close", "--outcome", "false-alarm", "--reason", "a drill of the vendor")
    assert "waived: declare, preserve" in answer.out
    assert "ccir report" in answer.out


def test_an_unknown_outcome_is_a_usage_error(begun: Cli) -> None:
    assert "one of resolved" in begun("close", "--outcome", "fine", status=2).err


def test_a_closed_run_takes_no_work_until_it_is_reopened(begun: Cli) -> None:
    closed = begun.json("close", "--outcome", "duplicate", "--reason", "x")
    assert closed["outcome"] == "duplicate"
    run = ("--run", "INC-2026-0001")
    assert "is closed" in begun("step", "done", "declare", *run, status=5).err
    begun("note", "still something", *run)
    assert begun.json("reopen", "--reason", "it is back", *run)["state"] == "open"
    assert "not closed" in begun("reopen", "--reason", "x", *run, status=5).err
    begun("close", "--outcome", "duplicate", "--reason", "x")
    assert "is open again" in begun("reopen", "--reason", "x", *run).out
