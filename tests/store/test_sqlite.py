from __future__ import annotations

import pytest

from ccir.store.interface import StoreFactory
from ccir.store.sqlite import SqliteFactory


@pytest.fixture
def member() -> StoreFactory:
    return SqliteFactory()
