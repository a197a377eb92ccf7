from __future__ import annotations

import io
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ccir.cli.speech import Speech
from ccir.cli.words import entered_later, remaining, size
from support.cli import NOW, Cli


def _speech(**changes: bool) -> Speech:
    return Speech(is_json=changes.get("is_json", False), columns=80, no_color=True)


def test_progress_is_told_once_a_stage(capsys: pytest.CaptureFixture[str]) -> None:
    speech = _speech()
    speech.progress("look", None, None)
    speech.progress("look", None, None)
    for done in (1, 2, 100):
        speech.progress("send", done, 200)
    speech.progress("count", 5, None)
    assert capsys.readouterr().err.splitlines() == [
        "… look",
        "… send: 1 of 200",
        "… send: 100 of 200",
        "… count: 5",
    ]


def test_a_forecast_stands_beside_the_progress_of_its_stage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    speech = _speech()
    speech.progress("send", 1, 300)
    speech.forecast("done about noon")
    for done in (100, 101, 200):
        speech.progress("send", done, 300)
    speech.forecast("")
    speech.progress("send", 300, 300)
    speech.forecast("done about noon")
    speech.progress("count", 1, None)
    assert capsys.readouterr().err.splitlines() == [
        "… send: 1 of 300",
        "… send: 100 of 300, done about noon",
        "… send: 200 of 300, done about noon",
        "… send: 300 of 300",
        "… count: 1",
    ]


def test_with_json_people_are_spoken_to_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    speech = _speech(is_json=True)
    speech.say("for people")
    speech.warn("a warning")
    speech.show("a table")
    speech.line({"a": 1})
    found = capsys.readouterr()
    assert found.out == '{"a":1}\n'
    assert found.err == "for people\na warning\na table\n"


def test_the_first_interruption_asks_and_the_second_breaks_off(
    capsys: pytest.CaptureFixture[str],
) -> None:
    speech = _speech()
    with speech.work():
        os.kill(os.getpid(), signal.SIGINT)
        assert speech.is_interrupted
        with pytest.raises(KeyboardInterrupt):
            _interrupt()
    assert "Ctrl-C again" in capsys.readouterr().err
    assert speech.status(0) == 130
    assert _speech().status(1) == 1


def test_a_service_manager_asks_to_stop_as_often_as_it_likes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    speech = _speech()
    with speech.work():
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)
    assert speech.is_interrupted
    assert speech.status(0) == 130
    assert signal.getsignal(signal.SIGTERM) == before
    assert "stopping" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("octets", "shown"),
    [(0, "0 bytes"), (1_023, "1023 bytes"), (1_536, "1.5 KiB"), (2**51, "2048.0 TiB")],
)
def test_sizes_are_told_in_a_readable_unit(octets: int, shown: str) -> None:
    assert size(octets) == shown


def test_what_has_no_due_time_has_nothing_remaining() -> None:
    assert remaining(None, NOW) == ""
    assert entered_later(NOW, NOW) == ""


def test_at_a_terminal_a_person_is_asked(begun: Cli, tmp_path: Path) -> None:
    begun("step", "done", "declare")
    begun("fact", "set", "host=here.txt")
    (begun.folder / "here.txt").write_text("seen\n", encoding="utf-8")
    asked, status = _at_a_terminal(begun.folder, "n\n")
    assert "[y/N]" in asked
    assert "nothing was done" in asked
    assert status == 5
    asked, status = _at_a_terminal(begun.folder, "y\n")
    assert status == 0
    assert "look is done" in asked
    assert tmp_path.exists()


def _interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(1)


def _at_a_terminal(folder: Path, typed: str) -> tuple[str, int]:
    script = "import sys; from ccir.cli.main import main; sys.exit(main(['step', 'run', 'look']))"
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "TERM": "xterm",
    }
    ours, theirs = pty.openpty()
    try:
        with subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=folder,
            env=environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        ) as process:
            os.write(ours, typed.encode())
            status = process.wait(timeout=60)
        return os.read(ours, 65_536).decode(), status
    finally:
        os.close(ours)
        os.close(theirs)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_at_a_terminal_progress_stays_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    speech = _speech()
    with speech.work():
        speech.progress("look", None, None)
        speech.progress("look", 1, 2)
    assert terminal.getvalue() == "… look\r\x1b[K… look: 1 of 2\r\x1b[K"


@pytest.mark.parametrize("answer", [("y\n", 0), ("\n", 5)])
def test_only_a_yes_is_a_yes(
    answer: tuple[str, int], begun: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed, status = answer
    begun("step", "done", "declare")
    begun("fact", "set", "host=here.txt")
    (begun.folder / "here.txt").write_text("seen\n", encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", _Terminal(typed))
    assert "[y/N]" in begun("step", "run", "look", status=status).err
