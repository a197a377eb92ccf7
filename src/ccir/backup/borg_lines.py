"""Judges borg's words as they arrive: what proves damage, what is trouble on the way.

The texts are those of borg 1.2.4, met by breaking real repositories. The message ids are part
of borg's promise to programs. Source: borg's internals, 'All about JSON'.
"""

from __future__ import annotations

import re

import msgspec

from ccir.backup.fault_interface import Sighting
from ccir.backup.interface import Reason
from ccir.program import Finished, Stop, Stream

PASSWORD_READY = "ccir: the password command is done"  # noqa: S105 - a mark, not a password
LISTED = "borg.output.list"  # the name of the log that a restore's files are told in
_LOUD = frozenset({"WARNING", "ERROR", "CRITICAL"})
_KEPT_MESSAGES = 100
_WARNINGS = (1, *range(100, 128))

_BY_ID: dict[str, Reason] = {
    "Archive.DoesNotExist": "no-snapshots",
    "Repository.DoesNotExist": "repository-missing",
    "InvalidRepository": "repository-missing",
    "InvalidRepositoryConfig": "config-damaged",
    "RepoKeyNotFoundError": "key-damaged",
    "KeyfileInvalidError": "key-damaged",
    "KeyfileMismatchError": "password-unavailable",
    "KeyfileNotFoundError": "password-unavailable",
    "NoPassphraseFailure": "password-unavailable",
    "PasscommandFailure": "password-unavailable",
    "PassphraseWrong": "wrong-password",
    "IntegrityError": "pack-damaged",
    "DecompressionError": "pack-damaged",
    "ObjectNotFound": "pack-damaged",
    "CheckNeeded": "repository-damaged",
    "NoManifestError": "repository-damaged",
    "TAMInvalid": "snapshot-damaged",
    "TAMRequiredError": "snapshot-damaged",
    "ManifestTAMInvalid": "snapshot-damaged",
    "ArchiveTAMInvalid": "snapshot-damaged",
    "ArchiveTAMRequiredError": "snapshot-damaged",
    "LockTimeout": "locked",
    "LockError": "locked",
    "ConnectionClosed": "unreachable",
    "ConnectionClosedWithHint": "unreachable",
    "PathNotAllowed": "permission-denied",
    "InsufficientFreeSpaceError": "no-space",
    "AtticRepository": "wrong-target",
    "MandatoryFeatureUnsupported": "tool-too-old",
    "RPCServerOutdated": "tool-too-old",
    "UnsupportedManifestError": "tool-too-old",
    "UnsupportedPayloadError": "tool-too-old",
    "Exception": "tool-crashed",
}
# Words that match prove that the backup is bad, whatever borg says later. Only what is matched
# is told: around it may stand the name of a customer's file.
_DAMAGE: tuple[tuple[Reason, re.Pattern[str]], ...] = (
    ("config-damaged", re.compile(r"configparser\.\w+|binascii\.Error: Non-hexadecimal[^\n]*")),
    (
        "key-damaged",
        re.compile(
            r"encrypted key algorithm \S+ is not supported|in decrypt_key_file\b"
            r"|binascii\.Error: (Incorrect padding|Invalid base64)[^\n]*"
        ),
    ),
    (
        "pack-damaged",
        re.compile(
            r"Data integrity error: [^\n]*|Index object count mismatch"
            r"|object count vs\. segment files object count mismatch"
            r"|New missing file chunk detected|item metadata chunk missing"
            r"|File has damaged \(all-zero\) chunks|Size inconsistency detected"
            r"|No such file or directory: '[^'\n]*/data/\d+/\d+'"
        ),
    ),
    (
        "repository-damaged",
        re.compile(
            r"This repository contains no valid data|contains no apparent data at all"
            r"|Repository manifest (not found|is corrupted)|(errors|problems) found\.$"
        ),
    ),
)
_TROUBLE: tuple[tuple[Reason, re.Pattern[str]], ...] = (
    ("no-space", re.compile(r"No space left on device|Disk quota exceeded|File too large")),
    ("read-only", re.compile(r"Read-only file system")),
    ("permission-denied", re.compile(r"Permission denied|Operation not permitted")),
    (
        "unreachable",
        re.compile(
            r"Could not resolve hostname|Connection (refused|reset|timed out|closed)[^\n]*"
            r"|No route to host|Network is unreachable|Host key verification failed"
            r"|No such file or directory: '[\w./-]*ssh'"
        ),
    ),
)
_IS_DAMAGE = {reason for reason, _ in _DAMAGE} | {"snapshot-damaged"}
# What comes first explains what comes after.
_ORDER: tuple[Reason, ...] = (
    "no-space",
    "read-only",
    "permission-denied",
    "password-unavailable",
    "wrong-password",
    "locked",
    "repository-missing",
    "no-snapshots",
    "tool-too-old",
    "wrong-target",
    "unreachable",
    "tool-crashed",
)
# The file is there and whole; its place takes no such attribute.
_HARMLESS = re.compile(r"when setting extended attribute ")


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One line of borg's stderr, as it tells it to programs."""

    message: str = ""
    level: str = msgspec.field(default="", name="levelname")
    name: str = ""
    msgid: str = ""
    type: str = ""
    current: int = 0
    total: int = 0


_DECODER = msgspec.json.Decoder(Said)


def said(line: str) -> Said:
    """Return what a line of stderr says; one that is not for programs is an error's.

    Where borg asked for a passphrase in vain, its question stands before the answer.
    """
    try:
        return _DECODER.decode(line[max(0, line.find('{"type"')) :])
    except msgspec.MsgspecError:
        return Said(message=line, level="ERROR")


class Listener:
    """Takes borg's lines and remembers what they prove.

    With `stops` it asks for the end of the program at the first proof of damage.
    """

    def __init__(self, *, stops: bool) -> None:
        self.messages: list[str] = []
        self._stops = stops
        self._damage: Sighting | None = None
        self._troubles: dict[Reason, Sighting] = {}
        self._is_excused = False
        self._is_unexplained = False
        self._password_came = False

    def hear(self, stream: Stream, line: str) -> Stop | None:
        """Take one line; only what borg says on stderr is about its own state."""
        if stream == "stdout" or not line:
            return None
        if line == PASSWORD_READY:
            self._password_came = True
        elif (told := said(line)).level in _LOUD:
            self._weigh(told)
        return Stop(reason=self._damage.reason) if self._stops and self._damage else None

    def verdict(self, finished: Finished, *, asks_command: bool) -> Sighting | None:
        """Return what was wrong in the end, or None if nothing was.

        `asks_command` says that a password command was to be run.
        """
        if self._damage is not None:
            return self._damage
        if finished.ended == "cancelled":
            return Sighting(reason="cancelled")
        if finished.ended == "exited" and self._is_fine(finished.exit_code):
            return None
        return (
            self._hung_password(finished, asks_command=asks_command)
            or self._first_trouble()
            or _silent_end(finished)
        )

    def _weigh(self, told: Said) -> None:
        if len(self.messages) < _KEPT_MESSAGES:
            self.messages.append(told.message)
        found = _matched(_DAMAGE, told.message) or _known(told) or _matched(_TROUBLE, told.message)
        if found is None:
            self._excuse(told)
        elif found.reason in _IS_DAMAGE:
            self._damage = self._damage or found
        else:
            self._troubles.setdefault(found.reason, found)

    def _excuse(self, told: Said) -> None:
        if _HARMLESS.match(told.message):
            self._is_excused = True
        else:
            self._is_unexplained = True

    def _is_fine(self, code: int | None) -> bool:
        if code in _WARNINGS:
            return self._is_excused and not (self._is_unexplained or self._troubles)
        return code == 0

    def _first_trouble(self) -> Sighting | None:
        return next((self._troubles[each] for each in _ORDER if each in self._troubles), None)

    def _hung_password(self, finished: Finished, *, asks_command: bool) -> Sighting | None:
        """Tell a password command that hung: it is ended together with borg."""
        waits = asks_command and not self._password_came
        if finished.ended == "deadline" and waits:
            return Sighting(reason="password-timeout")
        return None


def _known(told: Said) -> Sighting | None:
    """Return what a message id stands for; the server's borg leaves the class's outer name out."""
    reason = _BY_ID.get(told.msgid) or _BY_ID.get(told.msgid.rpartition(".")[2])
    if reason is None:
        return None
    # The password command's words stand in its message.
    shown = "" if reason == "password-unavailable" else told.message.partition("\n")[0]
    return Sighting(reason=reason, line=shown)


def _matched(table: tuple[tuple[Reason, re.Pattern[str]], ...], text: str) -> Sighting | None:
    for reason, pattern in table:
        found = pattern.search(text)
        if found is not None:
            return Sighting(reason=reason, line=found[0])
    return None


def _silent_end(finished: Finished) -> Sighting:
    if finished.ended == "deadline":
        return Sighting(reason="timed-out")
    if finished.signal is not None:
        return Sighting(reason="tool-crashed", line=f"it was ended by signal {finished.signal}")
    return Sighting(reason="unrecognised-output", line=f"exit code {finished.exit_code}")
