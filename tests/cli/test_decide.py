from __future__ import annotations

from support.cli import Cli


def _state(cli: Cli, step: str) -> str:
    states = {each["id"]: each["state"] for each in cli.json("status")["steps"]}
    found: str = states[step]
    return found


def test_a_decision_is_taken_with_a_reason(begun: Cli) -> None:
    begun("step", "done", "declare")
    assert "is a decision" in begun("step", "run", "choose", status=5).err
    assert "did you mean 'cut'?" in begun("decide", "choose", "cutt", "--reason", "x", status=6).err
    answer = begun("decide", "choose", "watch", "--reason", "evidence first")
    assert "choose is done" in answer.out
    assert _state(begun, "cut-off") == "skipped"
    assert "is no decision" in begun("decide", "preserve", "x", "--reason", "x", status=5).err
