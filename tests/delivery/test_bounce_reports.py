from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.delivery.bounce_reports import LIMIT_WORDS, Report, mail_content, report_in
from support import bounces
from support.bounces import MESSAGE_ID, RECIPIENT

TAG = "7.12.0123456789"
TO = f"bounces+{TAG}@example.org"
STATUS = b"message/delivery-status\n\nReporting-MTA: dns; relay.example\n\n"


def report(mail: bytes) -> Report:
    found = report_in(mail)
    assert found is not None
    return found


def with_groups(*groups: str) -> bytes:
    """A Postfix report about several recipients."""
    mail = bounces.postfix(TO)
    begin = mail.index(b"Final-Recipient")
    end = mail.index(b"--AB12", begin)
    return mail[:begin] + "\n\n".join(groups).encode() + b"\n\n" + mail[end:]


def test_postfix_says_which_mailbox_is_not_there() -> None:
    assert report(bounces.postfix(TO)) == Report(
        outcome="failed",
        status="5.1.1",
        code=550,
        words=bounces.DEAD,
        tags=(TAG,),
        message_ids=(MESSAGE_ID,),
    )


def test_exim_says_it_in_the_servers_words_only() -> None:
    found = report(bounces.exim(TO))
    assert (found.outcome, found.status, found.code) == ("failed", "5.1.1", 550)
    assert (found.tags, found.message_ids) == ((TAG,), (MESSAGE_ID,))


def test_exchange_says_it_in_its_own_status() -> None:
    found = report(bounces.exchange(TO))
    assert (found.outcome, found.status, found.code) == ("failed", "5.1.10", 550)
    assert (found.tags, found.message_ids) == ((TAG,), (MESSAGE_ID,))


def test_gmail_says_that_the_mailbox_is_full() -> None:
    found = report(bounces.gmail(TO))
    assert (found.outcome, found.status, found.code) == ("failed", "5.2.2", 552)
    assert (found.tags, found.message_ids) == ((TAG,), (MESSAGE_ID,))


@pytest.mark.parametrize(
    ("action", "outcome"),
    [
        ("delayed", "delayed"),
        ("delivered", "delivered"),
        ("Failed (for good)", "failed"),
        ("relayed", "relayed"),
        ("expanded", "relayed"),
    ],
)
def test_each_action_has_its_outcome(action: str, outcome: str) -> None:
    assert report(bounces.postfix(TO, action=action, status="4.0.0")).outcome == outcome


def test_a_report_without_a_known_action_is_none() -> None:
    assert report_in(bounces.postfix(TO, action="pondered")) is None
    assert report_in(with_groups()) is None


@pytest.mark.parametrize(
    ("status", "words", "better"),
    [
        ("5.0.0", "550 5.1.1 no such user", "5.1.1"),
        ("5.0.0", "550 no such user", "5.0.0"),
        ("5.0.0", "450 4.2.2 full", "5.0.0"),
        ("5.2.2 (full)", "550 5.1.1 no such user", "5.2.2"),
        ("", "550 5.1.1 no such user", "5.1.1"),
        ("none", "192.0.2.1 said no", ""),
        ("5.1.1", "192.5.1.1.7", "5.1.1"),
    ],
)
def test_the_more_telling_status_counts(status: str, words: str, better: str) -> None:
    assert report(bounces.postfix(TO, status=status, words=words)).status == better


def test_whoever_got_it_counts_where_an_alias_was_written_to() -> None:
    failed, delivered = "Action: failed\nStatus: 5.1.1", "Action: delivered\nStatus: 2.0.0"
    delayed = "Action: delayed\nStatus: 4.4.1"
    assert report(with_groups(failed, delivered)).outcome == "delivered"
    assert report(with_groups(delayed, failed)).outcome == "failed"


def test_a_complaint_names_its_message_by_the_envelope() -> None:
    found = report(bounces.complaint(TO))
    assert (found.outcome, found.tags, found.message_ids) == ("complained", (TAG,), (MESSAGE_ID,))


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "other", ""])
def test_other_feedback_is_no_complaint(kind: str) -> None:
    assert report_in(bounces.complaint(TO, kind=kind)) is None


def test_an_old_servers_words_are_a_failure_with_a_status_and_a_tag() -> None:
    assert report(bounces.old_server(TO)) == Report(outcome="failed", status="5.1.1", tags=(TAG,))


@pytest.mark.parametrize(
    "mail",
    [
        bounces.old_server(TO, status="4.2.2"),
        bounces.old_server(TO, status="unknown"),
        bounces.old_server("bounces@example.org"),
        bounces.old_server(TO, return_path="person@customers.example"),
        bounces.out_of_office(TO),
        b"Content-Type: multipart/report; boundary=B\n\n--B\n\ntext\n--B--\n",
        b"",
    ],
    ids=["temporary", "no status", "no tag", "from a person", "out of office", "bare", "empty"],
)
def test_what_reports_nothing_is_no_failure(mail: bytes) -> None:
    assert report_in(mail) is None


def test_a_part_in_base64_is_read() -> None:
    mail = bounces.postfix(TO).replace(
        b"Content-Description: Undelivered Message\nContent-Type: message/rfc822\n",
        b"Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: base64\n",
    )
    begin = mail.index(b"Received: from centre")
    encoded = b"TWVzc2FnZS1JRDogPGNjaXIuMUBleGFtcGxlLm9yZz4K"
    assert report(
        mail[:begin] + encoded + b"\n--AB12.1767340800/relay.example--\n"
    ).message_ids == ("ccir.1@example.org",)


def test_the_servers_words_are_cut() -> None:
    assert len(report(bounces.postfix(TO, words="no " * 5_000)).words) <= LIMIT_WORDS


def test_one_mail_is_the_same_wherever_it_is_stored() -> None:
    mail = bounces.postfix(TO)
    stored = bounces.postfix(TO, header="Status: RO\nX-UID: 7\n").replace(b"\n", b"\r\n")
    assert mail_content(stored + b"\r\n") == mail_content(mail)
    assert mail_content(bounces.postfix(TO, own_id="2@relay.example")) != mail_content(mail)
    assert mail_content(bounces.postfix(TO, words="other")) != mail_content(mail)


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                b"Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n",
                b'Content-Type: multipart/report; boundary="B"\r\n\r\n',
                b"\n--B\n",
                b"\r\n--B--\r\n",
                b"Content-Type: " + STATUS,
                b"Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n\n",
                b"Content-Type: message/rfc822\n\nMessage-ID: <",
                b"Content-Transfer-Encoding: base64\n",
                b"Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no\n\n",
                b"Diagnostic-Code: ;\n ",
                b"Status: 5.",
                b"\n\n",
                TO.encode(),
            ]
        ),
        st.binary(max_size=30),
    ),
    max_size=30,
)


@given(pieces=PIECES)
def test_any_bytes_are_read_to_an_end(pieces: list[bytes]) -> None:
    octets = b"".join(pieces)
    found = report_in(octets)
    assert found is None or found.outcome in {"failed", "complained"}
    assert mail_content(octets)
    assert RECIPIENT.encode() not in octets
