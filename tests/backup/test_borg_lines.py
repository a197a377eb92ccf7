from __future__ import annotations

import pytest

from ccir.backup.borg_lines import Listener, said
from ccir.program import Finished
from support.fake_borg import log_line

QUESTION = "Enter passphrase for key ssh://backup.invalid/crm: "
TRACEBACK = 'Traceback (most recent call last):\n  File "x.py", line 1, in main\n'


def ended(code: int = 2) -> Finished:
    return Finished(
        exit_code=code,
        signal=None,
        ended="exited",
        stop=None,
        stdout="",
        stderr="",
        is_truncated=False,
        was_killed=False,
        seconds=0.0,
    )


def heard(*lines: str) -> str:
    listener = Listener(stops=False)
    for line in lines:
        listener.hear("stderr", line.rstrip("\n"))
    sighting = listener.verdict(ended(), asks_command=False)
    assert sighting is not None
    return sighting.reason


@pytest.mark.parametrize(
    ("msgid", "reason"),
    [
        ("Repository.DoesNotExist", "repository-missing"),
        ("Archive.DoesNotExist", "no-snapshots"),
        ("Repository.InvalidRepositoryConfig", "config-damaged"),
        ("InvalidRepositoryConfig", "config-damaged"),  # the server's borg says it so
        ("RepoKeyNotFoundError", "key-damaged"),
        ("Repository.ObjectNotFound", "pack-damaged"),
        ("Repository.CheckNeeded", "repository-damaged"),
        ("ArchiveTAMInvalid", "snapshot-damaged"),
        ("PassphraseWrong", "wrong-password"),
        ("NoPassphraseFailure", "password-unavailable"),
        ("LockTimeout", "locked"),
        ("ConnectionClosedWithHint", "unreachable"),
        ("PathNotAllowed", "permission-denied"),
        ("UnsupportedPayloadError", "tool-too-old"),
        ("Repository.AtticRepository", "wrong-target"),
        ("NeverSeen", "unrecognised-output"),
    ],
)
def test_an_id_says_what_is_wrong_whatever_the_words(msgid: str, reason: str) -> None:
    assert heard(log_line("something", msgid=msgid)) == reason


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (
            "crm-1: srv/anna.wav: New missing file chunk detected (Byte 0-9, Chunk 1).",
            "pack-damaged",
        ),
        ("srv/anna.wav: File has damaged (all-zero) chunks. Try running", "pack-damaged"),
        ("Remote: Index object count mismatch.", "pack-damaged"),
        (
            f"{TRACEBACK}FileNotFoundError: [Errno 2] No such file or directory: '/r/data/0/2'",
            "pack-damaged",
        ),
        (f"{TRACEBACK}configparser.ParsingError: Source contains parsing errors", "config-damaged"),
        (f"{TRACEBACK}binascii.Error: Incorrect padding", "key-damaged"),
        ("Repository manifest not found!", "repository-damaged"),
        ("Archive consistency check complete, problems found.", "repository-damaged"),
        (
            f"{TRACEBACK}PermissionError: [Errno 13] Permission denied: '/r/data/0/2'",
            "permission-denied",
        ),
        (f"{TRACEBACK}OSError: [Errno 30] Read-only file system: '/r/config'", "read-only"),
        ("Remote: ssh: connect to host h port 22: No route to host", "unreachable"),
    ],
)  # fmt: skip - a line each
def test_words_say_what_is_wrong(words: str, reason: str) -> None:
    assert heard(log_line("Local Exception", msgid="Exception"), log_line(words)) == reason


def test_damage_counts_more_than_any_trouble_before_it() -> None:
    assert heard(log_line("x", msgid="LockTimeout"), log_line("x", msgid="IntegrityError")) == (
        "pack-damaged"
    )


def test_a_password_commands_words_are_not_told() -> None:
    listener = Listener(stops=True)
    line = log_line("passcommand failed: Command '['pass', 'crm']'", msgid="PasscommandFailure")
    assert listener.hear("stderr", line) is None
    sighting = listener.verdict(ended(), asks_command=True)
    assert sighting is not None
    assert (sighting.reason, sighting.line) == ("password-unavailable", "")


def test_an_answer_behind_a_question_is_read() -> None:
    assert (
        said(QUESTION + log_line("x", msgid="NoPassphraseFailure")).msgid == "NoPassphraseFailure"
    )


def test_a_flood_of_warnings_is_not_kept() -> None:
    listener = Listener(stops=False)
    for _ in range(1_000):
        listener.hear("stderr", log_line("srv/anna.wav: odd", level="WARNING"))
    assert len(listener.messages) == 100


def test_what_is_listed_is_no_word_of_borgs_own() -> None:
    listener = Listener(stops=True)
    listener.hear("stdout", log_line("x", msgid="IntegrityError"))
    listener.hear("stderr", "")
    assert listener.verdict(ended(0), asks_command=False) is None
