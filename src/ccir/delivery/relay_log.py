"""What a Postfix relay's log says became of our messages, read line by line at any size.

1. `cleanup` names the Message-ID under which a queue id runs; ids that are not ours are passed
   over. A queue id is given away again after `removed`.
2. A line of delivery counts only where it names the recipient of that message, before or after
   her address was rewritten: copies to an archive say nothing about her.
3. `status=sent` means that the next server took it (`accepted`), and `delivered` where the relay
   itself put it into her mailbox. Handed on to a filter under another queue id of this log, what
   becomes of that one counts.
4. `status=bounced`, and `status=expired` after tries for her, mean that she was not reached.
5. Anything else leaves it `queued`: the relay has it, and nothing final is known.

Source: https://www.postfix.org/postconf.5.html and the sources of Postfix 3.7 (log_adhoc.c).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal, Protocol

import msgspec

from ccir.channels.words import scrubbed

FateState = Literal["delivered", "accepted", "bounced", "queued"]

LIMIT_LINE_BYTES = 16 * 1024  # Postfix and syslog cut their lines before
LIMIT_REPLY_CHARACTERS = 1_000
LIMIT_PASSAGES = 16  # how often one message may pass through the relay's queue

_LINE = re.compile(
    rb"(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)) \S+ "
    rb"postfix[\w-]{0,64}/(?:[\w-]{1,64}/)?(?P<service>[\w-]{1,64})\[\d+\]: "
    rb"(?:\[ID \d+ [\w.]+\] )?(?P<queue_id>[0-9A-Za-z]{5,32}): (?P<words>.*)",
    re.DOTALL,
)
_MESSAGE_ID = re.compile(r"(?:resent-)?message-id=<([^<>]*)>")
_STATUS = re.compile(
    r"to=<(?P<to>[^<>]*)>, (?:orig_to=<(?P<orig_to>[^<>]*)>, )?relay=(?P<relay>[^\s,]+), "
    r"(?:\w+=[^\s,]+, )*?dsn=(?P<dsn>\d\.\d{1,3}\.\d{1,3}), "
    r"status=(?P<status>\w+)(?: \((?P<reply>.*)\))?",
    re.DOTALL,
)
_EXPIRED = re.compile(r"from=<[^<>]*>, status=(?:force-)?expired, returned to sender")
_QUEUED_AS = re.compile(r"queued as ([0-9A-Za-z]{5,32})\b")
_CODE = re.compile(r"(?:said: |\A)([2-5]\d\d)[ -]")
_LOOPBACK = re.compile(r"[^\[]*\[(?:127\.[\d.]+|::1)\]")
_MAILBOX = re.compile(r"delivered to (?:mailbox|maildir)")
_RANK: tuple[FateState, ...] = ("queued", "bounced", "accepted", "delivered")


class Lines(Protocol):
    """Something that is read line by line."""

    def readline(self, size: int = -1, /) -> bytes:
        """Return the next line, or so many bytes of it; nothing at the end."""
        ...


class Fate(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a message; `reply` is the last server's words, without addresses."""

    state: FateState
    code: int = 0
    reply: str = ""


class _Passage:
    """One way of a message through the relay's queue."""

    __slots__ = ("fate", "is_tried", "message_id")

    def __init__(self, message_id: str) -> None:
        self.message_id = message_id
        self.fate = Fate(state="queued")
        self.is_tried = False


class RelayLog:
    """Follows the wanted messages through a log whose lines come in order.

    `wanted` has the keyed hash of each message's recipient by its Message-ID, and `key_of` makes
    that hash. `lines` counts what was read; `foreign` counts deliveries of our messages to an
    address that is not the recipient's.
    """

    def __init__(self, wanted: Mapping[str, str], *, key_of: Callable[[str], str]) -> None:
        self._wanted = wanted
        self._key_of = key_of
        self._passages: dict[str, list[_Passage]] = {}
        self._in_queue: dict[str, _Passage] = {}
        self.lines = 0
        self.foreign = 0

    def take(self, line: bytes) -> None:
        """Take note of one line; what is none of Postfix's says nothing."""
        self.lines += 1
        if not (b"message-id=<" in line or b" status=" in line or b": removed" in line):
            return
        found = _LINE.fullmatch(line.rstrip(b"\r\n"))
        if found is not None:
            words = found["words"].decode("utf-8", "replace")
            self._follow(found["service"], found["queue_id"].decode("ascii"), words)

    def fate(self, message_id: str) -> Fate | None:
        """Return what became of a wanted message; None where the log does not name it."""
        passages = self._passages.get(message_id)
        if not passages:
            return None
        return max((each.fate for each in passages), key=lambda fate: _RANK.index(fate.state))

    def _follow(self, service: bytes, queue_id: str, words: str) -> None:
        named = _MESSAGE_ID.fullmatch(words) if service == b"cleanup" else None
        if named is not None:
            self._begin(queue_id, named[1])
            return
        passage = self._in_queue.get(queue_id)
        if passage is None:
            return
        if words == "removed":
            del self._in_queue[queue_id]
        elif _EXPIRED.match(words):
            if passage.is_tried:
                passage.fate = Fate(state="bounced", reply="expired in the relay's queue")
        else:
            self._delivery(passage, service, words)

    def _begin(self, queue_id: str, message_id: str) -> None:
        self._in_queue.pop(queue_id, None)
        if message_id not in self._wanted:
            return
        passages = self._passages.setdefault(message_id, [])
        if len(passages) < LIMIT_PASSAGES:
            passage = _Passage(message_id)
            passages.append(passage)
            self._in_queue[queue_id] = passage

    def _delivery(self, passage: _Passage, service: bytes, words: str) -> None:
        found = _STATUS.fullmatch(words)
        if found is None:
            return
        hers = self._wanted[passage.message_id]
        if hers not in {self._key_of(each) for each in (found["to"], found["orig_to"]) if each}:
            self.foreign += 1
            return
        passage.is_tried = True
        reply = found["reply"] or ""
        if found["status"] == "bounced":
            passage.fate = _fate("bounced", found, reply)
        elif found["status"] == "sent" and not self._is_handed_on(passage, found["relay"], reply):
            passage.fate = _fate(_taken(service, reply), found, reply)

    def _is_handed_on(self, passage: _Passage, relay: str, reply: str) -> bool:
        """Return whether it went to a filter, which gave or gives it back to this relay."""
        next_id = _QUEUED_AS.search(reply)
        if next_id is None:
            return False
        onward = self._in_queue.get(next_id[1])
        is_known = onward is not None and onward.message_id == passage.message_id
        return is_known or _LOOPBACK.match(relay) is not None


def read_log(log: RelayLog, stream: Lines) -> tuple[bytes, bytes]:
    """Let the log follow a whole stream; return its first and last line that hold anything.

    Of a line longer than `LIMIT_LINE_BYTES` nothing is believed.
    """
    first = last = b""
    while line := stream.readline(LIMIT_LINE_BYTES):
        if not line.endswith(b"\n") and len(line) == LIMIT_LINE_BYTES:
            _skip_rest(stream)
            continue
        log.take(line)
        if line.strip():
            first, last = first or line, line
    return first, last


def _skip_rest(stream: Lines) -> None:
    while (piece := stream.readline(LIMIT_LINE_BYTES)) and not piece.endswith(b"\n"):
        pass


def _taken(service: bytes, reply: str) -> FateState:
    is_mailbox = service in {b"local", b"virtual"} and _MAILBOX.match(reply)
    return "delivered" if is_mailbox else "accepted"


def _fate(state: FateState, found: re.Match[str], reply: str) -> Fate:
    said = reply[:LIMIT_REPLY_CHARACTERS]
    code = _CODE.search(said)
    words = scrubbed(f"{found['dsn']} {said}", address=found["to"])
    return Fate(state=state, code=int(code[1]) if code else 0, reply=words)
