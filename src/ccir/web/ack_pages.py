"""The pages for people who confirm a notice: plain HTML without scripts, cookies or other files."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import Final

from ccir.domain.moments import shown, zone_of
from ccir.engine.notice_acks import AckPage, Expired
from ccir.web.ack_words import Words, words_in

UNKNOWN: Final = "This link is not valid. Please copy the whole link from the message.\n"
TRY_AGAIN: Final = "Your answer was NOT recorded. Please try again in a minute.\n"
NOT_AN_ANSWER: Final = "This is no answer that the message asks for. Please use its buttons.\n"

_STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;margin:0;color:#111;background:#fff}"
    "main{max-width:34rem;margin:0 auto;padding:1.25rem;overflow-wrap:anywhere}"
    "h1{font-size:1.4rem;line-height:1.25;margin:.25rem 0 1rem}"
    "p{margin:.75rem 0}.by{color:#444}"
    "button{display:block;width:100%;margin:.75rem 0;padding:1rem;font:inherit;font-weight:600;"
    "text-align:center;color:#fff;background:#14508c;border:2px solid #14508c;border-radius:.5rem}"
    "button:focus-visible{outline:3px solid #111;outline-offset:2px}"
    "button[value=help]{background:#a11212;border-color:#a11212}"
    "[role=status]{padding:1rem;border:2px solid #1c6b34;border-radius:.5rem;font-weight:600}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Connection": "close",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
"""What every answer carries; no connection is kept, so that each bears one request."""


def ack_page(page: AckPage) -> str:
    """Return what a link opens: the question, or what was answered and how to change it."""
    words = words_in(page.language)
    is_roll_call = len(page.answers) > 1
    parts = [f'<p class="by">{escape(page.organisation)}</p>', f"<h1>{escape(page.title)}</h1>"]
    if page.confirmed_at is None or page.answer is None:
        parts.append(f"<p>{escape(words.roll_call if is_roll_call else words.question)}</p>")
    else:
        parts.append(f'<p role="status">{escape(_taken(page, words))}</p>')
        parts += [f"<p>{escape(words.change)}</p>"] if is_roll_call else []
    if is_roll_call or page.confirmed_at is None:
        parts.append(_form(page, words))
    if is_roll_call:
        parts.append(f"<p>{escape(words.emergency)}</p>")
    return _document("\n".join(parts), title=page.title, words=words)


def expired_text(expired: Expired, words: Words) -> str:
    """Return what a link whose time is over says: whom to call."""
    who = ", ".join(each for each in (expired.hotline, expired.email) if each)
    sentence = words.call if expired.hotline else words.nobody
    name = expired.organisation
    return sentence.format(who=f"{name}, {who}" if who else name) + "\n"


def _taken(page: AckPage, words: Words) -> str:
    at = "" if page.confirmed_at is None else shown(page.confirmed_at, zone_of(page.zone))
    answer = "" if page.answer is None else words.answers[page.answer]
    return words.taken.format(answer=answer, at=at)


def _form(page: AckPage, words: Words) -> str:
    buttons = "\n".join(
        f'<button name="answer" value="{answer}">{escape(words.answers[answer])}</button>'
        for answer in page.answers
    )
    return f'<form method="post">\n{buttons}\n</form>'


def _document(body: str, *, title: str, words: Words) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
