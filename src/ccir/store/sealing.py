"""Seals bytes so that only this installation opens them, and hashes what could be guessed.

AES-256-GCM (NIST SP 800-38D) with keys derived by HKDF-SHA256 (RFC 5869), one per purpose.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Literal

from ccir.entropy import Entropy
from ccir.errors import StoreDamagedError
from ccir.store.installation_key import KEY_BYTES, InstallationKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12

Purpose = Literal["texts", "recipients", "addresses", "lists", "key-check"]


class Sealer:
    """Closes and opens boxes with the installation's key.

    cryptography is imported in its methods only: `ccir status` seals nothing.
    """

    def __init__(self, key: InstallationKey, *, entropy: Entropy) -> None:
        self._key = key
        self._entropy = entropy
        self._derived: dict[Purpose, bytes] = {}

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

    def _cipher(self, purpose: Purpose) -> AESGCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._derive(purpose))

    def _derive(self, purpose: Purpose) -> bytes:
        if purpose not in self._derived:
            from cryptography.hazmat.primitives.hashes import SHA256
            from cryptography.hazmat.primitives.kdf.hkdf import HKDF

            info = f"ccir {purpose} 1".encode()
            hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info)
            self._derived[purpose] = hkdf.derive(self._key.reveal())
        return self._derived[purpose]
