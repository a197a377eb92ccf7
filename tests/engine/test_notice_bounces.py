from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccir.domain.notice_events import BouncesRead
from ccir.domain.notices import Counts
from ccir.engine import notice_bounces
from ccir.engine.attendant import Attendant
from ccir.engine.notice_bounces import BounceOrder, read_bounces
from ccir.engine.workspace import Workspace
from ccir.errors import ConflictError
from support import bounces
from support.returned_notice import (
    KEY,
    ROWS,
    RUN,
    address,
    counts,
    events,
    key_of,
    own_id,
    read,
    version,
)


def test_reports_change_the_rows_whose_tags_they_bear(accepted: Workspace) -> None:
    found = read(
        accepted,
        bounces.postfix(address(accepted, 1)),
        bounces.postfix(address(accepted, 2), action="delivered", status="2.0.0", words="250 ok"),
        bounces.postfix(address(accepted, 3), action="delayed", status="4.4.1", words="later"),
    )
    assert found.versions == (version(bounced=1, delivered=1, ignored=1),)
    assert counts(accepted) == Counts(accepted=1, unknown=1, delivered=1, bounced=1)
    first = accepted.stores.ledger.row_of(KEY, key_of(accepted, 1))
    assert first is not None
    assert (first.state, first.basis, first.code) == ("bounced", "report", 550)
    assert "p***1@c***.example" in first.reply
    assert events(accepted) == [
        BouncesRead(notice="customers", version=1, bounced=1, delivered=1, ignored=1)
    ]
    assert found.reports == {
        "failed": 1,
        "delayed": 1,
        "delivered": 1,
        "relayed": 0,
        "complained": 0,
    }


def test_a_second_reading_changes_and_counts_nothing(accepted: Workspace) -> None:
    mails = [bounces.postfix(address(accepted, row)) for row in (1, 2)]
    assert read(accepted, *mails, mails[0]).mails["known"] == 1, "twice in one mailbox"
    again = read(accepted, *mails, bounces.out_of_office(address(accepted, 3)))
    assert again.mails == {"read": 3, "known": 2, "other": 1, "forged": 0, "foreign": 0}
    assert again.versions == ()
    assert again.suppressed == 0
    assert len(events(accepted)) == 1


def test_a_forged_tag_is_counted_and_changes_nothing(accepted: Workspace) -> None:
    forged = address(accepted, 1).replace("+1.1.", "+1.2.")
    found = read(accepted, bounces.postfix(forged, message_id=own_id(accepted, 2)))
    assert found.mails["forged"] == 1
    assert found.versions == ()
    assert counts(accepted) == Counts(accepted=ROWS - 1, unknown=1)
    assert events(accepted) == []


def test_many_mails_are_kept_in_blocks(
    accepted: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_bounces, "MAILS_AT_ONCE", 2)
    others = [bounces.out_of_office(f"b{number}@example.org") for number in range(100)]
    for number, mail in enumerate(others):
        others[number] = mail.replace(b"ooo.1", b"ooo.%d" % number)
    stages: list[tuple[str, int | None]] = []
    mails = [bounces.postfix(address(accepted, row)) for row in (1, 2, 3)]
    order = BounceOrder(place=bounces.maildir(accepted.folder / "box", *mails, *others), by="alex")
    listening = Attendant(progress=lambda stage, done, _: stages.append((stage, done)))
    found = read_bounces(accepted, order, attendant=listening)
    assert found.versions == (version(bounced=3),)
    assert found.mails["other"] == 100
    assert sum(event.bounced for event in events(accepted)) == 3
    assert stages == [("read mails", 100)]


def test_two_readings_at_once_are_a_conflict(accepted: Workspace) -> None:
    refusals: list[ConflictError] = []

    def second(stage: str, done: int | None, total: int | None) -> None:
        del stage, done, total
        with pytest.raises(ConflictError) as refused:
            read(accepted)
        refusals.append(refused.value)

    mails = [b"Subject: %d\n\ntext\n" % number for number in range(100)]
    order = BounceOrder(place=bounces.mbox(accepted.folder / "full", *mails), by="alex")
    read_bounces(accepted, order, attendant=Attendant(progress=second))
    assert [refused.code for refused in refusals] == ["conflict"]


def test_nothing_of_an_address_or_text_is_recorded(accepted: Workspace) -> None:
    found = read(accepted, bounces.postfix(address(accepted, 1)))
    shown = msgspec.json.encode([found, events(accepted)]).decode()
    lines = b"".join(accepted.stores.events.lines(RUN)).decode()
    for secret in ("customers.example", "example.net", "User unknown", "bounces+"):
        assert secret not in shown + lines


@given(
    octets=st.binary(max_size=200),
    row=st.integers(1, ROWS),
    mark=st.text("0123456789abcdef", min_size=10, max_size=10),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_without_a_genuine_tag_bring_a_message_back(
    accepted: Workspace, *, octets: bytes, row: int, mark: str
) -> None:
    genuine = address(accepted, row).partition("@")[0].rpartition(".")[2]
    tag = f"1.{row}.{mark}"
    mail = bounces.postfix(f"bounces+{tag}@example.org")
    read(accepted, mail, mail[:700] + octets + mail[700:], octets)
    assert mark == genuine or counts(accepted).bounced == 0
