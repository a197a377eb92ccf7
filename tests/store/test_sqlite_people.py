from __future__ import annotations

from pathlib import Path

import pytest

from ccir.errors import StoreDamagedError
from ccir.store.interface import Stores
from ccir.store.sqlite import MEMBER
from ccir.store.sqlite_driver import connect
from support.stores import opened, recipients

RUN = "INC-2026-0001"


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return opened(MEMBER, tmp_path)


def statement(folder: Path, text: str, *values: object) -> None:
    connection = connect(folder / ".ccir" / "people.db")
    connection.execute(text, values)
    connection.close()


def test_what_was_erased_is_overwritten_on_the_disk(tmp_path: Path, stores: Stores) -> None:
    sealed = stores.people.seal(RUN, "x" * 10_000)
    path = tmp_path / ".ccir" / "people.db"
    connection = connect(path)
    (box,) = connection.execute("SELECT box FROM texts").fetchone()
    connection.close()
    samples = [box[start : start + 64] for start in range(0, 9_000, 500)]

    def kept() -> list[bytes]:
        octets = b"".join(each.read_bytes() for each in path.parent.glob("people.db*"))
        return [sample for sample in samples if sample in octets]

    assert len(kept()) > len(samples) / 2, "the box was found before"
    stores.people.erase(sealed.ref)
    assert kept() == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE texts SET box = x'00' WHERE ref = ?",
        "UPDATE texts SET run = 'INC-2026-0002' WHERE ref = ?",
        "UPDATE texts SET box = (SELECT box FROM texts ORDER BY ref = ?1 LIMIT 1) WHERE ref = ?1",
    ],
    ids=["changed", "moved to another run", "taken from another text"],
)
def test_a_text_that_was_changed_is_refused(tmp_path: Path, stores: Stores, change: str) -> None:
    sealed, other = stores.people.seal(RUN, "this"), stores.people.seal(RUN, "that")
    statement(tmp_path, change, sealed.ref)
    with pytest.raises(StoreDamagedError, match="was changed"):
        stores.people.unseal(sealed)
    assert stores.people.damaged([sealed, other]) == [sealed.ref]


def test_a_text_whose_row_was_removed_is_lost_and_not_erased(
    tmp_path: Path, stores: Stores
) -> None:
    sealed, erased = stores.people.seal(RUN, "this"), stores.people.seal(RUN, "that")
    stores.people.erase(erased.ref)
    statement(tmp_path, "DELETE FROM texts WHERE ref = ?", sealed.ref)
    assert stores.people.damaged([sealed, erased]) == [sealed.ref]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE recipients SET box = x'00' WHERE row = 2",
        "UPDATE recipients SET row = 9 WHERE row = 2",
        "UPDATE lists SET run = 'INC-2026-0002'",
        "UPDATE recipients SET box = (SELECT box FROM recipients WHERE row = 1) WHERE row = 2",
    ],
    ids=["changed", "moved", "given to another run", "taken from another row"],
)
def test_a_recipient_who_was_changed_is_not_written_to(
    tmp_path: Path, stores: Stores, change: str
) -> None:
    stores.people.add_list(RUN, "list", recipients(3))
    statement(tmp_path, change)
    with pytest.raises(StoreDamagedError, match="was changed"):
        [*stores.people.recipients("list")]
