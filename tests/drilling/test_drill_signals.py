"""Drills that are ended in the midst of a restore: no lock stays, and no scratch."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from ccir.clock import SystemClock
from support.drill_faults import BOUND_SECONDS, FULL, Scene, end_restic
from support.drills import left_in, verdicts
from support.stores import python

PATIENCE_SECONDS = 15
ENDED = {"INT": "cancelled", "TERM": "tool-crashed", "KILL": "tool-crashed"}


@pytest.mark.parametrize("number", ENDED)
def test_restic_that_is_ended_in_the_midst_of_a_restore_is_no_verdict_and_leaves_nothing(
    scene: Scene, number: str
) -> None:
    end_restic(scene, signal=number)
    result = scene.play(FULL)
    assert (result.verdict, result.reason, result.cleanup) == ("error", ENDED[number], "cleaned")
    assert result.files > 0
    assert "file-count" not in verdicts(result.checks)
    assert (scene.locks, left_in(scene.folder)) == ([], [])
    assert scene.seconds < BOUND_SECONDS


def wait_for_restore(scene: Scene) -> None:
    clock = SystemClock()
    until = clock.monotonic() + PATIENCE_SECONDS
    while not list(scene.kit.scratch.rglob("call-*.wav")):
        assert clock.monotonic() < until, "nothing was restored"
        clock.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_ccir_that_is_ended_in_the_midst_of_a_restore_leaves_nothing_after_the_next_start(
    scene: Scene, number: signal.Signals
) -> None:
    play = "from support.drill_faults import play_slowly; play_slowly(*sys.argv[1:])"
    places = (scene.repository.folder, scene.repository.password_file, scene.folder)
    with python(play, *map(str, places)) as playing:
        try:
            wait_for_restore(scene)
            playing.send_signal(number)
            playing.communicate(timeout=PATIENCE_SECONDS)
        finally:
            playing.kill()
    restic = int((scene.folder / "restoring").read_text("ascii"))
    try:
        if number == signal.SIGINT:  # Ctrl-C is passed on and everything is tidied up at once
            assert not Path(f"/proc/{restic}").exists()
            assert left_in(scene.folder) == []
        else:
            assert len(left_in(scene.folder)) == 2  # the folder and its mark
        result = scene.play(FULL)
    finally:
        if Path(f"/proc/{restic}").exists():
            os.kill(restic, signal.SIGKILL)
    assert (result.verdict, left_in(scene.folder), scene.locks) == ("pass", [], [])
