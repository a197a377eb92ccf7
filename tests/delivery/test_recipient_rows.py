from __future__ import annotations

import pytest

from ccir.delivery.recipient_lines import UnreadableLineError
from ccir.delivery.recipient_rows import LIMIT_COLUMNS, Header, read_header, read_row
from ccir.domain.notices import Recipient
from ccir.errors import InvalidDocumentError

HEADER = Header(delimiter=",", columns=("email", "name", "language", "account"))
LANGUAGES = {"de": "de", "pt-br": "pt-BR", "en": "en"}


def header(line: bytes) -> Header:
    return read_header(iter([(1, line)]))


def row(line: str) -> Recipient:
    return read_row(line.encode(), HEADER, row=7, languages=LANGUAGES)


@pytest.mark.parametrize(
    ("line", "delimiter"),
    [
        (b"email,name,language,account", ","),
        (b"Email; NAME ;Language;account", ";"),
        (b"email\tname\tlanguage\taccount", "\t"),
        (b'"email","name","language","account"', ","),
    ],
)
def test_a_header_is_read_whatever_stands_between(line: bytes, delimiter: str) -> None:
    assert header(line) == Header(delimiter=delimiter, columns=HEADER.columns)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"email,name", "header lacks language"),
        (b"mail;name", "header lacks email, language"),
        (b"email,name,language,email", r"no template can name: \['email', 'email'\]"),
        (b"email,name,language,First Name", r"no template can name: \['first name'\]"),
        (b"email,name,language,", r"no template can name: \[''\]"),
        (b"email,name,language,__class__", "no template can name"),
        (b'email,name,"language', "header cannot be read: a quotation mark"),
        (b"email,name,language,caf\xe9", "header cannot be read: the line is not UTF-8"),
        (
            b"email,name,language" + b"".join(b",c%d" % n for n in range(LIMIT_COLUMNS)),
            f"no template can name: {LIMIT_COLUMNS + 3}",
        ),
    ],
)
def test_a_header_that_does_not_fit_is_refused(line: bytes, complaint: str) -> None:
    with pytest.raises(InvalidDocumentError, match=complaint):
        header(line)


def test_a_header_longer_than_any_line_is_refused() -> None:
    with pytest.raises(InvalidDocumentError, match="cannot be read: the line has more than"):
        read_header(iter([(1, None)]))


def test_a_list_without_a_header_is_refused() -> None:
    for nothing in ([], [(3, b"email,name,language")]):
        with pytest.raises(InvalidDocumentError, match="has no header") as caught:
            read_header(iter(nothing))
        assert caught.value.hint == "its first line must be email,name,language"


def test_a_row_names_its_recipient_with_what_the_template_may_use() -> None:
    assert row("Ada@Mail.EXAMPLE, Ada ,DE,4711") == Recipient(
        row=7, address="Ada@mail.example", name="Ada", language="de", columns={"account": "4711"}
    )


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("DE_at", "de"),
        ("pt_BR", "pt-BR"),
        ("pt", ""),
        ("fr", ""),
        ("", ""),
        ("deutsch", ""),
    ],
)
def test_a_recipient_gets_her_language_or_the_nearest(wish: str, language: str) -> None:
    assert row(f"a@x.example,A,{wish},").language == language


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("a@BÜCHER.example", "xn--bcher-kva.example"),
        ("a@MÜNCHEN.example", "xn--mnchen-3ya.example"),
    ],
)
def test_a_host_beyond_ascii_is_written_as_dns_knows_it(address: str, host: str) -> None:
    assert row(f"{address},A,en,").address == f"a@{host}"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("a@x.example,A,en", "the row has 3 fields, the header 4"),
        ("a@x.example,A,en,1,2", "the row has 5 fields, the header 4"),
        (",A,en,1", "no address"),
        ("   ,A,en,1", "no address"),
        ("a@x.example b@x.example,A,en,1", "several addresses in one field"),
        ('"a@x.example,b@x.example",A,en,1', "several addresses in one field"),
        ("a@x.example;b@x.example,A,en,1", "several addresses in one field"),
        ("nobody,A,en,1", "not a plain mail address"),
        ("Ada <a@x.example>,A,en,1", "not a plain mail address"),
        ("a@,A,en,1", "not a plain mail address"),
        ("a@straße.example,A,en,1", "not a plain mail address"),
        (f"a@{'ü' * 70}.example,A,en,1", "not a plain mail address"),
        ("ä@x.example,A,en,1", "not a plain mail address"),
        ("a@x.example,A\x0bB,en,1", "a control character in 'name'"),
        ("a@x.example,A,en,\u202e1", "a control character in 'account'"),
        ("a@x.example\x00,A,en,1", "a control character in 'email'"),
    ],
)
def test_a_row_that_names_nobody_says_why(line: str, reason: str) -> None:
    with pytest.raises(UnreadableLineError) as caught:
        row(line)
    assert str(caught.value) == reason
