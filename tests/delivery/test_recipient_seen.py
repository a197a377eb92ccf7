from __future__ import annotations

import hashlib

from ccir.delivery.recipient_seen import LIMIT_VARIANTS_SHOWN, Seen, Variant
from ccir.domain.notices import Recipient


def key_of(address: str) -> str:
    return hashlib.sha256(address.lower().encode()).hexdigest()


def seen(*addresses: str) -> Seen:
    found = Seen(key_of)
    for row, address in enumerate(addresses, start=1):
        person = Recipient(row=row, address=address, name="", language="en")
        found.add(key_of(address), person, is_kept=True)
    return found


def test_an_address_is_known_by_its_first_row_and_whether_that_is_kept() -> None:
    found = seen("a@x.example", "b@x.example")
    found.withdraw(key_of("b@x.example"))
    rows = [found.first(key_of(f"{name}@x.example")) for name in "abc"]
    assert rows == [1, -2, None]


def test_other_spellings_of_a_mailbox_are_found_in_either_order() -> None:
    found = seen("ada@x.example", "ada+news@x.example", "eve+a@x.example", "eve@x.example")
    assert found.variants == [Variant(row=2, of=1), Variant(row=4, of=3)]
    dotted = seen("a.da@gmail.com", "ad.a@googlemail.com", "ada@gmail.com", "ad.a@x.example")
    assert dotted.variants == [Variant(row=2, of=1), Variant(row=3, of=1)]


def test_the_same_local_part_at_another_host_is_another_mailbox() -> None:
    assert seen("ada@x.example", "ada@y.example", "a.da@x.example").variants_count == 0


def test_variants_are_all_counted_and_the_first_ones_kept() -> None:
    found = seen(*(f"ada+{number}@x.example" for number in range(LIMIT_VARIANTS_SHOWN + 5)))
    assert found.variants_count == LIMIT_VARIANTS_SHOWN + 4
    assert len(found.variants) == LIMIT_VARIANTS_SHOWN
