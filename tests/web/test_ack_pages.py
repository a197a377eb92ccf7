from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re

import msgspec
import pytest

from ccir.engine.notice_acks import AckPage, Expired
from ccir.web.ack_pages import HEADERS, ack_page, expired_text
from ccir.web.ack_words import WORDS

PAGE = AckPage(
    organisation='<b>Ann & "Sons"</b>',
    title="Are you <i>safe</i>?",
    language="en",
    zone="Europe/Berlin",
    answers=("read",),
)
CONFIRMED = msgspec.structs.replace(
    PAGE, confirmed_at=dt.datetime(2026, 1, 2, 8, tzinfo=dt.UTC), answer="read"
)


def test_names_and_titles_are_no_markup() -> None:
    page = ack_page(PAGE)
    assert "<b>" not in page
    assert "<i>" not in page
    assert "&lt;b&gt;Ann &amp; &quot;Sons&quot;&lt;/b&gt;" in page


def test_the_browser_takes_the_pages_style_and_nothing_else() -> None:
    [style] = re.findall(r"<style>(.*?)</style>", ack_page(PAGE))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in HEADERS["Content-Security-Policy"]
    assert "@import" not in style
    assert "url(" not in style


def test_who_has_read_it_has_nothing_more_to_press() -> None:
    assert "I have read it</button>" in ack_page(PAGE)
    page = ack_page(CONFIRMED)
    assert "was recorded on 2026-01-02 09:00 CET" in page
    assert "<form" not in page
    assert "emergency" not in page


def test_who_is_asked_how_she_is_may_change_her_answer() -> None:
    page = ack_page(
        msgspec.structs.replace(CONFIRMED, answers=("safe", "working", "help"), answer="help")
    )
    assert page.count("<button") == 3
    assert "You can still change your answer" in page
    assert "call the emergency services first" in page


@pytest.mark.parametrize(
    ("hotline", "email", "expected"),
    [
        ("+49 30 1", "a@example.org", "Please call Centre, +49 30 1, a@example.org."),
        ("", "a@example.org", "Please tell your contact at Centre, a@example.org."),
        ("", "", "Please tell your contact at Centre."),
    ],
)
def test_an_expired_link_says_whom_to_turn_to(hotline: str, email: str, expected: str) -> None:
    expired = Expired(organisation="Centre", hotline=hotline, email=email)
    assert expired_text(expired, WORDS["en"]) == f"This link has expired. {expected}\n"
