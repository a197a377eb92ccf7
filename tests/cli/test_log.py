from __future__ import annotations

import json
import os
import subprocess
import sys

from support.cli import Cli
from support.clocks import StoryClock


def test_following_prints_each_event_as_a_line_when_it_comes(begun: Cli) -> None:
    script = "from ccir.cli.main import main; main(['log', '--follow', '--json'])"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-u", "-c", script],
        cwd=begun.folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        first = [json.loads(process.stdout.readline()) for _ in range(2)]
        begun("note", "it has come")
        last = json.loads(process.stdout.readline())
        process.kill()
    assert [event["seq"] for event in first] == [1, 2]
    assert last["said"] == ["it has come"]


class _Passing(StoryClock):
    """A clock on which something happens at each wait, until a person breaks off."""

    def __init__(self, cli: Cli, *, waits: int) -> None:
        super().__init__(cli.clock.now())
        self._cli = cli
        self._waits = waits

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if not self._waits:
            raise KeyboardInterrupt
        self._waits -= 1
        self._cli("note", f"{self._waits} to come")


def test_following_ends_when_a_person_breaks_off(begun: Cli) -> None:
    watcher = Cli(begun.folder, clock=_Passing(begun, waits=2))
    answer = watcher("log", "--follow", "--after", "2", status=130)
    assert answer.out.count("note") == 2
    assert "interrupted" in answer.err


def test_the_log_goes_on_from_a_number(begun: Cli) -> None:
    begun("note", "one")
    events = begun.json("log", "--after", "2")["events"]
    assert [event["seq"] for event in events] == [3]
    assert set(events[0]) >= {"seq", "at", "by", "type", "body", "hash"}
