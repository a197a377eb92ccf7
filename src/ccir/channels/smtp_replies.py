"""What an SMTP server's replies mean for one message."""

from __future__ import annotations

from typing import Literal

from ccir.channels.words import scrubbed
from ccir.domain.notices import Receipt

Phase = Literal["recipient", "data", "content"]
Reply = tuple[int, bytes]

SERVICE_CLOSING = 421
GO_AHEAD = 354
LOGIN_REQUIRED = 530
_CLASS = 100  # the first digit of a reply code is its meaning, RFC 5321 §4.2.1
_POSITIVE, _TEMPORARY, _PERMANENT = 2, 4, 5


def is_positive(reply: Reply) -> bool:
    """Return whether the server said yes."""
    return reply[0] // _CLASS == _POSITIVE


def is_permanent(reply: Reply) -> bool:
    """Return whether the server said no for good."""
    return reply[0] // _CLASS == _PERMANENT


def accepted(reply: Reply, *, address: str) -> Receipt:
    """Return the receipt of a message that the server took; its words hold the queue id."""
    return Receipt(state="accepted", code=reply[0], reply=scrubbed(reply[1], address=address))


def refused(reply: Reply, *, address: str, phase: Phase) -> Receipt:
    """Return the receipt of a message that the server did not take.

    A temporary refusal may be retried only before the content was given: some filters say
    4yz after it and deliver all the same. Any other answer before the content counts as a
    temporary refusal, after the content as `unknown`.
    """
    code, words = reply[0], scrubbed(reply[1], address=address)
    if is_permanent(reply):
        return Receipt(state="refused-permanent", code=code, reply=words)
    if phase != "content":
        return Receipt(state="refused-temporary", code=max(code, 0), reply=words, retryable=True)
    if code // _CLASS == _TEMPORARY:
        return Receipt(state="refused-temporary", code=code, reply=words)
    return Receipt(state="unknown", code=max(code, 0), reply=words)


def lost_before_the_end() -> Receipt:
    """Return the receipt of a message whose last line never left: sending again is safe."""
    return Receipt(
        state="refused-temporary",
        reply="the connection was lost before the message was complete",
        retryable=True,
    )


def lost_after_the_end() -> Receipt:
    """Return the receipt of a message that left whole and was not answered (RFC 1047)."""
    return Receipt(
        state="unknown",
        reply="the connection was lost after the message was complete, before the answer",
    )
