from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.delivery.bounce_tags import LIMIT_TAGS, BounceTags, Tagged, tags_in
from ccir.domain.ledger import LedgerRow


def signing(key: bytes) -> BounceTags:
    return BounceTags(lambda content: hmac.new(key, content, hashlib.sha256).hexdigest())


OURS, THEIRS = signing(b"ours"), signing(b"theirs")


def tag(number: int = 7, row: int = 12, tags: BounceTags = OURS) -> str:
    return tags.tagging(number)(LedgerRow(row=row, recipient_key="ab", state="claimed"))


@given(number=st.integers(1, 10**9), row=st.integers(1, 10**9))
def test_a_tag_comes_back_as_its_row_and_fits_an_envelope(number: int, row: int) -> None:
    made = tag(number, row)
    assert len(f"{'b' * 20}+{made}") <= 64, "RFC 5321's bound for what stands before the @"
    assert tags_in([f"<bounces+{made}@example.org>"]) == (made,)
    assert OURS.verified([made]) == Tagged(number, row)


def test_another_installations_tag_is_none_of_ours() -> None:
    assert THEIRS.verified([tag()]) is None


@given(st.from_regex(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9a-f]{10}", fullmatch=True))
def test_a_guessed_tag_is_not_taken(guess: str) -> None:
    assert OURS.verified([guess]) is None


def test_the_mark_of_one_row_does_not_open_another() -> None:
    mark = tag(row=12).rpartition(".")[2]
    assert OURS.verified([f"7.13.{mark}", f"71.2.{mark}"]) is None


def test_the_first_genuine_tag_counts() -> None:
    assert OURS.verified([tag(tags=THEIRS), tag(row=3)]) == Tagged(7, 3)


@pytest.mark.parametrize(
    "field",
    [
        "Person <BOUNCES+{}@EXAMPLE.ORG>",
        "SRS0=HHHH=TT=example.org=bounces+{}@forwarder.example",
        "bounces+{}=example.org@list.example",
    ],
)
def test_servers_rewrite_addresses_and_the_tag_is_found(field: str) -> None:
    assert tags_in([field.format(tag().upper())]) == (tag(),)


@pytest.mark.parametrize("field", ["bounces@example.org", "b+news@example.org", "b+7.12.0a@e.org"])
def test_what_has_no_such_form_is_no_tag(field: str) -> None:
    assert tags_in([field]) == ()


def test_no_more_tags_are_looked_at_than_the_bound() -> None:
    many = [f"b+1.{row}.0123456789@example.org" for row in range(100)]
    assert len(tags_in([", ".join(many)])) == LIMIT_TAGS
