from __future__ import annotations

import hashlib
import hmac
from typing import get_args

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from ccir.entropy import SeededEntropy
from ccir.errors import StoreDamagedError
from ccir.store.installation_key import InstallationKey
from ccir.store.sealing import NONCE_BYTES, Purpose, Sealer

KEY = bytes(range(32))
LABEL = "INC-2026-0001|1"


def sealer(key: bytes = KEY) -> Sealer:
    return Sealer(InstallationKey(key), entropy=SeededEntropy(1))


def box(content: bytes = b"a text") -> bytes:
    return sealer().close_box(content, purpose="texts", label=LABEL)


def opened(sealed: bytes, *, purpose: Purpose = "texts", label: str = LABEL) -> bytes:
    return sealer().open_box(sealed, purpose=purpose, label=label)


@given(content=st.binary(), label=st.text())
def test_what_is_put_into_a_box_comes_out_of_it(content: bytes, label: str) -> None:
    sealed = sealer().close_box(content, purpose="texts", label=label)
    assert opened(sealed, label=label) == content


@given(at=st.integers(0, len(box()) - 1), bit=st.integers(0, 7))
def test_a_box_of_which_one_bit_was_changed_stays_closed(at: int, bit: int) -> None:
    changed = bytearray(box())
    changed[at] ^= 1 << bit
    with pytest.raises(StoreDamagedError, match="was changed"):
        opened(bytes(changed))


@given(length=st.integers(0, len(box()) - 1))
def test_a_box_that_was_cut_stays_closed(length: int) -> None:
    with pytest.raises(StoreDamagedError, match="was changed"):
        opened(box()[:length])


def test_a_box_opens_only_in_its_own_place() -> None:
    with pytest.raises(StoreDamagedError, match=r"INC-2026-0001\|2 was changed"):
        opened(box(), label="INC-2026-0001|2")
    with pytest.raises(StoreDamagedError):
        opened(box(), purpose="recipients")


def test_a_box_of_another_installation_stays_closed() -> None:
    sealed = sealer(bytes(32)).close_box(b"a text", purpose="texts", label=LABEL)
    with pytest.raises(StoreDamagedError):
        opened(sealed)


def test_the_same_content_makes_another_box_each_time() -> None:
    one = sealer()
    boxes = {one.close_box(b"same", purpose="texts", label=LABEL) for _ in range(50)}
    assert len({sealed[:NONCE_BYTES] for sealed in boxes}) == 50


def test_a_box_is_aes_256_gcm_under_a_key_by_hkdf_sha256() -> None:
    # RFC 5869 by hand: extract with a salt of zeros, then the first block of expand.
    extracted = hmac.digest(bytes(32), KEY, "sha256")
    derived = hmac.digest(extracted, b"ccir texts 1\x01", "sha256")
    sealed = box()
    nonce, rest = sealed[:12], sealed[12:]
    assert AESGCM(derived).decrypt(nonce, rest, LABEL.encode()) == b"a text"


def test_each_purpose_has_a_key_of_its_own() -> None:
    one = sealer()
    purposes: tuple[Purpose, ...] = get_args(Purpose)
    assert len({one.keyed_hash(purpose).hexdigest() for purpose in purposes}) == len(purposes)


def test_a_keyed_hash_needs_the_key() -> None:
    hashed = sealer().keyed_hash("addresses")
    again = sealer().keyed_hash("addresses")
    hashed.update(b"a@b.example")
    again.update(b"a@b.example")
    assert hashed.hexdigest() == again.hexdigest()
    assert hashed.hexdigest() != hashlib.sha256(b"a@b.example").hexdigest()
    other = sealer(bytes(32)).keyed_hash("addresses")
    other.update(b"a@b.example")
    assert other.hexdigest() != hashed.hexdigest()


@given(st.binary(max_size=200))
def test_the_hash_of_one_content_is_hmac_sha256(content: bytes) -> None:
    one = sealer()
    fed = one.keyed_hash("addresses")
    fed.update(content)
    assert one.hash_of(content, purpose="addresses") == fed.hexdigest()
