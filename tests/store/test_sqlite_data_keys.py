from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pyrage
import pytest

from ccir.domain.notices import Recipient
from ccir.errors import InvalidDocumentError, RefusedError, StoreDamagedError, UnavailableError
from ccir.store.interface import Stores
from ccir.store.people_interface import KeyHolders
from ccir.store.sqlite import MEMBER
from ccir.store.sqlite_list_writing import ListSealers, write_list
from ccir.store.sqlite_people import SqlitePeople
from support.stores import opened, recipients

RUN, OTHER = "INC-2026-0001", "INC-2026-0002"
Identity = pyrage.x25519.Identity


def stores_in(folder: Path, holders: KeyHolders | None = None) -> Stores:
    stores = opened(MEMBER, folder)
    stores.people.set_holders(holders or KeyHolders())
    return stores


def key_file(folder: Path, identity: object, *, mode: int = 0o600) -> Path:
    path = folder / "holder.key"
    path.touch(mode=mode)
    path.write_text(f"# created today\n{identity}\n", encoding="utf-8")
    path.chmod(mode)
    return path


def listed(stores: Stores, run: str = RUN, name: str = "list") -> list[Recipient]:
    stores.people.add_list(run, name, recipients(3))
    return [*stores.people.recipients(name)]


def columns(folder: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / ".ccir" / "people.db")) as database:
        found = database.execute(statement).fetchall()
        database.commit()
        return found


def test_each_run_has_a_key_of_its_own_that_stands_nowhere_in_the_clear(tmp_path: Path) -> None:
    stores = stores_in(tmp_path)
    assert listed(stores) == listed(stores, OTHER, "another") == [*recipients(3)]
    [(_, first, _), (_, second, _)] = columns(tmp_path, "SELECT run, box, age FROM data_keys")
    assert first != second
    again = stores_in(tmp_path)
    assert [*again.people.recipients("list")] == [*recipients(3)]
    assert again.people.recipient("another", 2).row == 2


def test_a_box_of_one_run_does_not_open_in_another(tmp_path: Path) -> None:
    stores = stores_in(tmp_path)
    listed(stores)
    listed(stores, OTHER, "another")
    stores.close()
    columns(tmp_path, "UPDATE data_keys SET box = (SELECT box FROM data_keys WHERE run LIKE '%2')")
    with pytest.raises(StoreDamagedError):
        [*stores_in(tmp_path).people.recipients("list")]


def test_a_run_whose_key_was_destroyed_has_no_list_any_more(tmp_path: Path) -> None:
    stores = stores_in(tmp_path)
    listed(stores)
    stores.close()
    columns(tmp_path, "UPDATE data_keys SET box = NULL")
    with pytest.raises(StoreDamagedError, match="was destroyed"):
        stores_in(tmp_path).people.recipients("list")


def test_a_list_of_an_older_ccir_opens_with_the_installations_key(tmp_path: Path) -> None:
    people = stores_in(tmp_path).people
    assert isinstance(people, SqlitePeople)
    sealers = ListSealers(boxes=people._sealer, digests=people._sealer)
    write_list(people._file, sealers, run=RUN, list_id="list", items=recipients(3))
    columns(tmp_path, "UPDATE lists SET has_data_key = 0")
    later = stores_in(tmp_path)
    assert [*later.people.recipients("list")] == [*recipients(3)]
    assert listed(later, name="another") == [*recipients(3)], "of the same run, with its own key"


@pytest.mark.parametrize("holder", [0, 1])
def test_what_is_sealed_to_two_holders_opens_for_each_of_them_and_nobody_else(
    tmp_path: Path, *, holder: int
) -> None:
    both = [Identity.generate(), Identity.generate()]
    public = tuple(str(each.to_public()) for each in both)
    stores = stores_in(tmp_path, KeyHolders(public_keys=public))
    assert listed(stores) == [*recipients(3)], "who made it has the key at hand"
    [(box, _)] = columns(tmp_path, "SELECT box, age FROM data_keys")
    assert box is None, "the installation's key opens nothing of it"
    with pytest.raises(UnavailableError, match="sealed to people"):
        stores_in(tmp_path).people.recipients("list")
    identity = key_file(tmp_path, both[holder])
    opened_by = stores_in(tmp_path, KeyHolders(public_keys=public, identity=identity))
    assert [*opened_by.people.recipients("list")] == [*recipients(3)]
    stranger = key_file(tmp_path, Identity.generate())
    with pytest.raises(UnavailableError, match="no key in"):
        stores_in(tmp_path, KeyHolders(identity=stranger)).people.recipients("list")


def test_a_key_file_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    mine = Identity.generate()
    holders = KeyHolders(public_keys=(str(mine.to_public()),))
    listed(stores_in(tmp_path, holders))
    open_to_all = key_file(tmp_path, mine, mode=0o644)
    with pytest.raises(RefusedError, match="is open to others"):
        stores_in(tmp_path, KeyHolders(identity=open_to_all)).people.recipients("list")
    empty = tmp_path / "empty"
    empty.touch(mode=0o600)
    with pytest.raises(InvalidDocumentError, match="holds no age key"):
        stores_in(tmp_path, KeyHolders(identity=empty)).people.recipients("list")
    garbled = tmp_path / "garbled"
    garbled.touch(mode=0o600)
    garbled.write_text("AGE-SECRET-KEY-1NOTHING\n", encoding="utf-8")
    with pytest.raises(InvalidDocumentError, match="holds no age key"):
        stores_in(tmp_path, KeyHolders(identity=garbled)).people.recipients("list")
    with pytest.raises(UnavailableError, match="cannot be read"):
        stores_in(tmp_path, KeyHolders(identity=tmp_path / "no")).people.recipients("list")


def test_a_holder_that_is_no_public_key_makes_no_list(tmp_path: Path) -> None:
    stores = stores_in(tmp_path, KeyHolders(public_keys=("age1nobody",)))
    with pytest.raises(InvalidDocumentError, match="'age1nobody' in"):
        stores.people.add_list(RUN, "list", recipients(3))
    assert columns(tmp_path, "SELECT * FROM data_keys") == []
