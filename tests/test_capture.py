from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.capture import SHORTEST_SECRET, Capture, redactor

SECRETS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=SHORTEST_SECRET)
CHUNKS = st.lists(st.binary(max_size=40), max_size=12)


def capture(*, limit: int = 1_000, line_bytes: int = 1_000, secret: str = "") -> Capture:
    return Capture(limit=limit, line_bytes=line_bytes, redact=redactor([secret]))


def fed(captured: Capture, *chunks: bytes) -> list[str]:
    lines = [line for chunk in chunks for line in captured.feed(chunk)]
    return [*lines, *captured.rest()]


# --------------------------------------------------------------------------------------- secrets


@given(SECRETS)
def test_a_secret_is_found_however_it_is_written(secret: str) -> None:
    octets = secret.encode()
    written = [
        secret,
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        base64.b64encode(octets).decode(),
        base64.urlsafe_b64encode(octets).decode().rstrip("="),
    ]
    redact = redactor([secret])
    for form in written:
        assert redact(f"<{form}>").rstrip("=>") in {"<***", "<***=", "<***=="}


@given(st.text(max_size=SHORTEST_SECRET - 1), st.text())
def test_short_secrets_and_none_leave_a_line_alone(short: str, line: str) -> None:
    assert redactor([short])(line) == line
    assert redactor([])(line) == line


def test_the_longest_secret_is_blotted_out_first() -> None:
    assert redactor(["word", "word-of-mine"])("a word-of-mine") == "a ***"


def test_each_line_of_a_secret_counts() -> None:
    redact = redactor(["-----BEGIN KEY-----\n  MIIEpAIBAAKC  \nab\n"])
    assert redact("MIIEpAIBAAKC") == "***"
    assert redact("ab") == "ab"


def test_a_secret_with_signs_of_patterns_is_taken_as_it_is() -> None:
    assert redactor(["a.*b"])("axxb a.*b") == "axxb ***"


# ----------------------------------------------------------------------------------------- lines


@given(CHUNKS)
def test_lines_do_not_depend_on_how_they_arrive(chunks: list[bytes]) -> None:
    whole = b"".join(chunks)
    assert fed(capture(), *chunks) == fed(capture(), whole)


@given(CHUNKS)
def test_a_line_is_never_lost(chunks: list[bytes]) -> None:
    text = b"".join(chunks)
    lines = fed(capture(), text)
    expected = text.split(b"\n")
    if not expected[-1]:
        expected.pop()
    assert lines == [each.decode("utf-8", errors="replace").rstrip("\r") for each in expected]


def test_a_character_that_is_cut_in_two_is_put_together() -> None:
    first, second = "é\n".encode()[:1], "é\n".encode()[1:]
    assert fed(capture(), first, second) == ["é"]


def test_an_endless_line_comes_in_pieces() -> None:
    pieces = fed(capture(line_bytes=10), b"x" * 8, b"x" * 8, b"x" * 3)
    assert pieces == ["x" * 16, "x" * 3]


# --------------------------------------------------------------------------------------- excerpt


def test_what_fits_is_kept_whole() -> None:
    captured = capture(limit=8)
    fed(captured, b"abc\ndef\n")
    assert captured.text() == "abc\ndef\n"
    assert not captured.is_truncated


def test_of_what_does_not_fit_the_beginning_and_the_end_are_kept() -> None:
    captured = capture(limit=8)
    fed(captured, b"abc\ndef\nghi\n")
    assert captured.text() == "abc\n\n[…]\nghi\n"
    assert captured.is_truncated


@given(st.lists(st.text("ab\n", max_size=30), max_size=30), st.integers(min_value=2, max_value=60))
def test_an_excerpt_is_never_longer_than_wanted(texts: list[str], limit: int) -> None:
    captured = capture(limit=limit)
    lines = fed(captured, *[text.encode() for text in texts])
    whole = "".join(f"{line}\n" for line in lines)
    head, mark, tail = captured.text().partition("\n[…]\n")
    assert captured.is_truncated == bool(mark) == (len(whole) > limit)
    assert len(head) + len(tail) <= limit
    assert whole.startswith(head)
    assert whole.endswith(tail)


@pytest.mark.parametrize("limit", [2, 3, 9])
def test_secrets_are_blotted_out_before_anything_is_cut(limit: int) -> None:
    captured = capture(limit=limit, secret="s3cret-word")
    lines = fed(captured, b"s3cret-word " * 20)
    assert "s3cret" in lines[0]
    assert "s3cret" not in captured.text()
