"""What a web service's reply means for one message."""

from __future__ import annotations

import re

from ccir.channels.webhook_wire import Reply
from ccir.domain.notices import Receipt

_OK, _REDIRECT, _CLIENT, _SERVER, _BEYOND = 200, 300, 400, 500, 600  # classes, RFC 9110 §15
_CONFLICT = 409
_NOT_LET_IN = (401, 403, 404, 405, 407)
_LATER = (408, 425, 429)  # out of time, too early, too many
_SHOWN = 16  # hexadecimal digits of a digest
_SECONDS = re.compile(r"[0-9]{1,4}")
_LIMIT_WAIT = 3600  # seconds; a longer wait is no advice


def is_about_the_channel(reply: Reply) -> bool:
    """Tell whether the reply would be the same for every message: the URL or the key is wrong.

    Redirects are never followed.
    """
    return _REDIRECT <= reply.status < _CLIENT or reply.status in _NOT_LET_IN


def receipt(reply: Reply) -> Receipt:
    """Return the receipt that a whole reply stands for.

    A temporary refusal may be retried, because the request carries an idempotency key. 409
    says that an earlier request with this key is still being worked on, and leaves a doubt.
    """
    status, words = reply.status, _words(reply)
    if _OK <= status < _REDIRECT:
        return Receipt(state="accepted", code=status, reply=words)
    if status in _LATER or _SERVER <= status < _BEYOND:
        return Receipt(state="refused-temporary", code=status, reply=words, retryable=True)
    if _CLIENT <= status < _SERVER and status != _CONFLICT:
        return Receipt(state="refused-permanent", code=status, reply=words)
    return Receipt(state="unknown", code=status, reply=words)


def no_phone() -> Receipt:
    """Return the receipt of a short message to somebody whose number is not known."""
    return Receipt(state="refused-permanent", reply="no phone number in the list")


def lost_before_the_end() -> Receipt:
    """Return the receipt of a request whose last byte never left: sending again is safe."""
    return Receipt(
        state="refused-temporary",
        reply="the connection was lost before the request was complete",
        retryable=True,
    )


def lost_after_the_end() -> Receipt:
    """Return the receipt of a request that left whole and got no whole reply."""
    return Receipt(
        state="unknown",
        reply="the request was complete, but no whole reply came in time",
    )


def _words(reply: Reply) -> str:
    words = f"HTTP {reply.status}, reply with SHA-256 {reply.digest[:_SHOWN]}…"
    wait = reply.retry_after.strip()
    if _SECONDS.fullmatch(wait) and int(wait) <= _LIMIT_WAIT:
        return f"{words}, try again after {int(wait)} s"
    return words
