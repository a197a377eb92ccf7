from __future__ import annotations

import resource
import signal
from pathlib import Path

import pytest

from ccir.delivery.render_bounds import OPEN_FILES, ProcessBounds
from ccir.delivery.render_frames import RenderLimits


def lowered(limits: RenderLimits) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    before = signal.getsignal(signal.SIGPROF)
    ProcessBounds(setrlimit=found.__setitem__).lower(limits)
    signal.signal(signal.SIGPROF, before)
    return found


def test_memory_is_bounded_above_what_is_taken_already() -> None:
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    soft, hard = lowered(RenderLimits(memory_bytes=1 << 30))[resource.RLIMIT_AS]
    assert soft == hard
    assert taken < soft <= taken + (1 << 30) + (64 << 20)


def test_files_and_processes_are_bounded_both_ways() -> None:
    found = lowered(RenderLimits())
    assert found[resource.RLIMIT_NOFILE] == (OPEN_FILES, OPEN_FILES)
    for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC, resource.RLIMIT_CORE):
        assert found[kind] == (0, 0)


def test_a_bound_that_is_lower_already_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: (5, 5))
    assert set(lowered(RenderLimits()).values()) == {(5, 5), (0, 0)}


def test_memory_is_not_bounded_where_the_system_does_not_tell_what_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_: (_ for _ in ()).throw(FileNotFoundError))
    assert resource.RLIMIT_AS not in lowered(RenderLimits())


def test_computing_time_is_bounded_within_a_batch_only() -> None:
    with ProcessBounds().batch(500):
        assert 0 < signal.getitimer(signal.ITIMER_PROF)[0] < 501
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0
