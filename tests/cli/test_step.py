from __future__ import annotations

from support.cli import Cli


def _state(cli: Cli, step: str) -> str:
    states = {each["id"]: each["state"] for each in cli.json("status")["steps"]}
    found: str = states[step]
    return found


def test_a_step_done_frees_those_that_need_it(begun: Cli) -> None:
    answer = begun("step", "done", "declare", "--note", "Alex leads")
    assert "declare is done" in answer.out
    assert "now ready: preserve" in answer.out
    assert "now ready: choose" in answer.out
    [event] = [e for e in begun.json("log")["events"] if e["type"] == "StepFinished"]
    assert event["said"] == ["Alex leads"]
    assert "Alex leads" not in str(event["body"])


def test_evidence_that_is_asked_for_is_needed(begun: Cli) -> None:
    begun("step", "done", "declare")
    assert "needs evidence" in begun("step", "done", "preserve", status=5).err
    assert "no file" in begun("step", "done", "preserve", "--evidence", "gone.txt", status=6).err
    (begun.folder / "items.csv").write_text("a,b\n", encoding="utf-8")
    begun("step", "done", "preserve", "--evidence", "items.csv")
    [exhibit] = begun.json("evidence", "list")["evidence"]
    assert (exhibit["name"], exhibit["step"]) == ("items.csv", "preserve")


def test_a_refused_step_takes_no_evidence(begun: Cli) -> None:
    (begun.folder / "items.csv").write_text("a,b\n", encoding="utf-8")
    begun("step", "done", "preserve", "--evidence", "items.csv", status=5)
    assert begun.json("evidence", "list")["evidence"] == []


def test_what_happened_earlier_keeps_both_times(begun: Cli) -> None:
    begun.clock.move(7_200)
    begun("step", "done", "declare", "--at", "09:10")
    event = begun.json("log")["events"][-1]
    assert event["at"] == "2026-01-02T08:10:00Z"
    assert not [e for e in begun.json("log")["events"] if e["type"] == "StepOverdue"]


def test_a_step_can_be_started_blocked_skipped_and_reopened(begun: Cli) -> None:
    begun("step", "start", "declare")
    assert _state(begun, "declare") == "active"
    begun("step", "block", "declare", "--reason", "nobody answers")
    assert _state(begun, "declare") == "blocked"
    begun("step", "skip", "declare", "--reason", "declared by the police")
    assert _state(begun, "declare") == "skipped"
    assert "already skipped" in begun("step", "done", "declare", status=5).err
    begun("step", "reopen", "declare", "--reason", "was wrong")
    assert _state(begun, "declare") == "ready"
    assert begun.json("step", "assign", "declare", "kim")["state"] == "ready"
    assert "kim" in begun("step", "show", "declare").out


def test_a_note_is_a_reason_too(begun: Cli) -> None:
    begun("step", "skip", "declare", "--note", "declared by the police")
    assert begun.json("log")["events"][-1]["said"] == ["declared by the police"]


def test_a_step_shows_its_runbook_and_checklist(begun: Cli) -> None:
    page = begun("step", "show", "declare").out
    assert "[ ] One leads" in page
    assert "# " in page
    assert begun.json("step", "show", "choose")["lines"]
    assert "option cut" in begun("step", "show", "choose").out
    assert "did you mean 'declare'?" in begun("step", "show", "declar", status=6).err


def test_a_missing_runbook_is_told_on_the_page(begun: Cli) -> None:
    (begun.folder / "runbooks" / "declare-incident.md").write_text("no front matter", "utf-8")
    assert "cannot be shown" in begun("step", "show", "declare").out


def test_the_list_marks_what_is_settled(begun: Cli) -> None:
    begun("step", "done", "declare")
    assert "✓" in begun("step", "list").out
    assert begun.json("step", "list")["steps"][0]["state"] == "done"


def test_a_reason_is_never_sealed_for_a_step_that_is_not_there(begun: Cli) -> None:
    for verb in ("skip", "block", "reopen"):
        assert "did you mean" in begun("step", verb, "declar", "--reason", "x", status=6).err


def test_a_card_number_is_refused(begun: Cli) -> None:
    words = ("step", "done", "declare", "--note", "card 4111-1111-1111-1111")
    assert "card number" in begun(*words, status=5).err
    assert _state(begun, "declare") == "ready"


def test_another_persons_step_is_refused_but_the_commander_may(begun: Cli) -> None:
    begun("role", "assign", "technical-lead", "kim")
    begun("role", "assign", "commander", "kim")
    begun("step", "done", "declare", "--as", "kim")
    refused = begun("step", "start", "preserve", "--as", "alex", status=5)
    assert "belongs to technical-lead (kim)" in refused.err
    begun("step", "start", "preserve", "--as", "kim")


def test_a_command_step_asks_runs_and_keeps_the_output(begun: Cli) -> None:
    begun("step", "done", "declare")
    assert "needs the fact 'host'" in begun("step", "run", "look", "--yes", status=5).err
    begun("fact", "set", "host=notes.txt")
    (begun.folder / "notes.txt").write_text("line with 4111111111111111\n", encoding="utf-8")
    assert "use --yes" in begun("step", "run", "look", status=5).err
    assert _state(begun, "look") == "ready"
    answer = begun("step", "run", "look", "--yes")
    assert "line with [card number]" in answer.out
    [ran] = [e for e in begun.json("log")["events"] if e["type"] == "CommandRan"]
    assert ran["body"]["exit_code"] == 0
    assert ran["said"] == ["line with [card number]\n"]


def test_a_command_that_fails_fails_the_step_and_can_be_tried_again(begun: Cli) -> None:
    begun("step", "done", "declare")
    begun("fact", "set", "host=gone.txt")
    answer = begun("step", "run", "look", "--yes", status=1)
    assert "look is failed (command-failed)" in answer.out
    assert "hint:" in answer.out
    assert "(failed)" in begun("next").out
    begun("fact", "set", "host=-n")
    assert "cannot stand in a command" in begun("step", "run", "look", "--yes", status=5).err
    (begun.folder / "here.txt").write_text("x", encoding="utf-8")
    begun("fact", "set", "host=here.txt")
    assert begun.json("step", "run", "look", "--yes")["state"] == "done"


def test_a_fact_is_never_the_program(centre: Cli) -> None:
    path = centre.folder / "playbooks" / "mini.yaml"
    text = path.read_text(encoding="utf-8").replace("[cat, {fact", "[{fact: host, as: id}, {fact")
    path.write_text(text, encoding="utf-8")
    centre("start", "mini", "--fact", "host=sh")
    centre("step", "done", "declare")
    assert "would be a fact's value" in centre("step", "run", "look", "--yes", status=5).err


def test_a_wait_ends_by_its_fact(begun: Cli) -> None:
    assert "not ready" in begun("step", "run", "await-records", status=5).err
    begun("fact", "set", "records=12")
    assert _state(begun, "await-records") == "done"
    begun("note", "anything")
    assert "WaitEnded" in [event["type"] for event in begun.json("log")["events"]]


def test_a_step_without_its_target_fails_with_the_lines_to_add(begun: Cli) -> None:
    begun("step", "done", "declare")
    answer = begun("step", "run", "check", "--json", status=3)
    assert answer.json["state"] == "failed"
    assert answer.json["reason"] == "unavailable"
    assert "[targets.crm]" in answer.json["hint"]
    assert _state(begun, "other-copy") == "ready"  # its way out of a failure
