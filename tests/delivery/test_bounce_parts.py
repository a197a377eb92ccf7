from __future__ import annotations

from email import message_from_bytes
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.delivery.bounce_parts import (
    LIMIT_DEPTH,
    LIMIT_FIELDS,
    LIMIT_PARTS,
    Fields,
    leaves,
    part_of,
)
from support import bounces

TO = "bounces@example.org"


def mixed(*parts: bytes, boundary: bytes = b"B") -> bytes:
    head = b"Content-Type: multipart/mixed; boundary=" + boundary + b"\n\n"
    inner = b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts)
    return head + inner + b"--" + boundary + b"--\nepilogue\n"


def theirs_of(part: Message) -> list[str]:
    """The kinds of the parts that hold no parts, not looking into mails."""
    payload = part.get_payload()
    if part.get_content_maintype() != "multipart" or not isinstance(payload, list):
        return [part.get_content_type()]
    return [kind for each in payload if isinstance(each, Message) for kind in theirs_of(each)]


@pytest.mark.parametrize(
    "mail",
    [
        bounces.postfix(TO),
        bounces.exim(TO),
        bounces.exchange(TO),
        bounces.gmail(TO),
        bounces.complaint(TO),
        bounces.out_of_office(TO),
    ],
    ids=["postfix", "exim", "exchange", "gmail", "complaint", "out of office"],
)
def test_real_mails_have_the_parts_that_the_standard_library_finds(mail: bytes) -> None:
    ours = [part.kind for part in leaves(part_of(mail))]
    assert ours == theirs_of(message_from_bytes(mail))


def test_fields_are_unfolded_and_told_apart_whatever_their_case() -> None:
    fields = Fields(b"From nobody Fri Jan 2\nSubject: one\r\n two\nX-A : 1\nx-a: 2\nno field\n")
    assert fields.first("subject") == "one two"
    assert fields.all("x-a", "subject") == ["1", "2", "one two"]
    assert fields.first("from") == ""
    assert not Fields(b"")


def test_a_header_has_no_more_fields_than_the_bound() -> None:
    fields = Fields(b"".join(b"X-%d: v\n" % number for number in range(2 * LIMIT_FIELDS)))
    assert fields.first(f"x-{LIMIT_FIELDS - 1}") == "v"
    assert fields.first(f"x-{LIMIT_FIELDS}") == ""


@pytest.mark.parametrize(
    ("encoding", "octets"),
    [
        ("base64", b"QWN0aW9uOiBmYWlsZWQ="),
        ("quoted-printable", b"Action: fail=\ned"),
        ("8bit", b"Action: failed"),
    ],
)
def test_a_parts_content_is_decoded(encoding: str, octets: bytes) -> None:
    part = part_of(b"Content-Transfer-Encoding: " + encoding.encode() + b"\n\n" + octets)
    assert part.body == b"Action: failed"


def test_what_is_badly_encoded_stays_as_it_is() -> None:
    assert part_of(b"Content-Transfer-Encoding: base64\n\nA").body == b"A"


def test_groups_of_fields_are_told_apart_by_empty_lines() -> None:
    part = part_of(b"\n\nReporting-MTA: dns; a\n \n\nAction: failed\r\n\r\nAction: delayed\n")
    assert [block.first("action") for block in part.blocks] == ["", "failed", "delayed"]


def test_parts_without_end_or_header_or_content_are_found() -> None:
    mail = (
        b'Content-Type: multipart/mixed; boundary="a b"\n\npreamble\n--a b  \n\nfirst\n--a b\n--a b'
    )
    assert [part.octets for part in leaves(part_of(mail))] == [b"first", b"", b""]


def test_a_digest_holds_mails() -> None:
    mail = mixed(b"\nSubject: inner\n\ntext").replace(b"mixed", b"digest")
    assert [part.kind for part in leaves(part_of(mail))] == ["message/rfc822"]


def test_a_part_that_does_not_say_where_its_parts_end_is_one() -> None:
    mail = part_of(b"Content-Type: multipart/mixed\n\n--B\n\ntext\n")
    assert leaves(mail) == [mail]


def test_parts_in_parts_end_at_the_bound() -> None:
    mail = b"\nthe innermost"
    for level in range(3 * LIMIT_DEPTH):
        mail = mixed(mail, boundary=b"B%d" % level)
    [part] = leaves(part_of(mail))
    assert part.kind == "multipart/mixed"


def test_no_more_parts_are_looked_at_than_the_bound() -> None:
    assert len(leaves(part_of(mixed(*[b"\ntext"] * 1_000)))) == LIMIT_PARTS


@given(st.binary(max_size=600))
def test_any_bytes_are_taken_apart(octets: bytes) -> None:
    for part in leaves(part_of(b"Content-Type: multipart/mixed; boundary=B\n\n" + octets)):
        assert part.body is not None
        assert all(part.blocks)
