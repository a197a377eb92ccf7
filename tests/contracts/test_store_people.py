"""The contract of every store for texts and recipients; `member` is a `StoreFactory`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccir.domain.notices import Recipient
from ccir.errors import ConflictError, NotFoundError, RefusedError, StoreDamagedError
from ccir.store.interface import StoreFactory, Stores
from ccir.store.people_interface import People
from support.stores import NOTICE, begin, note, opened, recipients

RUN = "INC-2026-0001"
LIST = "customers-1"
MEBIBYTE = 1_048_576
A_FIXTURE_FOR_ALL = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def stores(member: StoreFactory, tmp_path: Path) -> Stores:
    return opened(member, tmp_path)


@pytest.fixture
def people(stores: Stores) -> People:
    return stores.people


def every_byte_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


# ---------------------------------------------------------------------------------- sealed texts


@given(text=st.text())
@A_FIXTURE_FOR_ALL
def test_any_text_is_unsealed_as_it_was(people: People, text: str) -> None:
    assert people.unseal(people.seal(RUN, text)) == text


@given(content=st.binary(max_size=5_000))
@A_FIXTURE_FOR_ALL
def test_any_bytes_are_unsealed_as_they_were(people: People, content: bytes) -> None:
    assert people.unseal_bytes(people.seal_bytes(RUN, content)) == content


def test_nothing_sealed_can_be_read_from_the_files(stores: Stores, tmp_path: Path) -> None:
    begin(stores.events)
    sealed = stores.people.seal(RUN, "Ms Example's card was shown")
    stores.events.append(RUN, [note(sealed)], expected=1, key="note")
    stores.people.add_list(RUN, LIST, recipients(3))
    stores.ledger.plan(
        NOTICE, [(one.row, stores.people.key_of(one.address)) for one in recipients(3)]
    )
    stores.close()
    octets = every_byte_in(tmp_path)
    assert sealed.ref.encode() in octets, "the files were looked at"
    for secret in (b"Example", b"customers.example", b"Person"):
        assert secret not in octets


def test_a_guessable_text_has_another_digest_each_time(people: People) -> None:
    first, second = people.seal(RUN, "yes"), people.seal(RUN, "yes")
    assert first.digest != second.digest
    assert first.ref != second.ref


def test_an_erased_text_is_gone_and_leaves_the_chain_whole(stores: Stores) -> None:
    begin(stores.events)
    sealed, kept = stores.people.seal(RUN, "erase me"), stores.people.seal(RUN, "keep me")
    stores.events.append(RUN, [note(sealed), note(kept)], expected=1, key="note")
    lines = stores.events.lines(RUN)
    stores.people.erase(sealed.ref)
    stores.people.erase(sealed.ref)
    assert stores.people.unseal(sealed) is None
    assert stores.people.unseal(kept) == "keep me"
    assert stores.people.damaged([sealed, kept]) == [], "erasing is no damage"
    assert stores.events.lines(RUN) == lines
    assert stores.events.verify() == []


def test_a_text_that_is_lost_is_told_as_damage_and_not_as_text(people: People) -> None:
    sealed = people.seal(RUN, "here")
    lost = msgspec.structs.replace(sealed, ref="0" * 32)
    assert people.unseal(lost) is None
    assert people.damaged([sealed, lost]) == [lost.ref]


def test_a_text_that_is_not_the_one_in_the_log_is_refused(people: People) -> None:
    sealed, other = people.seal(RUN, "this"), people.seal(RUN, "that")
    mixed = msgspec.structs.replace(sealed, digest=other.digest)
    with pytest.raises(StoreDamagedError, match="not the one in the log"):
        people.unseal(mixed)
    assert people.damaged([sealed, mixed, other]) == [mixed.ref]


def test_more_than_the_limit_is_not_sealed(people: People) -> None:
    with pytest.raises(RefusedError, match="at most 67108864 can be sealed"):
        people.seal_bytes(RUN, bytes(64 * MEBIBYTE + 1))


# ------------------------------------------------------------------------------------ recipients


def test_a_list_is_read_back_in_its_order_with_its_columns(people: People) -> None:
    listed = [
        Recipient(
            row=2, address="b@x.example", name="Bé", language="fr", columns={"city": "Brühl"}
        ),
        Recipient(row=1, address="a@x.example", name="", language="de"),
    ]
    summary = people.add_list(RUN, LIST, listed)
    assert [*people.recipients(LIST)] == sorted(listed, key=lambda one: one.row)
    assert (summary.id, summary.count, summary.languages) == (LIST, 2, {"de": 1, "fr": 1})


def test_thousands_of_recipients_are_kept_and_read_as_a_stream(people: People) -> None:
    listed = recipients(2_500)
    summary = people.add_list(RUN, LIST, iter(listed))
    stream = people.recipients(LIST)
    assert next(stream) == listed[0]
    assert [*stream] == listed[1:]
    assert (summary.count, summary.languages) == (2_500, {"de": 1_667, "en": 833})


def test_one_recipient_is_found_by_her_row(people: People) -> None:
    people.add_list(RUN, LIST, recipients(3))
    assert people.recipient(LIST, 2).address == "person2@customers.example"
    with pytest.raises(NotFoundError, match="has no row 4"):
        people.recipient(LIST, 4)


def test_a_list_that_is_not_there_is_named_at_once(people: People) -> None:
    with pytest.raises(NotFoundError, match="'nobody'"):
        people.recipients("nobody")
    with pytest.raises(NotFoundError, match="'nobody'"):
        people.recipient("nobody", 1)


def test_the_same_list_again_changes_nothing(people: People) -> None:
    first = people.add_list(RUN, LIST, recipients(3))
    assert people.add_list(RUN, LIST, recipients(3)) == first
    assert len([*people.recipients(LIST)]) == 3


def test_another_list_of_the_same_id_is_a_conflict(people: People) -> None:
    people.add_list(RUN, LIST, recipients(3))
    for other in (recipients(2), recipients(4), [*reversed(recipients(3))]):
        with pytest.raises(ConflictError, match=f"kept as '{LIST}'"):
            people.add_list(RUN, LIST, other)
    assert [*people.recipients(LIST)] == recipients(3)


def test_a_list_that_breaks_off_is_not_kept(people: People) -> None:
    def broken() -> Iterator[Recipient]:
        yield from recipients(2)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        people.add_list(RUN, LIST, broken())
    with pytest.raises(NotFoundError):
        people.recipients(LIST)
    assert people.add_list(RUN, LIST, recipients(3)).count == 3


def test_spellings_of_one_address_are_one_person(people: People) -> None:
    spellings = ("anna@mail.example", " Anna@MAIL.example\n", "\uff41nna@mail.example")
    keys = {people.key_of(address) for address in spellings}
    assert len(keys) == 1
    assert people.key_of("hanna@mail.example") not in keys


def test_another_installation_hashes_and_seals_with_another_key(
    member: StoreFactory, tmp_path: Path, people: People
) -> None:
    elsewhere = opened(member, tmp_path / "elsewhere", seed=2).people
    assert elsewhere.key_of("a@b.example") != people.key_of("a@b.example")
    first, second = (one.add_list(RUN, LIST, recipients(2)) for one in (people, elsewhere))
    assert first.digest != second.digest
