"""How fast a list of a million rows is imported: read, checked, hashed, sealed, and stored.

No letter is rendered here. The rows are written to a CSV file first, one in fifty a duplicate, one
in a hundred rejected; peak memory is that of this process.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from pathlib import Path

from ccir.clock import SystemClock
from ccir.delivery.recipient_csv import CsvRows
from ccir.delivery.recipient_rules import ListRules
from ccir.delivery.recipients import RecipientList
from ccir.entropy import SystemEntropy
from ccir.store.sqlite import MEMBER

ROWS = int(os.environ.get("RECIPIENTS", "1000000"))
RUN = "INC-2026-0001"
COUNTRIES = ("DE", "US", "FR", "", "GB")


def run() -> list[tuple[str, float, str]]:
    """Return the rows a second as a multiple of the goal, and the peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "affected.csv"
        _write(path)
        rate, busy = _import(Path(folder), path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        (f"import of {ROWS:,} ({rate:,.0f} rows/s) / goal of 20,000", rate / 20_000, "goal ≥ 1x"),
        ("the same for each second of this process's CPU", busy / 20_000, "a shared machine waits"),
        ("recipients: peak memory, MiB", peak, "goal ≤ 400"),
    ]


def _write(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("email,name,language,country,us_state,channel,opt_out,account\n")
        for row in range(ROWS):
            number = row - 1 if row % 50 == 1 else row
            address = f"person.{number}@customers.example" if row % 100 else "nobody"
            file.write(
                f"{address},Person {number},{'de' if row % 3 else 'en'},{COUNTRIES[row % 5]},"
                f"{'CA' if row % 5 == 1 else ''},email,no,{row:012d}\n"
            )


def _import(folder: Path, path: Path) -> tuple[float, float]:
    """Return the rows for each second of the clock, and of CPU."""
    stores = MEMBER.create(folder / ".ccir", clock=SystemClock(), entropy=SystemEntropy())
    rules = ListRules(languages=("en", "de"), key_of=stores.people.key_of)
    started, began = time.perf_counter(), time.process_time()
    with path.open("rb") as file:
        people = RecipientList(CsvRows(file), rules, reject=lambda _: None)
        summary = stores.people.add_list(RUN, "list", people)
    seconds, busy = time.perf_counter() - started, time.process_time() - began
    totals = people.totals
    if totals.read != totals.kept + totals.duplicates + totals.rejected or totals.read != ROWS:
        raise ValueError(totals)
    if summary.count != totals.kept:
        raise ValueError(summary)
    stores.close()
    return ROWS / seconds, ROWS / busy


if __name__ == "__main__":
    for name, ratio, goal in run():
        print(f"{name}: {ratio:.2f} ({goal})")
