from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ccir.catalog.documents import load_playbook
from ccir.catalog.pinned import canonical, decode_playbook, digest
from ccir.domain.playbook import Playbook
from ccir.errors import InvalidDocumentError
from support.documents import STEP_KINDS, playbook, step, write

TEXT = playbook(
    step("choose", "decision", arguments="{question: Which, options: {a: A, b: B}}"),
    step("cut", on='\'records > 1 and decision["choose"] == "a"\'', due="{within: 1h}"),
    step("block", "command", arguments="{argv: [nft, {fact: affected_host, as: ip}]}"),
)


def loaded(folder: Path, text: str = TEXT) -> Playbook:
    return load_playbook(write(folder, "playbooks/outage.yaml", text), STEP_KINDS)


def test_a_pinned_playbook_is_the_same_playbook(tmp_path: Path) -> None:
    book = loaded(tmp_path)
    assert decode_playbook(canonical(book)) == book
    assert canonical(decode_playbook(canonical(book))) == canonical(book)


def test_only_its_meaning_makes_up_a_playbooks_bytes(tmp_path: Path) -> None:
    book = loaded(tmp_path)
    lines = TEXT.splitlines()
    other = "\n".join(["# a comment", *lines[1:4], "", "id:   'outage'", *lines[4:]])
    assert canonical(loaded(tmp_path, other)) == canonical(book)
    changed = TEXT.replace("Nothing works.", "Nothing works!")
    assert digest(loaded(tmp_path, changed)) != digest(book)


def test_the_digest_is_sha_256_of_the_bytes(tmp_path: Path) -> None:
    book = loaded(tmp_path)
    assert digest(book) == hashlib.sha256(canonical(book)).hexdigest()


@pytest.mark.parametrize("octets", [b"", b"{}", b"[]", b"\xff", b'{"id": 1}'])
def test_bytes_that_hold_no_playbook_are_refused(octets: bytes) -> None:
    with pytest.raises(InvalidDocumentError, match="the pinned playbook cannot be read"):
        decode_playbook(octets)
