from __future__ import annotations

import json
import os
import subprocess
import sys

from support.cli import Cli


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
