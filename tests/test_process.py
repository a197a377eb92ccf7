from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import IO

import msgspec
import pytest

from ccir.clock import SystemClock
from ccir.errors import UnavailableError
from ccir.process import find_tool, run
from ccir.program import Finished, Judge, Limits, Program, Stop, Stream, bare_environment

QUICK = Limits(stop_seconds=0.3, interrupt_seconds=0.5, terminate_seconds=0.5, linger_seconds=0.3)
SHELL = "/bin/sh"


def shell(
    script: str,
    *,
    deadline_seconds: float = 5,
    limits: Limits = QUICK,
    secrets: tuple[str, ...] = (),
) -> Program:
    return Program(
        argv=(SHELL, "-c", script),
        environment={"PATH": os.defpath, "GIVEN": "given"},
        deadline_seconds=deadline_seconds,
        limits=limits,
        secrets=secrets,
    )


def ran(program: Program, judge: Judge = lambda _stream, _line: None) -> Finished:
    return run(program, clock=SystemClock(), judge=judge)


def has_died(pid: int) -> bool:
    """Tell whether the process is gone, or soon is: SIGKILL takes a moment to arrive."""
    state = Path(f"/proc/{pid}/stat")
    for _ in range(100):
        if not state.exists() or ") Z" in state.read_text():
            return True
        time.sleep(0.02)
    return False


def test_output_and_exit_code_come_back() -> None:
    done = ran(shell("echo out; echo err >&2; exit 3"))
    assert (done.exit_code, done.signal, done.ended) == (3, None, "exited")
    assert (done.stdout, done.stderr, done.is_truncated) == ("out\n", "err\n", False)
    assert not done.was_killed


def test_a_signal_is_told_apart_from_an_exit_code() -> None:
    done = ran(shell("kill -TERM $$"))
    assert (done.exit_code, done.signal) == (None, signal.SIGTERM)


def test_only_the_given_environment_reaches_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCIR_LEAK", "leaked")
    done = ran(shell("env"))
    names = {line.split("=")[0] for line in done.stdout.splitlines()}
    assert names <= {"PATH", "GIVEN", "PWD", "SHLVL", "_", "OLDPWD"}


def test_a_bare_environment_keeps_what_is_named() -> None:
    parent = {"PATH": "/bin", "HOME": "/home/a", "AWS_SECRET": "x", "KEEP": "k"}
    kept = bare_environment(parent, keep=("KEEP", "ABSENT"))
    assert kept == {"PATH": "/bin", "HOME": "/home/a", "KEEP": "k"}


def test_a_program_that_asks_gets_no_answer() -> None:
    done = ran(shell("read answer || echo nothing"))
    assert done.stdout == "nothing\n"


def test_a_file_can_be_read_and_another_written(tmp_path: Path) -> None:
    asked, answered = tmp_path / "in", tmp_path / "out"
    asked.write_text("text")
    program = Program(
        argv=("/bin/cat",),
        environment={},
        deadline_seconds=5,
        stdin=asked,
        stdout=answered,
        folder=tmp_path,
    )
    assert ran(program).exit_code == 0
    assert answered.read_text() == "text"
    assert answered.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    taken = tmp_path / "out"
    taken.write_text("kept")
    program = Program(argv=("/bin/pwd",), environment={}, deadline_seconds=5, stdout=taken)
    with pytest.raises(UnavailableError, match="File exists"):
        ran(program)
    assert taken.read_text() == "kept"


def test_a_program_over_its_deadline_is_interrupted() -> None:
    done = ran(
        shell(
            "trap 'echo tidied; exit 130' INT; while :; do sleep 0.05; done", deadline_seconds=0.3
        )
    )
    assert (done.ended, done.exit_code, done.stdout) == ("deadline", 130, "tidied\n")
    assert not done.was_killed
    assert done.seconds < 2


def test_a_program_deaf_to_asking_is_killed() -> None:
    done = ran(shell("trap '' INT TERM; while :; do sleep 0.05; done", deadline_seconds=0.2))
    assert (done.ended, done.signal, done.was_killed) == ("deadline", signal.SIGKILL, True)


def test_the_term_signal_follows_an_ignored_interrupt() -> None:
    script = "trap '' INT; trap 'exit 9' TERM; while :; do sleep 0.05; done"
    done = ran(shell(script, deadline_seconds=0.2))
    assert (done.exit_code, done.was_killed) == (9, False)


def test_grandchildren_end_with_the_program() -> None:
    done = ran(shell("sleep 60 & echo $!; sleep 60", deadline_seconds=0.3))
    assert done.ended == "deadline"
    assert has_died(int(done.stdout))


def test_a_grandchild_that_holds_the_pipe_holds_nobody_up() -> None:
    done = ran(shell("sleep 60 & echo $!; exit 0"))
    assert (done.ended, done.exit_code) == ("exited", 0)
    assert done.seconds < 2
    assert has_died(int(done.stdout))


def test_a_grandchild_in_a_session_of_its_own_holds_nobody_up() -> None:
    done = ran(shell("setsid sleep 3 & exit 0"))
    assert (done.ended, done.exit_code) == ("exited", 0)
    assert done.seconds < 2


def test_closing_both_pipes_does_not_hide_that_the_program_runs() -> None:
    done = ran(shell("exec >&- 2>&-; sleep 0.3; exit 4"))
    assert (done.ended, done.exit_code) == ("exited", 4)
    assert done.seconds >= 0.3


def test_a_flood_is_stopped_and_only_its_ends_are_kept() -> None:
    limits = Limits(captured_characters=100, produced_bytes=50_000, interrupt_seconds=1)
    done = ran(shell("echo first; exec yes", limits=limits))
    assert done.ended == "flooded"
    assert done.is_truncated
    assert done.stdout.startswith("first\ny\ny\n")
    assert len(done.stdout) < 120


def test_a_flood_into_a_file_is_stopped_too(tmp_path: Path) -> None:
    program = Program(
        argv=("/usr/bin/yes",),
        environment={},
        deadline_seconds=5,
        stdout=tmp_path / "out",
        limits=Limits(produced_bytes=100_000),
    )
    assert ran(program).ended == "flooded"


def test_garbage_and_partial_lines_are_read() -> None:
    seen: list[tuple[Stream, str]] = []
    ran(
        shell(r"printf 'a\377b\r\nunfinished'; printf '\n\nlast' >&2"),
        judge=lambda stream, line: seen.append((stream, line)),
    )
    assert [line for stream, line in seen if stream == "stdout"] == ["a\ufffdb", "unfinished"]
    assert [line for stream, line in seen if stream == "stderr"] == ["", "", "last"]


def test_a_line_without_end_comes_in_pieces() -> None:
    pieces: list[str] = []
    limits = Limits(line_bytes=100_000)
    program = Program(
        argv=(sys.executable, "-c", "print('x' * 1_000_000, end='')"),
        environment={},
        deadline_seconds=5,
        limits=limits,
    )
    ran(program, judge=lambda _stream, line: pieces.append(line))
    assert "".join(pieces) == "x" * 1_000_000
    assert max(map(len, pieces)) < 200_000


def stop_at_bad(_stream: Stream, line: str) -> Stop | None:
    return Stop(reason=line) if line.startswith("bad") else None


def test_a_judge_sees_lines_as_they_arrive_and_can_stop_the_program() -> None:
    done = ran(shell("echo bad one; echo bad two; sleep 60"), judge=stop_at_bad)
    assert (done.ended, done.stop) == ("stopped", Stop(reason="bad one"))
    assert done.seconds < 3


def test_a_program_that_ends_within_its_grace_was_not_stopped() -> None:
    done = ran(shell("echo bad; exit 1"), judge=stop_at_bad)
    assert (done.ended, done.exit_code, done.stop) == ("exited", 1, Stop(reason="bad"))


def test_a_deadline_within_the_grace_still_counts_as_stopped() -> None:
    limits = Limits(stop_seconds=60, interrupt_seconds=1)
    done = ran(shell("echo bad; sleep 60", deadline_seconds=0.3, limits=limits), judge=stop_at_bad)
    assert done.ended == "stopped"


def test_secrets_are_blotted_out_in_every_form() -> None:
    secret = "p/ss wörd+1"
    script = """
    echo "plain p/ss wörd+1"; echo "url p%2Fss%20w%C3%B6rd%2B1"
    echo "base64 $(printf '%s' 'p/ss wörd+1' | base64)" >&2
    """
    done = ran(shell(script, secrets=(secret, "abc")))
    assert done.stdout == "plain ***\nurl ***\n"
    assert done.stderr.startswith("base64 ***")


def test_a_short_secret_is_left_alone_and_a_long_one_is_matched_line_by_line() -> None:
    done = ran(shell("echo abc; echo first line", secrets=("abc", "first line\nsecond")))
    assert done.stdout == "abc\n***\n"


def test_the_judge_sees_what_was_printed_not_what_is_kept() -> None:
    seen: list[str] = []
    ran(
        shell("echo snapshot", secrets=("snapshot",)),
        judge=lambda _stream, line: seen.append(line),
    )
    assert seen == ["snapshot"]


def test_a_cancelled_program_ends() -> None:
    done = run(shell("sleep 60"), clock=SystemClock(), is_cancelled=lambda: True)
    assert done.ended == "cancelled"


def test_ctrl_c_reaches_the_program_and_then_the_caller(tmp_path: Path) -> None:
    told = tmp_path / "told"
    program = shell(f"trap 'touch {told}; exit 0' INT; while :; do sleep 0.05; done")
    timer = threading.Timer(0.4, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        ran(program)
    timer.join()
    assert told.exists()


def test_ctrl_c_twice_does_not_wait_for_a_deaf_program() -> None:
    limits = Limits(interrupt_seconds=30, terminate_seconds=30, linger_seconds=0.3)
    program = shell("trap '' INT TERM; while :; do sleep 0.05; done", limits=limits)
    timers = [threading.Timer(at, os.kill, (os.getpid(), signal.SIGINT)) for at in (0.3, 0.8)]
    started = time.monotonic()
    for timer in timers:
        timer.start()
    with pytest.raises(KeyboardInterrupt):
        ran(program)
    assert time.monotonic() - started < 5
    for timer in timers:
        timer.join()


def test_a_program_that_is_missing_or_not_executable_is_unavailable(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("")
    for path in (tmp_path / "absent", text):
        program = Program(argv=(str(path),), environment={}, deadline_seconds=1)
        with pytest.raises(UnavailableError, match="cannot be started"):
            ran(program)


def test_a_tool_is_found_by_name_or_the_error_says_what_to_install(tmp_path: Path) -> None:
    tool = tmp_path / "tool"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o700)
    assert find_tool("tool", path=str(tmp_path)) == tool
    with pytest.raises(UnavailableError, match="'absent' is not installed") as caught:
        find_tool("absent", path=str(tmp_path))
    assert "apt-get install absent" in caught.value.hint


def test_a_program_does_not_show_its_environment() -> None:
    assert "given" not in repr(shell("true"))


def test_an_argument_with_a_null_byte_is_unavailable() -> None:
    program = Program(argv=("/bin/echo", "a\0b"), environment={}, deadline_seconds=1)
    with pytest.raises(UnavailableError, match="'/bin/echo' cannot be started: embedded null byte"):
        ran(program)


def test_where_nobody_learns_how_a_program_ended_it_did_not_end_well() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # as a careless parent hands it down
    try:
        done = ran(shell("echo out; exit 3"))
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert (done.exit_code, done.signal, done.ended) == (None, None, "exited")
    assert done.stdout == "out\n"


def test_a_program_that_cannot_be_told_to_end_by_its_user_is_still_bounded() -> None:
    done = ran(shell("exec 2>&-; trap '' INT; exec sleep 30", deadline_seconds=0.2))
    assert done.ended == "deadline"
    assert done.seconds < 3


def test_a_reader_gets_the_raw_bytes_and_stderr_is_heard_meanwhile() -> None:
    read: list[bytes] = []
    program = msgspec.structs.replace(
        shell("printf '\\000\\377\\n'; echo said >&2; head -c 3000000 /dev/zero"),
        reader=lambda stream: read.extend(iter(lambda: stream.read(1 << 20), b"")),
    )
    done = ran(program)
    octets = b"".join(read)
    assert (octets[:3], len(octets)) == (b"\x00\xff\n", 3_000_003)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "said\n")


def test_a_reader_that_has_enough_ends_the_program() -> None:
    program = msgspec.structs.replace(
        shell("while :; do echo more || exit 7; done"),
        reader=lambda stream: stream.read(10) and None,
    )
    done = ran(program)
    assert done.ended == "exited"
    assert (done.exit_code, done.signal) != (0, None)


def test_what_a_reader_raises_is_raised_once_the_program_has_ended() -> None:
    def refuse(_stream: IO[bytes]) -> None:
        raise ValueError("no archive")

    with pytest.raises(ValueError, match="no archive"):
        ran(msgspec.structs.replace(shell("echo $$ > /dev/null; exec sleep 0.1"), reader=refuse))


def test_a_slow_reader_is_waited_for_after_the_program_ended() -> None:
    read: list[bytes] = []

    def linger(stream: IO[bytes]) -> None:
        time.sleep(0.6)
        read.append(stream.read())

    done = ran(msgspec.structs.replace(shell("echo all"), reader=linger))
    assert (done.ended, read) == ("exited", [b"all\n"])


def test_a_program_that_cannot_be_started_leaves_no_reader_waiting() -> None:
    read: list[bytes] = []
    program = Program(
        argv=("/nonexistent/program",),
        environment={},
        deadline_seconds=5,
        reader=lambda stream: read.append(stream.read()),
    )
    with pytest.raises(UnavailableError):
        ran(program)


def test_a_program_yields_to_others_as_far_as_it_is_asked_to() -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    script = "sleep 0.2; cut -d' ' -f19 /proc/self/stat"
    assert ran(msgspec.structs.replace(shell(script), nice=5)).stdout == f"{own + 5}\n"
    assert ran(shell(script)).stdout == f"{own}\n"
