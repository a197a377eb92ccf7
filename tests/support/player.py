"""Plays a run to its end through the command line, as a careful team would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.centre import write_list
from support.cli import Cli

ROUNDS = 60
_DAY = 86_400
_VALUES = {
    "text": "as established by the team",
    "number": "12",
    "boolean": "yes",
    "moment": "2026-01-02T07:00+00:00",
    "list": "name,address",
}


class Player:
    """Does whatever is ready, in the order of `ccir next`, until nothing is left."""

    def __init__(self, cli: Cli, *, choices: dict[str, str] | None = None) -> None:
        self.cli = cli
        self.choices = choices or {}
        self.statuses: dict[str, int] = {}
        self.evidence = cli.folder / "proof.txt"
        self.evidence.write_text("seen by two people\n", encoding="utf-8")

    def set_facts(self, **values: str) -> None:
        """Set every fact of the playbook, those given to their value."""
        playbook = self.cli.json("status")["playbook"]["id"]
        content = self.cli.json("playbook", "show", playbook)["content"]
        for fact in content["facts"]:
            usual = fact["choices"][0] if fact["choices"] else _VALUES[fact["kind"]]
            self.cli("fact", "set", f"{fact['id']}={values.get(fact['id'], usual)}")

    def play(self) -> None:
        """Work until every step is settled."""
        waiting: list[dict[str, Any]] = []
        for _ in range(ROUNDS):
            steps = self.cli.json("status")["steps"]
            ready = [step for step in steps if step["state"] in {"ready", "active"}]
            for step in ready:
                self.do(step)
            if not ready:
                waiting = [step for step in steps if step["state"] == "waiting"]
                if not waiting:
                    return
                self.cli.clock.move(_DAY)
        raise AssertionError(f"not done after {ROUNDS} rounds: {waiting}")

    def do(self, step: dict[str, Any]) -> None:
        """Do one step by its kind; another step may have settled it meanwhile."""
        name = step["id"]
        match step["kind"]:
            case "manual":
                self.cli("step", "done", name, "--note", "done", "--evidence", self.evidence)
            case "decision":
                self.cli("decide", name, self._option(name), "--reason", "as agreed")
            case "notify":
                self._notify(name)
            case "wait":
                return
            case _:
                self.statuses[name] = self.cli("step", "run", name, "--yes", status=None).status

    def _option(self, step: str) -> str:
        lines = dict(self.cli.json("step", "show", step)["lines"])
        options: list[str] = [
            label.removeprefix("option ") for label in lines if label.startswith("option ")
        ]
        return self.choices.get(step, options[0])

    def _notify(self, step: str) -> None:
        notice = dict(self.cli.json("step", "show", step)["lines"])["notice"]
        self.cli("notice", "preview", notice, "--recipients", self._list(notice))
        for person in ("alex", "kim"):
            state = self.cli.json("notice", "status", notice)
            if state["approvals_missing"]:
                self.cli("notice", "approve", notice, "--as", person, status=None)
        self.statuses[step] = self.cli("step", "run", step, "--yes", status=None).status

    def _list(self, notice: str) -> Path:
        return write_list(self.cli.folder, name=notice)
