from __future__ import annotations

from support.cli import Cli


def test_a_drill_with_errors_hides_no_other_opening(begun: Cli) -> None:
    (begun.folder / "drills" / "mini.yaml").write_text("id: mini\n", encoding="utf-8")
    actions = begun.json("next")["actions"]
    assert [action["step"] for action in actions if action["kind"] == "binding"] == ["check"]


def test_settled_steps_need_no_binding(begun: Cli) -> None:
    for step in ("check", "prove"):
        begun("step", "skip", step, "--reason", "no backup here")
    actions = begun.json("next")["actions"]
    assert [action for action in actions if action["kind"] == "binding"] == []
