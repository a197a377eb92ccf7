"""Mails that come back, in the forms that mail servers write them, and mailboxes that hold them.

The forms follow RFC 3464, 3798 and 5965 and what each server is known to write; all data are made
up.
"""

from __future__ import annotations

from pathlib import Path

RECIPIENT = "person1@customers.example"
MESSAGE_ID = "ccir.0123456789012345678901234567890123456789@example.org"
DEAD = "550 5.1.1 <person1@customers.example>: Recipient address rejected: User unknown"


def postfix(
    to: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    words: str = DEAD,
    recipient: str = RECIPIENT,
    message_id: str = MESSAGE_ID,
    own_id: str = "20260102080000.AB12@relay.example",
    header: str = "",
) -> bytes:
    return _mail(
        f"""\
Return-Path: <>
Delivered-To: {to}
{header}Date: Fri, 02 Jan 2026 08:00:00 +0000 (UTC)
From: MAILER-DAEMON@relay.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="AB12.1767340800/relay.example"
Message-Id: <{own_id}>

This is a MIME-encapsulated message.

--AB12.1767340800/relay.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

<{recipient}>: host mx.customers.example[192.0.2.1] said: {words}

--AB12.1767340800/relay.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example
X-Postfix-Queue-ID: AB12
X-Postfix-Sender: rfc822; {to}
Arrival-Date: Fri,  2 Jan 2026 07:59:00 +0000 (UTC)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.customers.example
Diagnostic-Code: smtp; {words}

--AB12.1767340800/relay.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

{_returned(recipient, message_id)}
--AB12.1767340800/relay.example--
"""
    )


def exim(to: str, *, recipient: str = RECIPIENT, message_id: str = MESSAGE_ID) -> bytes:
    """A report whose status says nothing, as Exim writes them."""
    return _mail(
        f"""\
Return-path: <>
Envelope-to: {to}
Received: from Debian-exim by relay.example with local (Exim 4.96)
	id 1vAbCd-0001Ef-00
	for {to}; Fri, 02 Jan 2026 08:00:00 +0000
X-Failed-Recipients: {recipient}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@relay.example>
To: {to}
References: <{message_id}>
Content-Type: multipart/report; report-type=delivery-status; boundary=1767340800-eximdsn-42
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1vAbCd-0001Ef-00@relay.example>

--1767340800-eximdsn-42
Content-type: text/plain; charset=us-ascii

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error.

--1767340800-eximdsn-42
Content-type: message/delivery-status

Reporting-MTA: dns; relay.example

Action: failed
Final-Recipient: rfc822;{recipient}
Status: 5.0.0
Remote-MTA: dns; mx.customers.example
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
 550 5.1.1 Please try double-checking the address.

--1767340800-eximdsn-42
Content-type: text/rfc822-headers

{_returned(recipient, message_id)}
--1767340800-eximdsn-42--
"""
    )


def exchange(to: str, *, recipient: str = RECIPIENT, message_id: str = MESSAGE_ID) -> bytes:
    """A report as Exchange Online writes it: lines end in CRLF, and parts lie in parts."""
    text = f"""\
From: <postmaster@customers.example>
To: {to}
Date: Fri, 2 Jan 2026 08:00:00 +0000
Content-Type: multipart/report; report-type=delivery-status;
 boundary="8f3c_outlook"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-US
Message-ID: <8f3c@customers.example>
In-Reply-To: <{message_id}>
Subject: Undeliverable: Your data
Auto-Submitted: auto-replied
MIME-Version: 1.0

--8f3c_outlook
Content-Type: multipart/alternative; differences=Content-Type;
 boundary="inner_outlook"

--inner_outlook
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Your message to {recipient.replace("@", "=40")} couldn't be delivered.

--inner_outlook
Content-Type: text/html; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

<html><body>Your message couldn't be delivered.</body></html>

--inner_outlook--

--8f3c_outlook
Content-Type: message/delivery-status

Reporting-MTA: dns;EX1.customers.example
Received-From-MTA: dns;relay.example
Arrival-Date: Fri, 2 Jan 2026 07:59:00 +0000

Original-Recipient: rfc822;{recipient}
Final-Recipient: rfc822;{recipient}
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {recipient} not found

--8f3c_outlook
Content-Type: message/rfc822

{_returned(recipient, message_id)}
--8f3c_outlook--
"""
    return _mail(text).replace(b"\n", b"\r\n")


def gmail(to: str, *, recipient: str = RECIPIENT, message_id: str = MESSAGE_ID) -> bytes:
    return _mail(
        f"""\
Delivered-To: {to}
Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@gmail.example>
To: {to}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: <{message_id}>
Message-ID: <69580.1@mx.gmail.example>
Date: Fri, 02 Jan 2026 00:00:00 -0800 (PST)
Content-Type: multipart/report; boundary="000000000000e1"; report-type=delivery-status

--000000000000e1
Content-Type: multipart/related; boundary="000000000000e2"

--000000000000e2
Content-Type: text/html; charset="UTF-8"

<html>The email account that you tried to reach is over quota.</html>

--000000000000e2--
--000000000000e1
Content-Type: message/delivery-status

Reporting-MTA: dns; gmail.example
Received-From-MTA: dns; relay.example
Arrival-Date: Thu, 01 Jan 2026 23:59:00 -0800 (PST)
X-Original-Message-ID: <{message_id}>

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552-5.2.2 The recipient's inbox is out of storage space and inactive.
 552 5.2.2 Please direct the recipient to clear some space.
Last-Attempt-Date: Fri, 02 Jan 2026 00:00:00 -0800 (PST)

--000000000000e1
Content-Type: message/rfc822

{_returned(recipient, message_id)}
--000000000000e1--
"""
    )


def complaint(
    return_path: str,
    *,
    kind: str = "abuse",
    recipient: str = RECIPIENT,
    message_id: str = MESSAGE_ID,
) -> bytes:
    """A feedback report (RFC 5965), which goes to another address than what comes back."""
    return _mail(
        f"""\
Return-Path: <feedback@provider.example>
From: <feedback@provider.example>
To: <abuse@example.org>
Subject: FW: Your data
MIME-Version: 1.0
Message-ID: <fbl.1@provider.example>
Content-Type: multipart/report; report-type=feedback-report; boundary="part1_13d"

--part1_13d
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.

--part1_13d
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <{return_path}>

--part1_13d
Content-Type: message/rfc822

{_returned(recipient, message_id)}
--part1_13d--
"""
    )


def old_server(to: str, *, return_path: str = "", status: str = "5.1.1") -> bytes:
    """A failure told in plain words, by a server that knows no MIME."""
    return _mail(
        f"""\
Return-Path: <{return_path}>
From: Mailer-Daemon <mailer-daemon@old.example>
To: {to}
Subject: Returned mail: User unknown

Your message was not delivered.
Status: {status}
"""
    )


def out_of_office(to: str) -> bytes:
    return _mail(
        f"""\
Return-Path: <{RECIPIENT}>
Delivered-To: {to}
From: Person One <{RECIPIENT}>
To: {to}
Auto-Submitted: auto-replied
Subject: Out of office
Message-ID: <ooo.1@customers.example>

I am away until Monday.
"""
    )


def maildir(folder: Path, *mails: bytes) -> Path:
    """A maildir with these mails, every second one seen already."""
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number, mail in enumerate(mails):
        name = f"cur/{number}.host:2,S" if number % 2 else f"new/{number}.host"
        (folder / name).write_bytes(mail)
    return folder


def mbox(path: Path, *mails: bytes) -> Path:
    """An mbox file with these mails."""
    begin = b"From MAILER-DAEMON Fri Jan  2 08:00:00 2026\n"
    path.write_bytes(b"".join(begin + mail.rstrip() + b"\n\n" for mail in mails))
    return path


def _returned(recipient: str, message_id: str) -> str:
    return f"""\
Received: from centre.example by relay.example; Fri, 2 Jan 2026 07:59:00 +0000
From: incident@example.org
To: {recipient}
Subject: Your data
Message-ID: <{message_id}>

Dear person, we lost it.
"""


def _mail(text: str) -> bytes:
    return text.encode()
