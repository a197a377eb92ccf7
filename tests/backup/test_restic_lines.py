from __future__ import annotations

import json

import pytest

from ccir.backup.fault_interface import Sighting
from ccir.backup.interface import Reason
from ccir.backup.restic_lines import PASSWORD_READY, Listener, message
from ccir.program import Ended, Finished, Stop

PACK = "11d79fe9c928ef0ca91f910687b55abbabc555feca52216f9091270f42b58b65"
SHORT = PACK[:10]


def finished(
    *, ended: Ended = "exited", exit_code: int | None = 1, number: int | None = None
) -> Finished:
    return Finished(
        exit_code=exit_code,
        signal=number,
        ended=ended,
        stop=None,
        stdout="",
        stderr="",
        is_truncated=False,
        was_killed=False,
        seconds=1,
    )


def verdict(
    *lines: str,
    end: Finished | None = None,
    is_local: bool = True,
    asks_command: bool = False,
) -> Sighting | None:
    listener = Listener(stops=True)
    for line in lines:
        listener.hear("stderr", line)
    return listener.verdict(end or finished(), is_local=is_local, asks_command=asks_command)


def reason(*lines: str, end: Finished | None = None, is_local: bool = True) -> Reason:
    found = verdict(*lines, end=end, is_local=is_local)
    return found.reason if found else ""


DAMAGE: list[tuple[Reason, str]] = [
    ("pack-damaged", f"pack {PACK}: unexpected file size: got 38203, expected 76406"),
    ("pack-damaged", f"pack {PACK}: does not exist"),
    ("pack-damaged", f"Pack ID does not match, want {SHORT}, got 2127660a56"),
    ("pack-damaged", f"error: pack {PACK[:8]}: unexpected pack id {PACK}"),
    ("pack-damaged", f"error: pack {PACK} contains 2 errors: [blob 1 and 2]"),
    ("pack-damaged", "ciphertext verification failed"),
    ("pack-damaged", f"decrypting blob {PACK} failed: ciphertext verification failed"),
    ("pack-damaged", f"ReadFull(<data/{SHORT}>): open /srv/x: no such file or directory"),
    ("pack-damaged", f"Load(<data/{SHORT}>, 5, 0) failed: file is too short"),
    ("pack-damaged", "file is too small"),
    ("pack-damaged", "header is larger than file"),
    ("index-damaged", f"error: error loading index {PACK}: load <index/{SHORT}>: invalid data r"),
    ("index-damaged", f"id {PACK} not found in repository"),
    ("snapshot-damaged", f"could not load snapshot 4c04: load <snapshot/{SHORT}>: invalid data"),
    ("snapshot-damaged", f"error: LoadRaw(<snapshot/{SHORT}>): invalid data returned"),
    ("key-damaged", "Fatal: Unmarshal: unexpected end of JSON input"),
    ("key-damaged", f"Fatal: load <key/{SHORT}>: invalid data returned"),
    ("config-damaged", f"Fatal: config or key {PACK} is damaged: ciphertext verification failed"),
    ("config-damaged", "Fatal: config file has zero size, invalid repository?"),
    ("repository-damaged", "Fatal: repository contains errors"),
]


@pytest.mark.parametrize(("expected", "line"), DAMAGE)
def test_a_line_that_proves_damage_fixes_the_verdict_and_asks_for_the_end(
    expected: Reason, line: str
) -> None:
    listener = Listener(stops=True)
    assert listener.hear("stderr", line) == Stop(reason=expected)
    assert listener.hear("stderr", "Fatal: repository is already locked") == Stop(reason=expected)
    for end in (
        finished(),
        finished(exit_code=0),
        finished(ended="cancelled"),
        finished(ended="deadline", exit_code=130),
        finished(exit_code=None, number=9),
    ):
        found = listener.verdict(end, is_local=False, asks_command=True)
        assert found == Sighting(reason=expected, line=line)


@pytest.mark.parametrize(("expected", "line"), DAMAGE)
def test_the_same_is_read_out_of_the_json_of_newer_versions(expected: Reason, line: str) -> None:
    error = {"message_type": "error", "error": {"message": line}, "during": "restore", "item": "/a"}
    end = {"message_type": "exit_error", "code": 1, "message": line}
    assert reason(json.dumps(error)) == expected
    assert reason(json.dumps(end)) == expected


def test_damage_that_must_not_end_the_call_is_remembered_all_the_same() -> None:
    listener = Listener(stops=False)
    assert listener.hear("stderr", "ciphertext verification failed") is None
    found = listener.verdict(finished(exit_code=0), is_local=True, asks_command=False)
    assert found is not None
    assert found.reason == "pack-damaged"


def test_what_is_backed_up_says_nothing_about_the_backup() -> None:
    listener = Listener(stops=True)
    assert listener.hear("stdout", '{"name": "ciphertext verification failed"}') is None
    assert listener.hear("stderr", "") is None
    assert listener.verdict(finished(exit_code=0), is_local=True, asks_command=False) is None


TROUBLE: list[tuple[Reason, str]] = [
    ("password-unavailable", "Resolving password failed: Fatal: /secret does not exist"),
    ("password-unavailable", "Fatal: an empty password is not a password"),
    ("wrong-password", "Fatal: wrong password or no key found"),
    (
        "locked",
        "Fatal: unable to create lock in backend: repository is already locked by PID 7 on crm1",
    ),
    ("no-space", "write /scratch/a.wav: no space left on device"),
    ("no-space", "open /scratch/a.wav: disk quota exceeded"),
    ("read-only", "mkdir /scratch/srv: read-only file system"),
    ("permission-denied", "Fatal: unable to create lock: open /b/locks/1: permission denied"),
    ("permission-denied", "Fatal: unable to open config file: Stat: 403 Forbidden"),
    ("permission-denied", "Fatal: unable to open config file: Stat: Access Denied."),
    ("unreachable", 'Fatal: Head "http://h/config": dial tcp 10.0.0.1:80: connection refused'),
    ("unreachable", "Fatal: dial tcp: lookup backup.invalid: no such host"),
    ("unreachable", "ssh: Could not resolve hostname backup: Name or service not known"),
    ("unreachable", "Fatal: unable to open config file: x509: certificate has expired"),
    ("unreachable", "Fatal: unexpected HTTP response (502): 502 Bad Gateway"),
    ("unreachable", 'Fatal: exec: "rclone": executable file not found in $PATH'),
    ("unreachable", "Fatal: unable to open repository at rclone:b: error talking HTTP to rclone"),
    ("repository-missing", "Is there a repository at the following location?"),
    ("repository-missing", "Fatal: repository does not exist: unable to open config file: stat"),
    ("no-snapshots", 'Ignoring "latest": no snapshot found'),
    ("no-snapshots", 'no matching ID found for prefix "abc"'),
    (
        "no-snapshots",
        f"Fatal: failed to load snapshot {SHORT}: open /b/snapshots/1: no such file or directory",
    ),
    ("wrong-target", "Fatal: parsing repository location failed: invalid backend"),
    ("wrong-target", "mkdir /scratch/file/srv: not a directory"),
    ("tool-crashed", "panic: runtime error: invalid memory address or nil pointer dereference"),
]


@pytest.mark.parametrize(("expected", "line"), TROUBLE)
def test_a_line_of_trouble_explains_a_call_that_failed(expected: Reason, line: str) -> None:
    assert reason(line, "Fatal: something else") == expected
    assert reason(line, end=finished(ended="deadline", exit_code=130)) == expected


@pytest.mark.parametrize(("expected", "line"), TROUBLE)
def test_trouble_that_a_call_got_over_is_none(expected: Reason, line: str) -> None:
    # `ls` of restic 0.14 ends with 0 where the snapshot is not there.
    left = expected if expected == "no-snapshots" else ""
    assert reason(line, end=finished(exit_code=0)) == left


@pytest.mark.parametrize(("_expected", "line"), TROUBLE)
def test_a_cancelled_call_is_cancelled_whatever_trouble_there_was(
    _expected: Reason, line: str
) -> None:
    assert reason(line, end=finished(ended="cancelled", exit_code=130)) == "cancelled"


def test_what_comes_first_explains_what_comes_after() -> None:
    missing, refused = "Is there a repository at the following location?", "connection refused"
    assert reason(missing, refused) == reason(refused, missing) == "unreachable"


# --------------------------------------------------------------- restic that tries again and again

DEADLINE = finished(ended="deadline", exit_code=130)


def retry(what: str, why: str) -> str:
    return f"{what} returned error, retrying after 1.582392691s: {why}"


LOST_FILES = [
    retry(f"Load(<data/{SHORT}>, 75345, 0)", "ReadFull: unexpected EOF"),
    retry(f"Load(<data/{SHORT}>, 75345, 0)", "ReadFull: EOF"),
    retry(f"Load(<data/{SHORT}>, 248, 2547)", "EOF"),
    retry(f"Load(<data/{SHORT}>, 248, 2547)", "open /b/data/11: no such file or directory"),
    retry(f"Load(<index/{SHORT}>, 0, 0)", "stat /b/index/11: no such file or directory"),
    retry(f"Load(<data/{SHORT}>, 0, 0)", "file is too short"),
]
UNREACHED = {
    retry("Stat(<config/>)", "dial tcp 127.0.0.1:1: connect: connection refused"): "unreachable",
    retry("List(data)", "lookup backup.invalid: server misbehaving"): "unreachable",
    retry(f"Load(<data/{SHORT}>, 0, 0)", "read tcp: i/o timeout"): "unreachable",
    retry("Save(<lock/1234567890>)", "open /b/locks/1: read-only file system"): "read-only",
    retry(f"Load(<data/{SHORT}>, 0, 0)", "open /b/data/1: permission denied"): "permission-denied",
    retry("Save(<lock/1234567890>)", "open /b/locks/1-tmp: no such file or directory"): "timed-out",
}


@pytest.mark.parametrize("line", LOST_FILES)
def test_at_a_deadline_a_lost_file_of_a_local_repository_is_damage(line: str) -> None:
    assert verdict(line, end=DEADLINE) == Sighting(reason="pack-damaged", line=line)


@pytest.mark.parametrize("line", LOST_FILES)
def test_behind_a_network_a_lost_file_proves_nothing(line: str) -> None:
    assert reason(line, end=DEADLINE, is_local=False) == "timed-out"


@pytest.mark.parametrize("line", LOST_FILES)
def test_a_retry_that_succeeded_is_no_damage(line: str) -> None:
    assert reason(line, end=finished(exit_code=0)) == ""


@pytest.mark.parametrize("line", UNREACHED)
@pytest.mark.parametrize("is_local", [True, False])
def test_at_a_deadline_anything_else_is_no_verdict(line: str, *, is_local: bool) -> None:
    assert reason(line, end=DEADLINE, is_local=is_local) == UNREACHED[line]


def test_the_last_retry_counts() -> None:
    lost, refused = LOST_FILES[0], next(iter(UNREACHED))
    assert reason(lost, refused, end=DEADLINE) == "unreachable"
    assert reason(refused, lost, end=DEADLINE) == "pack-damaged"


def test_a_deadline_in_silence_is_the_password_commands_until_it_has_announced_itself() -> None:
    hung = verdict(end=DEADLINE, asks_command=True)
    assert hung == Sighting(reason="password-timeout")
    ended = "Fatal: Resolving password failed: signal: interrupt"  # by us, with restic
    assert verdict(ended, end=DEADLINE, asks_command=True) == hung
    failed = Sighting(reason="password-unavailable", line=ended)
    assert verdict(ended, asks_command=True) == failed
    come = verdict(PASSWORD_READY, end=DEADLINE, asks_command=True)
    assert come == Sighting(reason="timed-out")
    assert verdict(end=DEADLINE) == Sighting(reason="timed-out")


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (finished(exit_code=10), "repository-missing"),
        (finished(exit_code=11), "locked"),
        (finished(exit_code=12), "wrong-password"),
        (finished(exit_code=130), "cancelled"),
        (finished(exit_code=130, ended="flooded"), "unrecognised-output"),
        (finished(exit_code=1), "unrecognised-output"),
        (finished(exit_code=3), "unrecognised-output"),
        (finished(exit_code=None), "unrecognised-output"),
        (finished(exit_code=None, number=11), "tool-crashed"),
        (finished(exit_code=0, ended="flooded"), "unrecognised-output"),
    ],
)
def test_an_end_without_words_is_never_a_pass(end: Finished, expected: Reason) -> None:
    assert reason(end=end) == expected


# --------------------------------------------------------------------------- names of customers


@pytest.mark.parametrize(
    "line",
    [
        "ignoring error for /crm/jane-doe.wav: ciphertext verification failed",
        "ignoring error for /crm/jane-doe.wav: open /out/jane-doe.wav: permission denied",
        "ignoring error for /crm/a: jane.wav: write /out/a: jane.wav: no space left on device",
        "open /out/jane-doe.wav: permission denied",
        "mkdir /out/jane-doe: not a directory",
    ],
)
def test_a_line_is_shown_without_the_name_of_a_backed_up_file(line: str) -> None:
    found = verdict(line)
    assert found is not None
    assert "jane" not in found.line
    assert found.line == line.rpartition(": ")[2]


@pytest.mark.parametrize(
    "name", ["ciphertext verification failed", "Pack ID does not match", "unexpected pack id"]
)
def test_a_files_name_proves_no_damage(name: str) -> None:
    line = f"ignoring error for /crm/{name}.txt: open /out/{name}.txt: permission denied"
    assert reason(line) == "permission-denied"
    assert reason(f"open /out/{name}.txt: no space left on device") == "no-space"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("plain words", "plain words"),
        ("\x1b[2Ksignal interrupt received", "signal interrupt received"),
        ('{"message_type":"exit_error","code":1,"message":"Fatal: x"}', "Fatal: x"),
        ('{"message_type":"error","error":{"message":"y"}}', "y"),
        ('{"message_type":"status"}', '{"message_type":"status"}'),
        ('{"cut', '{"cut'),
        ('{"error": 7}', '{"error": 7}'),
    ],
)
def test_words_are_found_in_json_and_in_plain_lines(line: str, text: str) -> None:
    assert message(line) == text
