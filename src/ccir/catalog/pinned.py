"""A playbook's canonical bytes: what a run stores at its start, and plays until it is closed."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from ccir.domain.playbook import Playbook
from ccir.errors import InvalidDocumentError

_ENCODER: Final = msgspec.json.Encoder(order="sorted")
_DECODER: Final = msgspec.json.Decoder(Playbook)


def canonical(playbook: Playbook) -> bytes:
    """Return the playbook as JSON whose bytes depend on its meaning alone, with sorted keys."""
    return _ENCODER.encode(playbook)


def digest(playbook: Playbook) -> str:
    """Return the SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical(playbook)).hexdigest()


def decode_playbook(octets: bytes) -> Playbook:
    """Return the playbook that the canonical bytes hold.

    Raises:
        InvalidDocumentError: they hold none that this version of ccir understands.
    """
    try:
        return _DECODER.decode(octets)
    except msgspec.DecodeError as error:
        raise InvalidDocumentError(
            f"the pinned playbook cannot be read: {error}",
            hint="use the version of ccir that started the run",
        ) from error
