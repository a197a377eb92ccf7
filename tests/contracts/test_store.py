"""The contract of every store; `member` is a `StoreFactory`."""

from __future__ import annotations

from ccir.store.interface import StoreFactory


def test_its_library_has_a_name(member: StoreFactory) -> None:
    assert member.library().name
