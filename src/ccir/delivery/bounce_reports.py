"""What one mail says became of a message: a delivery report, a complaint, or neither.

1. A delivery report is `multipart/report` with a part `message/delivery-status` (RFC 3464). Its
   groups of fields are about one recipient each; the first group is about the message.
2. `failed` is final: nobody will try again (§2.3.3), also with a status 4.x.x, as when a relay
   gives up after days. `delayed` is not. `relayed` and `expanded` went to where nothing is
   reported from.
3. One message has one recipient. Where its report has several, an alias or a list was written to,
   and whoever got it counts.
4. A status x.0.0 says nothing; the server's words (`Diagnostic-Code`) may have a better one.
5. A complaint is `multipart/report` with a part `message/feedback-report` (RFC 5965) about abuse;
   reports of authentication, or that it is no spam, are none.
6. A mail without such parts is a failure only where it has a line `Status: 5.x.x`, and no return
   path but the empty one; and then its tag alone says for whom. Everything else is somebody's
   mail: an answer, an out-of-office note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from ccir.delivery.bounce_parts import Fields, Part, leaves, part_of
from ccir.delivery.bounce_tags import tags_in

Outcome = Literal["failed", "delayed", "delivered", "relayed", "complained"]

LIMIT_MESSAGE_IDS = 5
LIMIT_WORDS = 1_000
_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "to")
_STATUS_KINDS = ("message/delivery-status", "message/global-delivery-status")
_RETURNED_KINDS = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/global",
    "message/global-headers",
)
_ACTIONS: Final[dict[str, Outcome]] = {
    "failed": "failed",
    "delayed": "delayed",
    "delivered": "delivered",
    "relayed": "relayed",
    "expanded": "relayed",
}
_RANK: Final[tuple[Outcome, ...]] = ("delayed", "failed", "relayed", "delivered")
_COMPLAINTS = ("abuse", "fraud", "opt-out")
_ENHANCED = re.compile(r"(?<![0-9.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")  # RFC 3463
_REPLY_CODE = re.compile(r"(?<![0-9.])([245][0-9]{2})(?=[ -])")
_STATUS_LINE = re.compile(
    rb"^[ \t]{0,20}Status:[ \t]{0,20}(5\.[0-9]{1,3}\.[0-9]{1,3})\b", re.MULTILINE | re.IGNORECASE
)
_ID = re.compile(r"<([^<>\s]{1,300})>")


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail says of a message of somebody's.

    `status` is an enhanced status code (RFC 3463) and `code` an SMTP reply code, empty and 0
    where there is none; `words` are the server's, with everybody's address in them. `tags` look
    like ours, and `message_ids` are those of the message that came back.
    """

    outcome: Outcome
    status: str = ""
    code: int = 0
    words: str = ""
    tags: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()


def report_in(octets: bytes) -> Report | None:
    """Return what a mail reports; None where it reports nothing."""
    mail = part_of(octets)
    parts = leaves(mail)
    if mail.kind != "multipart/report":
        return _plain_failure(mail, parts)
    for part in parts:
        if part.kind in _STATUS_KINDS:
            found = _delivery(part.blocks)
            return None if found is None else _about(found, mail, parts, more=())
        if part.kind == "message/feedback-report":
            return _complaint(mail, parts, Fields(part.body))
    return None


def mail_content(octets: bytes) -> bytes:
    """Return what tells one mail from another, whichever program stored it."""
    mail = part_of(octets)
    text = mail.octets.replace(b"\r\n", b"\n").strip()
    return mail.fields.first("message-id").encode() + b"\n" + text


def _delivery(blocks: Iterable[Fields]) -> Report | None:
    """Return the report about the recipient who counts (rules 2 and 3)."""
    reports = [report for fields in blocks if (report := _one_recipient(fields)) is not None]
    return max(reports, key=lambda report: _RANK.index(report.outcome), default=None)


def _one_recipient(fields: Fields) -> Report | None:
    outcome = _ACTIONS.get(fields.first("action").partition("(")[0].strip().lower())
    if outcome is None:
        return None
    words = fields.first("diagnostic-code").partition(";")[2].strip()[:LIMIT_WORDS]
    code = _REPLY_CODE.search(words)
    return Report(
        outcome=outcome,
        status=_better(fields.first("status"), words),
        code=int(code[1]) if code else 0,
        words=words,
    )


def _better(stated: str, words: str) -> str:
    """Return the more telling status (rule 4)."""
    found = _ENHANCED.search(stated)
    status = found[1] if found else ""
    if status and not status.endswith(".0.0"):
        return status
    said = _ENHANCED.search(words)
    return said[1] if said and said[1][0] == (status or said[1])[0] else status


def _complaint(mail: Part, parts: list[Part], feedback: Fields) -> Report | None:
    if feedback.first("feedback-type").lower() not in _COMPLAINTS:
        return None
    return _about(
        Report(outcome="complained"), mail, parts, more=feedback.all("original-mail-from")
    )


def _plain_failure(mail: Part, parts: list[Part]) -> Report | None:
    """Return the failure that a mail of an old server tells (rule 6)."""
    if any(path != "<>" for path in mail.fields.all("return-path")):
        return None
    tags = tags_in(mail.fields.all(*_TO))
    for part in parts if tags else ():
        found = _STATUS_LINE.search(part.body) if part.kind == "text/plain" else None
        if found:
            return Report(outcome="failed", status=found[1].decode("ascii"), tags=tags)
    return None


def _about(report: Report, mail: Part, parts: list[Part], *, more: Iterable[str]) -> Report:
    """Return the report with all that says whom it is about."""
    returned = [part_of(part.body).fields for part in parts if part.kind in _RETURNED_KINDS]
    inside = [path for fields in returned for path in fields.all("return-path")]
    ids = [found for fields in returned for found in _ID.findall(fields.first("message-id"))]
    return msgspec.structs.replace(
        report,
        tags=tags_in([*mail.fields.all(*_TO), *more, *inside]),
        message_ids=tuple(ids[:LIMIT_MESSAGE_IDS]),
    )
