"""Seals bytes so that only this installation opens them, and hashes what could be guessed.

AES-256-GCM (NIST SP 800-38D) with keys derived by HKDF-SHA256 (RFC 5869), one per purpose.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Literal

from ccir.entropy import Entropy
from ccir.errors import StoreDamagedError
from ccir.store.installation_key import KEY_BYTES, InstallationKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
_INNER, _OUTER = 0x36, 0x5C  # RFC 2104's ipad and opad

Purpose = Literal[
    "texts", "recipients", "addresses", "lists", "bounces", "key-check", "acks", "data-keys"
]


class Sealer:
    """Closes and opens boxes with the installation's key.

    cryptography is imported in its methods only: `ccir status` seals nothing.
    """

    def __init__(self, key: InstallationKey, *, entropy: Entropy) -> None:
        self._key = key
        self._entropy = entropy
        self._derived: dict[Purpose, bytes] = {}
        self._ciphers: dict[Purpose, AESGCM] = {}
        self._halves: dict[Purpose, tuple[hashlib._Hash, hashlib._Hash]] = {}

    def close_box(self, content: bytes, *, purpose: Purpose, label: str) -> bytes:
        """Return the content encrypted; `label` says which row the box belongs to."""
        nonce = self._entropy.octets(NONCE_BYTES)
        return nonce + self._cipher(purpose).encrypt(nonce, content, label.encode())

    def open_box(self, box: bytes, *, purpose: Purpose, label: str) -> bytes:
        """Return what was put into the box under that label.

        Raises:
            StoreDamagedError: the box was changed, or belongs to another row or installation.
        """
        from cryptography.exceptions import InvalidTag

        nonce, sealed = box[:NONCE_BYTES], box[NONCE_BYTES:]
        try:
            return self._cipher(purpose).decrypt(nonce, sealed, label.encode())
        except (InvalidTag, ValueError) as error:
            raise StoreDamagedError(
                f"what is sealed under {label} was changed",
                hint="run `ccir doctor`; bring .ccir/people.db back from a backup",
            ) from error

    def keyed_hash(self, purpose: Purpose) -> hmac.HMAC:
        """Return an HMAC-SHA256 to feed: nobody without the key can test a guess against it."""
        return hmac.new(self._derive(purpose), digestmod="sha256")

    def hash_of(self, content: bytes, *, purpose: Purpose) -> str:
        """Return the keyed hash of one content in hexadecimal; see `keyed_hash`."""
        # RFC 2104 from the two halves that the key begins: a third of the time of `hmac.digest`.
        halves = self._halves.get(purpose) or self._begun(purpose)
        inner, outer = halves[0].copy(), halves[1].copy()
        inner.update(content)
        outer.update(inner.digest())
        return outer.hexdigest()

    def _begun(self, purpose: Purpose) -> tuple[hashlib._Hash, hashlib._Hash]:
        key = self._derive(purpose).ljust(hashlib.sha256().block_size, b"\0")
        self._halves[purpose] = (
            hashlib.sha256(bytes(octet ^ _INNER for octet in key)),
            hashlib.sha256(bytes(octet ^ _OUTER for octet in key)),
        )
        return self._halves[purpose]

    def _cipher(self, purpose: Purpose) -> AESGCM:
        if purpose not in self._ciphers:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM

            self._ciphers[purpose] = AESGCM(self._derive(purpose))
        return self._ciphers[purpose]

    def _derive(self, purpose: Purpose) -> bytes:
        if purpose not in self._derived:
            from cryptography.hazmat.primitives.hashes import SHA256
            from cryptography.hazmat.primitives.kdf.hkdf import HKDF

            info = f"ccir {purpose} 1".encode()
            hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info)
            self._derived[purpose] = hkdf.derive(self._key.reveal())
        return self._derived[purpose]
