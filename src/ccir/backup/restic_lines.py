"""Judges restic's words as they arrive: what proves damage, what is trouble on the way.

The texts are those of restic 0.14.0, 0.18.0 and 0.19.1, met by breaking real repositories.
"""

from __future__ import annotations

import re

import msgspec

from ccir.backup.fault_interface import Sighting
from ccir.backup.interface import Reason
from ccir.program import Finished, Stop, Stream

PASSWORD_READY = "ccir: the password command is done"  # noqa: S105 - a mark, not a password
_RETRIES = "returned error, retrying after"

# A line that matches proves that the backup is bad, whatever restic prints later.
_DAMAGE: tuple[tuple[Reason, re.Pattern[str]], ...] = (
    ("config-damaged", re.compile(r"config or key \S+ is damaged|config file has zero size")),
    ("key-damaged", re.compile(r"<key/[^>]*>\)?: invalid data|Fatal: Unmarshal: ")),
    (
        "index-damaged",
        re.compile(r"<index/[^>]*>\)?: invalid data|id [0-9a-f]{64} not found in repository"),
    ),
    ("snapshot-damaged", re.compile(r"<snapshot/[^>]*>\)?: invalid data")),
    (
        "pack-damaged",
        re.compile(
            r"unexpected file size: got|unexpected pack id|Pack ID does not match"
            r"|ciphertext verification failed|<data/[^>]*>\)?: invalid data"
            r"|file is too (short|small)|^header is larger than |^(invalid )?header length"
            r"|pack [0-9a-f]{64}: does not exist|pack [0-9a-f]{8,64} contains \d+ errors"
            r"|(Load|ReadFull)\(<data/[^>]*>.*no such file or directory"
        ),
    ),
    ("repository-damaged", re.compile(r"Fatal: repository contains errors")),
)
# In this order: what comes first explains what comes after.
_TROUBLE: tuple[tuple[Reason, re.Pattern[str]], ...] = (
    ("password-unavailable", re.compile(r"Resolving password failed|an empty password is not")),
    ("wrong-password", re.compile(r"wrong password or no key found")),
    ("locked", re.compile(r"repository is already locked")),
    (
        "no-space",
        re.compile(r"no space left on device|disk quota exceeded|file too large|No space left"),
    ),
    ("read-only", re.compile(r"read-only file system")),
    (
        "permission-denied",
        re.compile(r"permission denied|operation not permitted|[Aa]ccess ?[Dd]enied|403 Forbidden"),
    ),
    (
        "unreachable",
        re.compile(
            r"connection re(fused|set)|no such host|[Cc]ould not resolve|network is unreachable"
            r"|i/o timeout|no route to host|TLS handshake|x509:|unable to start the sftp session"
            r"|Client\.Timeout|server misbehaving|50[0234] |broken pipe|deadline exceeded"
            r"|no credentials found|unexpected HTTP response|executable file not found"
            r"|error talking HTTP to rclone"
        ),
    ),
    ("repository-missing", re.compile(r"Is there a repository at|repository does not exist")),
    (
        "no-snapshots",
        re.compile(
            r"no matching ID found|no snapshot found"
            r"|failed to load snapshot \S+: .*(no such file|does not exist)"
        ),
    ),
    ("wrong-target", re.compile(r"parsing repository location failed|not a directory")),
    ("tool-crashed", re.compile(r"^panic: |^fatal error: |^goroutine \d+ \[")),
)
_EXIT_CODES: dict[int, Reason] = {10: "repository-missing", 11: "locked", 12: "wrong-password"}
_INTERRUPTED = 130
# A file's name may be a customer's: it belongs to sealed output only, and proves nothing.
_ABOUT_A_FILE = re.compile(
    r"^ignoring error for .*?: ((write|open|lchown|mkdir|chmod) /.*?: )?"
    r"|^(write|open|lchown|mkdir|chmod) /.*?: "
)
_MISSING = re.compile(
    r"<(data|index|snapshot|key|config)/.*(no such file|EOF$|too short|does not exist)"
)


class Listener:
    """Takes restic's lines and remembers what they prove.

    With `stops` it asks for the end of the program at the first proof of damage.
    """

    def __init__(self, *, stops: bool) -> None:
        self._stops = stops
        self._damage: Sighting | None = None
        self._troubles: dict[Reason, Sighting] = {}
        self._retry: str = ""
        self._password_came = False

    def hear(self, stream: Stream, line: str) -> Stop | None:
        """Take one line; only what restic says on stderr is about its own state."""
        if stream == "stdout" or not line:
            return None
        text = message(line)
        if text == PASSWORD_READY:
            self._password_came = True
        elif _RETRIES in text:
            self._retry = text
        else:
            self._weigh(text)
        return Stop(reason=self._damage.reason) if self._stops and self._damage else None

    def verdict(self, finished: Finished, *, is_local: bool, asks_command: bool) -> Sighting | None:
        """Return what was wrong in the end, or None if nothing was.

        A repository file that is cut short or gone is proven only where no network is between.
        `asks_command` says that a password command was to be run.
        """
        if self._damage is not None:
            return self._damage
        if finished.ended == "exited" and finished.exit_code == 0:
            return self._troubles.get("no-snapshots")  # `ls` of restic 0.14 ends with 0 then
        if finished.ended == "cancelled":
            return Sighting(reason="cancelled")
        return (
            self._missing_file(is_local=is_local)
            or self._hung_password(finished, asks_command=asks_command)
            or self._first_trouble()
            or _trouble_in(self._retry)
            or self._silent_end(finished)
        )

    def _weigh(self, text: str) -> None:
        self._damage = self._damage or _first_match(_DAMAGE, text)
        trouble = _trouble_in(text)
        if trouble is not None:
            self._troubles.setdefault(trouble.reason, trouble)

    def _first_trouble(self) -> Sighting | None:
        seen = (self._troubles.get(reason) for reason, _ in _TROUBLE)
        return next((sighting for sighting in seen if sighting is not None), None)

    def _missing_file(self, *, is_local: bool) -> Sighting | None:
        if is_local and _MISSING.search(self._retry):
            return Sighting(reason="pack-damaged", line=self._retry)
        return None

    def _hung_password(self, finished: Finished, *, asks_command: bool) -> Sighting | None:
        """Tell a password command that hung from one that failed.

        Both end in the same complaint: a command that hangs is ended together with restic.
        """
        is_only_trouble = not self._retry and set(self._troubles) <= {"password-unavailable"}
        waits = asks_command and not self._password_came
        if finished.ended == "deadline" and waits and is_only_trouble:
            return Sighting(reason="password-timeout")
        return None

    def _silent_end(self, finished: Finished) -> Sighting:
        if finished.ended == "deadline":
            return Sighting(reason="timed-out", line=self._retry)
        if finished.signal is not None:
            return Sighting(reason="tool-crashed", line=f"it was ended by signal {finished.signal}")
        if finished.ended == "exited" and finished.exit_code == _INTERRUPTED:
            return Sighting(reason="cancelled", line="somebody interrupted restic")
        known = _EXIT_CODES.get(finished.exit_code or 0, "unrecognised-output")
        return Sighting(reason=known, line=f"exit code {finished.exit_code}")


def message(line: str) -> str:
    """Return what a line of stderr says, in words or wrapped in restic's JSON."""
    if not line.startswith("{"):
        return line.removeprefix("\x1b[2K")
    try:
        wrapped = msgspec.json.decode(line, type=_Wrapped)
    except msgspec.MsgspecError:
        return line
    return wrapped.message or (wrapped.error.message if wrapped.error else line)


class _Error(msgspec.Struct, frozen=True, kw_only=True):
    message: str = ""


class _Wrapped(msgspec.Struct, frozen=True, kw_only=True):
    message: str = ""
    error: _Error | None = None


def _trouble_in(text: str) -> Sighting | None:
    return _first_match(_TROUBLE, text)


def _first_match(table: tuple[tuple[Reason, re.Pattern[str]], ...], text: str) -> Sighting | None:
    said = _ABOUT_A_FILE.sub("", text)
    for reason, pattern in table:
        if pattern.search(said):
            return Sighting(reason=reason, line=_without_names(text))
    return None


def _without_names(text: str) -> str:
    """Return the first line; of one about a file only what stands after the file's name."""
    line = text.strip().splitlines()[0]
    return line.rpartition(": ")[2] if _ABOUT_A_FILE.match(line) else line
