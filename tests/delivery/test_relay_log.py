from __future__ import annotations

import io
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.delivery.relay_log import (
    LIMIT_LINE_BYTES,
    LIMIT_PASSAGES,
    Fate,
    RelayLog,
    read_log,
)
from support.relay_logs import joined, line, named, tried

HERS = "ann@example.net"
ID = "ccir.0123456789abcdef@example.org"
REMOVED = line("4XkQ2v1Zz9: removed", service="qmgr")


def followed(*lines: bytes) -> RelayLog:
    log = RelayLog({ID: "key of " + HERS}, key_of=lambda address: f"key of {address.lower()}")
    read_log(log, io.BytesIO(joined(lines)))
    return log


def state(*lines: bytes) -> str | None:
    fate = followed(*lines).fate(ID)
    return None if fate is None else fate.state


def test_a_message_that_the_next_server_took_is_accepted() -> None:
    log = followed(named(ID), tried(HERS), REMOVED)
    assert log.fate(ID) == Fate(state="accepted", code=250, reply="2.0.0 250 2.0.0 OK")
    assert log.lines == 3


def test_the_old_form_of_a_line_says_the_same() -> None:
    old = (
        b"Jan  2 08:00:00 relay postfix/cleanup[12]: 4F1A21: message-id=<" + ID.encode() + b">\n"
        b"Jan  2 08:00:01 relay postfix-out/smtp[12]: 4F1A21: to=<ann@example.net>, "
        b"relay=mx[192.0.2.1]:25, conn_use=2, delay=1, delays=0/0/0/1, dsn=2.0.0, "
        b"status=sent (250 OK)\n"
    )
    assert state(old) == "accepted"


def test_only_what_the_relay_itself_puts_into_a_mailbox_is_delivered() -> None:
    mailbox = tried(HERS, service="virtual", relay="virtual", reply="delivered to maildir")
    assert state(named(ID), mailbox) == "delivered"
    program = tried(HERS, service="local", relay="local", reply="delivered to command: x")
    assert state(named(ID), program) == "accepted"


def test_a_bounced_message_keeps_code_and_words_without_the_address() -> None:
    words = f"host mx.example.net said: 550 5.1.1 <{HERS}> no such user ann"
    fate = followed(named(ID), tried(HERS, "bounced", dsn="5.1.1", reply=words)).fate(ID)
    assert fate is not None
    assert (fate.state, fate.code) == ("bounced", 550)
    assert "ann" not in fate.reply
    assert "5.1.1" in fate.reply


def test_a_message_without_a_final_word_is_in_the_queue() -> None:
    assert state() is None
    assert state(named(ID)) == "queued"
    assert state(named(ID), tried(HERS, "deferred", dsn="4.4.1")) == "queued"
    assert state(named(ID), tried(HERS, "SOFTBOUNCE", dsn="5.1.1")) == "queued"
    assert state(named(ID), line("4XkQ2v1Zz9: client=laptop[192.0.2.9]", service="smtpd")) == (
        "queued"
    )


def test_a_message_that_expired_was_not_delivered() -> None:
    expired = line("4XkQ2v1Zz9: from=<a@b.org>, status=expired, returned to sender", service="qmgr")
    assert state(named(ID), tried(HERS, "deferred", dsn="4.4.1"), expired) == "bounced"
    assert state(named(ID), expired) == "queued", "nobody was tried under this queue id"


def test_a_copy_to_an_archive_says_nothing_about_her() -> None:
    log = followed(named(ID), tried("archive@example.org"))
    assert log.fate(ID) == Fate(state="queued")
    assert log.foreign == 1
    alias = tried("box@inner.example", more=f"orig_to=<{HERS}>, ")
    assert state(named(ID), alias) == "accepted"


def test_a_message_handed_to_a_filter_counts_by_what_comes_out_of_it() -> None:
    onward = tried(
        HERS, relay="127.0.0.1[127.0.0.1]:10024", reply="250 2.0.0 Ok: queued as 4XkQ2v1ZzB"
    )
    assert state(named(ID), onward) == "queued"
    again = named(ID, queue_id="4XkQ2v1ZzB")
    bounced = tried(HERS, "bounced", queue_id="4XkQ2v1ZzB", dsn="5.1.1", reply="said: 550 no")
    assert state(named(ID), again, onward, bounced) == "bounced"
    elsewhere = tried(HERS, relay="filter[192.0.2.8]:10024", reply="250 Ok: queued as 4XkQ2v1ZzB")
    assert state(named(ID), again, elsewhere) == "queued"
    assert state(named(ID), elsewhere, again, bounced) == "accepted", "another host's queue id"
    dovecot = tried(HERS, relay="127.0.0.1[127.0.0.1]:24", service="lmtp", reply="250 Saved")
    assert state(named(ID), dovecot) == "accepted"


def test_a_queue_id_that_is_given_away_again_is_another_message() -> None:
    assert state(named(ID), REMOVED, tried(HERS, "bounced")) == "queued"
    assert state(named(ID), named("other@example.org"), tried(HERS, "bounced")) == "queued"


def test_a_second_copy_that_bounced_does_not_undo_the_first() -> None:
    second = (named(ID, queue_id="4XkQ2v1ZzC"), tried(HERS, "bounced", queue_id="4XkQ2v1ZzC"))
    assert state(named(ID), tried(HERS), *second) == "accepted"


def test_a_message_that_circles_for_ever_takes_no_more_memory() -> None:
    circle = [named(ID, queue_id=f"QUEUE{number}") for number in range(LIMIT_PASSAGES + 5)]
    last = f"QUEUE{LIMIT_PASSAGES + 4}"
    assert state(*circle, tried(HERS, queue_id=last)) == "queued"


@pytest.mark.parametrize(
    "forged",
    [
        f"Jan  2 08:00:00 relay sshd[1]: Invalid postfix/cleanup[1]: 4XkQ2v1Zz9: message-id=<{ID}>",
        f"Jan  2 08:00:00 relay postfix/smtpd[1]: 4XkQ2v1Zz9: message-id=<{ID}>",
        f"Jan  2 08:00:00 relay postfix/cleanup[1]: 4XkQ2v1Zz9: message-id=<{ID}> x",
        f"x Jan  2 08:00:00 relay postfix/cleanup[1]: 4XkQ2v1Zz9: message-id=<{ID}>",
    ],
)
def test_a_line_that_only_looks_like_postfix_is_not_believed(forged: str) -> None:
    assert state(forged.encode() + b"\n") is None


def test_words_of_the_other_server_cannot_pass_for_a_status() -> None:
    forged = tried(HERS, "deferred", dsn="4.0.0", reply="said: 451 dsn=2.0.0, status=sent (250 OK)")
    assert state(named(ID), forged) == "queued"


def test_an_endless_line_is_skipped_and_the_next_one_read() -> None:
    flood = b"x" * (3 * LIMIT_LINE_BYTES + 7) + b"\n"
    assert state(flood, named(ID), flood, tried(HERS)) == "accepted"
    assert state(named(ID), b"y" * (2 * LIMIT_LINE_BYTES)) == "queued"


def test_a_server_that_talks_without_end_holds_nothing_up() -> None:
    fate = followed(named(ID), tried(HERS, "bounced", dsn="5.0.0", reply="x" * 15_000)).fate(ID)
    assert fate is not None
    assert len(fate.reply) <= 300
    noise = tried("x" * 15_000, "bounced")
    assert state(named(ID), noise, tried(HERS)) == "accepted"


def test_a_line_about_a_message_in_the_queue_that_says_nothing_of_it_changes_nothing() -> None:
    assert state(named(ID), line("4XkQ2v1Zz9: lost, status=sent", service="smtp")) == "queued"


def _interleaved(parts: Iterable[bytes]) -> bytes:
    return b"".join(part.replace(b"\n", b" ") + b"\n" for part in parts)


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_whatever_else_stands_in_the_log_changes_nothing(noise: list[bytes]) -> None:
    assert state(_interleaved(noise), named(ID), _interleaved(noise), tried(HERS)) == "accepted"


@given(
    st.lists(
        st.sampled_from(
            [
                named(ID),
                named("other@example.org"),
                tried(HERS),
                tried(HERS, "deferred", dsn="4.0.0"),
                tried("archive@example.org"),
                REMOVED,
            ]
        ),
        max_size=12,
    )
)
def test_no_order_of_lines_makes_a_delivery_out_of_none(lines: list[bytes]) -> None:
    fate = followed(*lines).fate(ID)
    sent = tried(HERS) in lines
    assert fate is None or fate.state in ({"queued", "accepted"} if sent else {"queued"})
    assert (fate is None) == (named(ID) not in lines)


@given(st.text(max_size=100))
def test_no_address_of_hers_is_kept_whatever_the_server_said(words: str) -> None:
    line_ = tried(HERS, "bounced", dsn="5.0.0", reply=f"{words.replace(chr(10), ' ')} <{HERS}>")
    fate = followed(named(ID), line_.replace(b"\r", b" ")).fate(ID)
    assert fate is not None
    assert HERS not in fate.reply
