"""What apprise's result for one target says about one message."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from ccir.channels.words import scrubbed
from ccir.domain.notices import Receipt

SUCCESS, FAILURE = 0, 1  # apprise.AppriseResultStatus, also its exit codes
_STATUS = re.compile(r"\berror=([1-5][0-9]{2})\b")  # how its services log an HTTP status
_TOO_MANY = 429
_TIMED_OUT = 408  # the service gave up waiting; what it did with the message is not said
_PART = re.compile(r"[/:@?&=#,+]+")
_SHORTEST_PART = 6  # a shorter part of a URL is a common word rather than a token


def receipt(status: int, lines: Iterable[str], *, url: str, service: str) -> Receipt:
    """Return the receipt that a result stands for.

    apprise reports a refusal, a lost answer and a full failure alike as FAILURE; only an
    HTTP status of the 4xx class in its log proves that the service did not take the message.
    Everything else but success is `unknown`, a time-out too: the message was seen to arrive
    after one.
    """
    if status == SUCCESS:
        return Receipt(state="accepted", reply=f"{service} took it")
    words = _without_tokens("; ".join(lines), url)
    codes = {int(code) for code in _STATUS.findall(words)}
    code = codes.pop() if len(codes) == 1 and status == FAILURE else 0
    reply = scrubbed(words, address="") or f"{service} did not say why"
    if code == _TOO_MANY:
        return Receipt(state="refused-temporary", code=code, reply=reply, retryable=True)
    if 400 <= code < 500 and code != _TIMED_OUT:  # noqa: PLR2004 - HTTP's class of refusals
        return Receipt(state="refused-permanent", code=code, reply=reply)
    return Receipt(state="unknown", code=code, reply=reply)


def _without_tokens(words: str, url: str) -> str:
    parts = {*_PART.split(url), *_PART.split(unquote(url)), url}
    for part in sorted(parts, key=len, reverse=True):  # a part may stand within a longer one
        if len(part) >= _SHORTEST_PART:
            words = words.replace(part, "***")
    return words
