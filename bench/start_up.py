"""How fast `ccir status` starts on a run of 1,000 events, against a bare typer program."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EVENTS = 1_000
ROUNDS = 15
_BARE = """\
import typer
app = typer.Typer()
@app.command()
def one(number: int = 1) -> None:
    print(number)
@app.command()
def two(number: int = 1) -> None:
    print(number)
app()
"""


def run() -> list[tuple[str, float, str]]:
    """Return how many times a bare program's time `ccir status` takes, the median of rounds."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = _workspace(Path(folder))
        bare = Path(folder) / "bare.py"
        bare.write_text(_BARE, encoding="utf-8")
        ccir = (str(Path(sys.executable).with_name("ccir")), "status")
        ratios: dict[str, list[float]] = {"typer": [], "pass": []}
        for _ in range(ROUNDS):
            ours = _timed(ccir, workspace)
            ratios["typer"].append(ours / _timed((sys.executable, str(bare), "one"), workspace))
            ratios["pass"].append(ours / _timed((sys.executable, "-c", "pass"), workspace))
    return [
        (
            f"ccir status, {EVENTS:,} events, against bare typer",
            statistics.median(ratios["typer"]),
            "goal ≤ 1.8x",
        ),
        ("the same against python -c pass", statistics.median(ratios["pass"]), "no goal"),
    ]


def _workspace(folder: Path) -> Path:
    ccir = str(Path(sys.executable).with_name("ccir"))
    for words in (("init",), ("start", "data-breach")):
        subprocess.run((ccir, *words), cwd=folder, check=True, capture_output=True)
    program = (
        "import sys; from ccir.cli.main import main\n"
        f"for number in range({EVENTS}): main(['note', f'note {{number}}'])"
    )
    subprocess.run((sys.executable, "-c", program), cwd=folder, check=True, capture_output=True)
    return folder


def _timed(words: tuple[str, ...], folder: Path) -> float:
    started = time.perf_counter()
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "COLUMNS": "120"}
    subprocess.run(words, cwd=folder, env=environment, check=True, capture_output=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    for name, ratio, goal in run():
        print(f"{name}: {ratio:.2f}x ({goal})")
