from __future__ import annotations

import subprocess
import sys

import pytest

from ccir.delivery.recipient_addresses import checked_address, mailbox
from ccir.delivery.recipient_lines import UnreadableLineError


@pytest.mark.parametrize(
    ("field", "address"),
    [
        ("Ada@Mail.EXAMPLE", "Ada@mail.example"),
        ("a@localhost", "a@localhost"),
        ("a@BÜCHER.example", "a@xn--bcher-kva.example"),
        ("a@münchen.example", "a@xn--mnchen-3ya.example"),
        ("a@straße.example", "a@xn--strae-oqa.example"),
        ("a@x。example", "a@x.example"),
    ],
)
def test_a_host_is_written_as_dns_knows_it(field: str, address: str) -> None:
    assert checked_address(field) == address


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("", "no address"),
        ("a@x.example b@x.example", "several addresses in one field"),
        ("a@x.example;b@x.example", "several addresses in one field"),
        ("nobody", "not a plain mail address"),
        ("Ada <a@x.example>", "not a plain mail address"),
        ("a@", "not a plain mail address"),
        ("a.@x.example", "not a plain mail address"),
        ('"a b"@x.example', "not a plain mail address"),
        ("a@[192.0.2.1]", "not a plain mail address"),
        (f"a@{'ü' * 70}.example", "not a plain mail address"),
        ("a@b\u200cc.example", "not a plain mail address"),
        ("ä@x.example", "letters beyond ASCII before the @ of the address"),
        ("\uff41@x.example", "letters beyond ASCII before the @ of the address"),
    ],
)
def test_what_is_no_address_says_why_without_naming_it(field: str, reason: str) -> None:
    with pytest.raises(UnreadableLineError) as caught:
        checked_address(field)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("address", "box"),
    [
        ("Ada@x.example", "ada@x.example"),
        ("ada+news@x.example", "ada@x.example"),
        ("+ada@x.example", "+ada@x.example"),
        ("a.d.a@x.example", "a.d.a@x.example"),
        ("a.d.a+x@GoogleMail.com", "ada@gmail.com"),
    ],
)
def test_spellings_of_one_mailbox_are_known(address: str, box: str) -> None:
    assert mailbox(address) == box


def test_plain_addresses_do_not_load_the_validator() -> None:
    program = (
        "import sys; from ccir.delivery.recipient_addresses import checked_address;"
        "checked_address('a@x.example'); sys.exit('email_validator' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
