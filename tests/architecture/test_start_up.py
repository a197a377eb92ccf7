"""The command line starts without the libraries that few commands need."""

from __future__ import annotations

import subprocess
import sys

from architecture.project import ROOT

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
