"""The command line starts without the libraries that few commands need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from architecture.project import ROOT
from support.centre import make_centre

HEAVY = (
    "aiosmtpd",
    "apprise",
    "cryptography",
    "jinja2",
    "markdown_it",
    "plumbum",
    "smtplib",
    "sqlite_utils",
)


def test_starting_loads_no_heavy_library() -> None:
    program = f"import sys, ccir.cli.main; print(*sorted(sys.modules.keys() & {set(HEAVY)!r}))"
    started = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert started.returncode == 0, started.stderr
    assert started.stdout.split() == []


def test_the_status_of_a_run_loads_no_heavy_library(tmp_path: Path) -> None:
    cli = make_centre(tmp_path / "centre")
    cli("start", "data-breach", "--fact", "awareness=08:30")
    cli("status")  # the first one after a change of the playbook's file reads that
    program = f"""\
import sys
from pathlib import Path
from ccir.cli.main import main
status = main(["status"])
print(status, *sorted(sys.modules.keys() & {set(HEAVY)!r}))
"""
    shown = subprocess.run(
        [sys.executable, "-c", program],
        cwd=cli.folder,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert shown.stdout.splitlines()[-1] == "0"
