"""The id of a message: the same whenever the same notice goes to the same recipient."""

from __future__ import annotations

import hashlib

import msgspec

from ccir.domain.ledger import NoticeKey

_DIGITS = 40  # of SHA-256 in hex: 160 bits


def message_id(notice: NoticeKey, recipient_key: str, *, domain: str) -> str:
    """Return the id, without angle brackets, of a notice's message to one recipient.

    A corrected notice is another version, so that no mailbox takes it for the old one.
    """
    parts = (notice.run, notice.notice, notice.version, notice.channel, recipient_key)
    digest = hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
    return f"ccir.{digest[:_DIGITS]}@{domain}"
