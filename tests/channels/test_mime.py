from __future__ import annotations

import datetime as dt
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.channels.interface import Message
from ccir.channels.mime import (
    LIMIT_SUBJECT,
    Letterhead,
    assemble,
    has_control_character,
    is_address,
)
from ccir.errors import InvalidDocumentError
from support.mail import ADDRESS, SENDER, SENT_AT, message

HEAD = Letterhead(sender=SENDER)
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Content-Language",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
]
TRICKS = st.sampled_from(
    ["\r\n", "\n", "\r", "Bcc: all@x.example", "=?utf-8?q?=0A?=", "\u2028", "\x85", ".", " ", "…"]
)
ANYTHING = st.lists(st.characters(exclude_categories=()) | TRICKS, max_size=80).map("".join)


def parsed(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def body(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body((subtype,))
    assert part is not None
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


def normal(text: str) -> str:
    whole = text.encode("utf-8", "replace").decode()
    return whole.replace("\r\n", "\n").replace("\r", "\n")


def is_well_formed(content: bytes) -> bool:
    """Whether lines end in CRLF only, are 7-bit and of the length that every server takes."""
    lines = content.split(b"\r\n")
    return (
        content.isascii()
        and content.endswith(b"\r\n")
        and all(len(line) <= 998 and not re.search(rb"[\r\n\0]", line) for line in lines)
    )


def test_a_mail_says_who_to_whom_what_and_when() -> None:
    head = Letterhead(sender=SENDER, sender_name="Contact centre", reply_to="help@centre.example")
    mail = parsed(assemble(message(subject="Hello", html="<p>Hello</p>"), head))
    assert mail["From"] == "Contact centre <incident@centre.example>"
    assert mail["To"].addresses[0].addr_spec == ADDRESS
    assert mail["Reply-To"].addresses[0].addr_spec == "help@centre.example"
    assert mail["Subject"] == "Hello"
    assert parsedate_to_datetime(mail["Date"]) == SENT_AT
    assert mail["Message-ID"] == "<ccir.1@centre.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    assert mail.get_content_type() == "multipart/alternative"


def test_the_same_message_is_the_same_bytes_and_another_is_not() -> None:
    first = assemble(message(html="<p>x</p>"), HEAD)
    assert assemble(message(html="<p>x</p>"), HEAD) == first
    assert assemble(message(html="<p>x</p>", number=2), HEAD) != first


@given(subject=ANYTHING, text=ANYTHING, html=ANYTHING)
def test_no_text_gets_out_of_its_place(subject: str, text: str, html: str) -> None:
    try:
        content = assemble(message(subject=subject, text=text, html=html), HEAD)
    except InvalidDocumentError:
        assert has_control_character(subject) or len(subject) > LIMIT_SUBJECT
        return
    mail = parsed(content)
    assert is_well_formed(content)
    assert mail.keys() == (HEADERS[:-1] if html else HEADERS)
    assert not mail.defects
    assert mail["Subject"] == subject
    parts = [part.get_content_type() for part in mail.walk()]
    if html:
        assert parts == ["multipart/alternative", "text/plain", "text/html"]
        assert (body(mail, "plain"), body(mail, "html")) == (normal(text), normal(html))
    else:
        assert parts == ["text/plain"]
        assert body(mail, "plain") == normal(text) + "\n"


@given(name=ANYTHING)
def test_no_sender_name_gets_out_of_its_header(name: str) -> None:
    head = Letterhead(sender=SENDER, sender_name=name)
    try:
        mail = parsed(assemble(message(), head))
    except InvalidDocumentError:
        assert has_control_character(name)
        return
    assert mail.keys() == HEADERS
    (sender,) = mail["From"].addresses
    assert sender.addr_spec == SENDER
    # The parser before Python 3.13 keeps the white space between two encoded words.
    assert "".join(sender.display_name.split()) == "".join(name.split())


@given(address=ANYTHING, before=st.sampled_from(["", "ada@", "ada"]))
def test_no_address_gets_out_of_its_header(address: str, before: str) -> None:
    to = f"{before}{address}"
    try:
        mail = parsed(assemble(message(to=to), HEAD))
    except InvalidDocumentError:
        assert not is_address(to)
        return
    assert mail.keys() == HEADERS
    assert [entry.addr_spec for entry in mail["To"].addresses] == [to]


@pytest.mark.parametrize(
    "unfit",
    [
        {"subject": "Your data\r\nBcc: all@x.example"},
        {"subject": "x" * (LIMIT_SUBJECT + 1)},
        {"subject": "evil \u202etxt.exe"},
        {"to": "a@x.example,b@x.example"},
        {"to": "a@x.example\r\nBcc: b@x.example"},
        {"message_id": "a@b>\r\nBcc: x"},
        {"message_id": "ccir.1"},
        {"language": "en\r\nBcc: x"},
        {"language": ""},
    ],
)
def test_what_would_leave_its_header_is_refused(unfit: dict[str, object]) -> None:
    changed = msgspec.structs.replace(message(), **unfit)
    with pytest.raises(InvalidDocumentError, match="cannot stand in a mail's header"):
        assemble(changed, HEAD)


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (Letterhead(sender="nobody"), "sender's address"),
        (Letterhead(sender=SENDER, sender_name="a\nb"), "sender's name"),
        (Letterhead(sender=SENDER, reply_to="a, b"), "reply address"),
    ],
)
def test_an_unfit_letterhead_is_named(head: Letterhead, what: str) -> None:
    with pytest.raises(InvalidDocumentError, match=f"the {what} cannot stand"):
        assemble(message(), head)


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "Grüße",
        "Zoë " * 60,
        "=?utf-8?q?not_encoded?=",
        "x" * LIMIT_SUBJECT,
        " padded ",
        "👩‍🚒" * 20,
    ],
)
def test_a_subject_is_read_back_as_it_was_written(subject: str) -> None:
    content = assemble(message(subject=subject), HEAD)
    assert parsed(content)["Subject"] == subject
    assert max(len(line) for line in content.partition(b"\r\n\r\n")[0].split(b"\r\n")) <= 76


def test_a_text_cannot_end_its_part() -> None:
    boundary = re.search(rb'boundary="([^"]+)"', assemble(message(html="<p>"), HEAD))
    assert boundary is not None
    text = f"before\n--{boundary[1].decode()}--\nafter"
    mail = parsed(assemble(message(text=text, html="<p>x</p>"), HEAD))
    assert body(mail, "plain") == text
    assert body(mail, "html") == "<p>x</p>"


@pytest.mark.parametrize(
    "address",
    ["a@b", "ada.lovelace+x@mail.example", "o'hara@x.example", f"{'a' * 64}@x.example"],
)
def test_plain_addresses_are_taken(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "a@",
        "@b",
        "a@@b",
        "a b@c",
        "a@b c",
        ".a@b",
        "a.@b",
        "a..c@b",
        "a@-b",
        "a@b.",
        "a@b..c",
        '"a b"@c',
        "<a@b>",
        "a@[127.0.0.1]",
        "ä@b",
        "a@ö.example",
        f"{'a' * 65}@x.example",
        f"a@{'b' * 64}.example",
        f"a@{'b.' * 127}example",
        "a@b\n",
    ],
)
def test_what_is_no_plain_address_is_refused(address: str) -> None:
    assert not is_address(address)


def test_a_date_stands_with_its_own_zone() -> None:
    zone = dt.timezone(dt.timedelta(hours=5, minutes=45))
    local: Message = msgspec.structs.replace(message(), date=SENT_AT.astimezone(zone))
    assert b"Date: Sun, 01 Mar 2026 13:45:00 +0545\r\n" in assemble(local, HEAD)
