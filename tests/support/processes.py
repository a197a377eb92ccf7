"""Whether a process that a test looks at is still there."""

from __future__ import annotations

import time
from pathlib import Path


def has_died(pid: int) -> bool:
    """Tell whether the process is gone, or soon is: SIGKILL takes a moment to arrive."""
    state = Path(f"/proc/{pid}/stat")
    for _ in range(200):
        if not state.exists() or ") Z" in state.read_text():
            return True
        time.sleep(0.02)
    return False
