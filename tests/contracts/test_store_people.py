"""The contract of every store for texts and recipients; `member` is a `StoreFactory`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccir.domain.manual_queue import Decision, ListItem, Queued, Withdrawn
from ccir.domain.notices import Recipient
from ccir.errors import ConflictError, NotFoundError, RefusedError, StoreDamagedError
from ccir.store.interface import StoreFactory, Stores
from ccir.store.people_interface import People, PlaceCount
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


# --------------------------------------------------------------------- counts, queue and blocks


def test_a_list_keeps_its_counts_beside_it(people: People) -> None:
    listed = [
        Recipient(row=1, address="a@x.example", name="", language="de", country="DE"),
        Recipient(
            row=2, address="b@x.example", name="", language="de", country="US", subdivision="US-CA"
        ),
        Recipient(row=3, address="c@x.example", name="", language="en", channel="post"),
    ]
    summary = people.add_list(RUN, LIST, listed)
    assert people.list_summary(LIST) == summary
    assert summary.places == (
        PlaceCount(country="", subdivision="", count=1),
        PlaceCount(country="DE", subdivision="", count=1),
        PlaceCount(country="US", subdivision="US-CA", count=1),
    )
    assert summary.channels == {"": 2, "post": 1}
    with pytest.raises(NotFoundError):
        people.list_summary("nobody")


def test_who_waits_is_kept_apart_and_counted_apart(stores: Stores, tmp_path: Path) -> None:
    people = stores.people
    first, second, third = recipients(3)
    queued = Queued(recipient=second, reasons=("deceased", "minor"))
    withdrawn = Withdrawn(row=3, reasons=("legal-hold",))
    items: list[ListItem] = [first, queued, third, withdrawn]
    summary = people.add_list(RUN, LIST, items)
    assert [*people.recipients(LIST)] == [first]
    assert [*people.queue(LIST)] == [queued, Queued(recipient=third, reasons=("legal-hold",))]
    assert (summary.count, summary.languages) == (1, {"de": 1})
    assert summary.queued == {"deceased": 1, "legal-hold": 1}
    assert people.add_list(RUN, LIST, items) == summary, "the same again changes nothing"
    stores.close()
    assert b"customers.example" not in every_byte_in(tmp_path)


def test_who_is_withdrawn_without_a_reason_is_left_out(people: People) -> None:
    summary = people.add_list(RUN, LIST, [*recipients(2), Withdrawn(row=2, reasons=())])
    assert (summary.count, summary.queued, [*people.queue(LIST)]) == (1, {}, [])


def broken_after(items: Sequence[ListItem]) -> Iterator[ListItem]:
    yield from items
    raise ConnectionError


@pytest.mark.parametrize("at_first", [10_002, 3])
def test_a_list_that_broke_off_goes_on_with_the_blocks_that_are_the_same(
    people: People, at_first: int
) -> None:
    listed = recipients(10_002)
    with pytest.raises(ConnectionError):
        people.add_list(RUN, LIST, broken_after(listed[:at_first]))
    assert people.unfinished_lists() == [LIST]
    summary = people.add_list(RUN, LIST, listed)
    assert people.unfinished_lists() == []
    assert [*people.recipients(LIST)] == listed
    assert people.add_list(RUN, "fresh", listed).digest == summary.digest


def test_a_list_that_broke_off_keeps_nothing_of_another(people: People) -> None:
    before = recipients(20_000)
    queued = [Queued(recipient=one, reasons=("minor",)) for one in before[10_000:]]
    with pytest.raises(ConnectionError):
        people.add_list(RUN, LIST, broken_after([*before[:10_000], *queued]))
    after = [*recipients(10_000), msgspec.structs.replace(before[-1], row=10_001)]
    assert people.add_list(RUN, LIST, after).count == 10_001
    assert [*people.recipients(LIST)] == after
    assert [*people.queue(LIST)] == []


def test_what_broke_off_can_be_discarded_and_what_is_finished_stays(people: People) -> None:
    with pytest.raises(ConnectionError):
        people.add_list(RUN, LIST, broken_after(recipients(3)))
    people.add_list(RUN, "finished", recipients(2))
    for name in (LIST, "finished", "nobody"):
        people.discard_list(name)
    assert people.unfinished_lists() == []
    assert len([*people.recipients("finished")]) == 2
    with pytest.raises(NotFoundError):
        people.queue(LIST)


def test_a_shorter_list_leaves_nothing_behind(people: People) -> None:
    with pytest.raises(ConnectionError):
        people.add_list(RUN, LIST, broken_after(recipients(10_001)))
    assert people.add_list(RUN, LIST, recipients(3)).count == 3
    assert len([*people.recipients(LIST)]) == 3


def test_decisions_are_remembered_by_notice_and_person(people: People) -> None:
    first = Decision(key="a", reasons=("minor", "opt-out"), is_included=True)
    second = Decision(key="b", reasons=("deceased",), is_included=False)
    people.decide_queued(RUN, "customers", [first, second])
    people.decide_queued(RUN, "staff", [second])
    changed = msgspec.structs.replace(second, is_included=True)
    people.decide_queued(RUN, "customers", [changed])
    assert people.queue_decisions(RUN, "customers") == {"a": first, "b": changed}
    assert people.queue_decisions(RUN, "staff") == {"b": second}
    assert people.queue_decisions("INC-2026-0002", "staff") == {}
