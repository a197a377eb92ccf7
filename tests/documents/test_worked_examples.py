"""Worked examples, through the real command: what authorities, firms or the rules' text lead to.

`plan_by` and `legal_due` are days, instants, or null where the duty does not apply.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.cli import Cli

EXAMPLES: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("worked_examples.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("example", EXAMPLES, ids=[each["id"] for each in EXAMPLES])
def test_the_command_gives_the_times_of_the_worked_example(
    example: dict[str, Any], tmp_path: Path
) -> None:
    answer = Cli(tmp_path).json("obligations", "compute", *_words(example))
    found = {clock["rule"]: clock for clock in answer["clocks"]}
    expected = example["expected"]
    assert set(found) == set(example["rules"])
    for key in ("plan_by", "legal_due"):
        assert {rule: found[rule][key] for rule in expected[key]} == expected[key]
    contested = any(found[rule]["contested"] for rule in expected["plan_by"])
    assert contested is expected["contested"]
    for rule, due in expected["plan_by"].items():
        assert (found[rule]["state"] == "not-applicable") is (due is None)
        assert found[rule]["citation"]
        assert found[rule]["verified"]["status"]


def test_there_are_many_of_them() -> None:
    assert len(EXAMPLES) >= 34 + 40
    assert len({each["id"] for each in EXAMPLES}) == len(EXAMPLES)


def _words(example: dict[str, Any]) -> list[str]:
    words = [f"--timezone={example['timezone']}"] if example["timezone"] else []
    words += [f"--calendar={example['calendar']}"] if example["calendar"] else []
    words += [f"--rule={rule}" for rule in example["rules"]]
    words += [f"--fact={name}={_text(value)}" for name, value in example["facts"].items()]
    return words


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
