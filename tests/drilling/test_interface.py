from __future__ import annotations

import datetime as dt
from pathlib import Path

from ccir.clock import FixedClock
from ccir.drilling.interface import DrillKit, Stage


def test_a_bare_kit_is_never_cancelled_tells_nobody_and_protects_nothing() -> None:
    clock = FixedClock(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    kit = DrillKit(clock=clock, environment={}, scratch=Path("/srv/scratch"))
    kit.progress(Stage(name="restore", done=1, total=2))
    assert not kit.is_cancelled()
    assert kit.protected == ()
