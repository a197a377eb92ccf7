"""What users of other tools complained about does not happen here; each test names its thread.

The threads are those of notices that others' tools lost, sent twice, or could not account for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from ccir.channels.interface import configure
from ccir.clock import FixedClock
from ccir.delivery.interface import Progress, SendReport
from ccir.delivery.patience import Patience
from ccir.delivery.recipient_rows import RowReader
from ccir.delivery.sending import send
from ccir.domain.deciding_notices import existing_notice, latest_version
from ccir.domain.notice_approvals import approvals_missing
from ccir.domain.notices import Counts
from ccir.domain.playbook import Approvals
from ccir.domain.quiet_hours import quiet_hours
from ccir.domain.run import Approval
from ccir.errors import InvalidDocumentError, UnavailableError
from ccir.store.interface import Stores
from support.events import PREVIEWED
from support.http_sink import HttpSink
from support.mail import SENT_AT, message, smtp, surroundings
from support.mail_server import MailServer
from support.runs import Said, given
from support.sending import address, job, kit, planned, rows, states
from support.stores import NOTICE
from support.webhooks import Answer, WebService, hook

ROWS = 12
PATIENCE = Patience(pauses=(60.0, 300.0), away=())


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer(pipelining=True) as running:
        yield running


class Scene(NamedTuple):
    """A planned notice, the server it goes to, and the clock of both."""

    server: MailServer
    stores: Stores
    folder: Path
    clock: FixedClock

    def send(self, **more: object) -> SendReport:
        channel = smtp(self.server.port, self.folder)
        given = {"patience": PATIENCE, "clock": self.clock, **more}
        return send(job(), kit(self.stores, channel, **given))


@pytest.fixture
def scene(server: MailServer, tmp_path: Path) -> Scene:
    clock = FixedClock(SENT_AT)
    return Scene(server, planned(tmp_path, ROWS, clock=clock), tmp_path, clock)


def everybody() -> list[str]:
    return [address(row) for row in range(1, ROWS + 1)]


def stop_after(done: int) -> tuple[list[Progress], object]:
    told: list[Progress] = []
    return told, lambda: len(told) >= done


# ------------------------------------------------------------- who failed, and how: apprise


def test_apprise_306_538_1611_a_failure_says_who_was_refused_and_in_which_words(
    scene: Scene,
) -> None:
    scene.server.faults[address(3)].append("rcpt:550 5.1.1 no such user")
    report = scene.send()
    assert report.counts == Counts(accepted=ROWS - 1, refused=1)
    refused = rows(scene.stores)[2]
    assert (refused.state, refused.code, refused.reply) == (
        "refused-permanent",
        550,
        "5.1.1 no such user",
    )


def test_apprise_1123_no_pause_between_two_messages_that_nobody_asked_for(scene: Scene) -> None:
    scene.send()
    assert scene.clock.monotonic() == 0


def test_apprise_api_11_a_target_that_reaches_nothing_is_an_error_and_no_success(
    tmp_path: Path,
) -> None:
    with (
        pytest.raises((InvalidDocumentError, UnavailableError)),
        configure(
            "team", {"kind": "apprise", "url": "nosuchservice://x"}, surroundings(tmp_path)
        ).open() as session,
    ):
        session.send(message())


def test_speedtest_tracker_2653_a_time_out_is_a_doubt_and_sends_no_second_copy(
    tmp_path: Path,
) -> None:
    with HttpSink() as sink:
        sink.answers.append(-1)
        table = {"kind": "apprise", "url": f"json://127.0.0.1:{sink.port}/x", "timeout": 0.3}
        with configure("team", table, surroundings(tmp_path)).open() as session:
            assert session.send(message()).state == "unknown"
        assert len(sink.posted) == 1


# --------------------------------------------------------- resume, count, account: listmonk


@pytest.mark.parametrize("done", [1, 5, ROWS - 1])
def test_listmonk_2070_1222_a_sending_that_goes_on_reaches_nobody_a_second_time(
    scene: Scene, *, done: int
) -> None:
    told, is_stopped = stop_after(done)
    first = scene.send(progress=told.append, is_stopped=is_stopped)
    assert (first.ended, first.counts.planned) == ("stopped", ROWS - done)
    assert scene.send().counts == Counts(accepted=ROWS)
    assert scene.server.recipients == everybody()


def test_listmonk_2313_after_errors_nobody_gets_several_copies_and_nobody_none(
    scene: Scene,
) -> None:
    for row in (2, 5, 9):
        scene.server.faults[address(row)].append("drop-rcpt")
    scene.server.faults[address(7)].extend(["rcpt:451 later", "go:451 later"])
    report = scene.send()
    assert report.counts == Counts(accepted=ROWS)
    assert sorted(scene.server.recipients) == sorted(everybody())


def test_listmonk_2168_a_sending_that_is_complete_has_an_answer_for_every_row(scene: Scene) -> None:
    scene.server.faults[address(1)].append("drop-after")
    scene.server.faults[address(2)].append("data:554 no")
    report = scene.send()
    assert report.ended == "complete"
    assert report.counts == Counts(accepted=ROWS - 2, refused=1, unknown=1)
    assert report.counts.total == len(rows(scene.stores)) == ROWS


def test_listmonk_2591_it_can_be_told_of_everybody_whether_she_was_written_to(scene: Scene) -> None:
    told, is_stopped = stop_after(4)
    scene.send(progress=told.append, is_stopped=is_stopped)
    assert [address(row.row) for row in rows(scene.stores) if row.state == "accepted"] == (
        scene.server.recipients
    )


def test_listmonk_2974_two_senders_keep_one_rate_between_them(scene: Scene) -> None:
    channel = smtp(scene.server.port, scene.folder, rate="60/min")
    told, is_stopped = stop_after(3)
    work = kit(
        scene.stores, channel, clock=scene.clock, progress=told.append, is_stopped=is_stopped
    )
    assert send(job(), work).counts.accepted == 3
    another = planned(scene.folder, ROWS, clock=scene.clock)
    scene.clock.move(0.5)
    waits = another.paces.reserve(NOTICE.channel, per_second=1)
    assert 0 < waits <= 1.5, "the slot after that of the first sender"


def test_listmonk_2974_whom_the_relay_puts_off_is_not_skipped(scene: Scene) -> None:
    for name in everybody():
        scene.server.faults[name].append("rcpt:454 4.7.0 too many")
    assert scene.send().counts == Counts(accepted=ROWS)
    assert scene.clock.monotonic() == pytest.approx(60, abs=1)


def test_listmonk_1112_3017_each_provider_has_its_own_limit(scene: Scene) -> None:
    channel = smtp(scene.server.port, scene.folder, domain_rates={"customers.example": "1/min"})
    told, is_stopped = stop_after(2)
    work = kit(
        scene.stores, channel, clock=scene.clock, progress=told.append, is_stopped=is_stopped
    )
    report = send(job(), work)
    assert report.counts.accepted == 2
    assert scene.clock.monotonic() == pytest.approx(60, abs=1)


# ------------------------------------------------------------------ what counts as success


def test_listmonk_2596_a_message_has_one_key_however_often_it_is_sent(tmp_path: Path) -> None:
    with WebService() as service, hook(service.port, tmp_path).open() as session:
        for _ in range(2):
            session.send(message())
        keys = {posted.headers["Idempotency-Key"] for posted in service.posted}
    assert len(keys) == 1


@pytest.mark.parametrize("status", [500, 502, 302, 199, 404])
def test_goalert_4558_a_webhook_that_answers_anything_but_2xx_has_taken_nothing(
    scene: Scene, *, status: int
) -> None:
    with WebService() as service:
        service.answers.extend([Answer(status)] * ROWS * 4)
        report = send(job(), kit(scene.stores, hook(service.port, scene.folder), clock=scene.clock))
    assert (report.counts.accepted, report.counts.told) == (0, 0)


def test_goalert_1600_what_is_refused_for_good_is_not_tried_again(scene: Scene) -> None:
    scene.server.faults[address(1)].extend(["rcpt:550 a landline"] * 3)
    scene.send()
    assert (rows(scene.stores)[0].attempts, len(scene.server.faults[address(1)])) == (1, 2)


def test_goalert_1599_what_was_taken_is_never_tried_again(scene: Scene) -> None:
    scene.server.faults[address(1)].append("drop-after")
    scene.send()
    scene.send()
    assert states(scene.stores)[0] == "unknown"
    assert scene.server.recipients.count(address(1)) == 1


def test_notifications_api_747_playing_the_same_order_again_sends_nothing(scene: Scene) -> None:
    first = scene.send()
    for _ in range(3):
        assert scene.send().counts == first.counts
    scene.stores.ledger.plan(job().key, ((row, f"key {row}") for row in range(1, ROWS + 1)))
    scene.send()
    assert scene.server.recipients == everybody()


def test_nixpkgs_345476_a_service_that_cannot_be_loaded_is_an_error_and_no_warning(
    tmp_path: Path,
) -> None:
    table = {"kind": "apprise", "url": "nosuchservice://x"}
    assert configure("team", table, surroundings(tmp_path)).probe().verdict == "error"


# ------------------------------------------------------- who decides, in which words, and when


def test_listmonk_2394_3220_an_author_alone_lets_nothing_out() -> None:
    run = given(Said(event=PREVIEWED, by="erin"))
    notice = existing_notice(run, "customers")
    single = msgspec.structs.replace(notice, approvals=Approvals(count=1))
    version = latest_version(run, "customers")
    own = Approval(by="erin", role="privacy", account="erin", at=SENT_AT)
    approved = msgspec.structs.replace(version, approvals=(own,))
    assert approvals_missing(run, single, approved, now=SENT_AT) == 1


def test_listmonk_838_2954_each_recipient_is_written_to_in_her_own_language() -> None:
    reader = RowReader({"en": "en", "de": "de"})
    wished = [
        reader.read({"email": f"{tag}@x.example", "name": "Ada", "language": tag}, row=1)[0]
        for tag in ("de", "en", "fr")
    ]
    assert [each.language for each in wished] == ["de", "en", ""], "the last gets the fallback"


@pytest.mark.parametrize(("hour", "is_quiet"), [(22, True), (3, True), (8, False), (20, False)])
def test_oncall_174_what_is_not_urgent_waits_for_the_day(*, hour: int, is_quiet: bool) -> None:
    quiet = quiet_hours("21:00-08:00")
    assert quiet is not None
    now = SENT_AT.replace(hour=hour)
    assert (quiet.end_of(now, zone=dt.UTC) is not None) is is_quiet


def test_mautic_6729_10416_no_cap_holds_a_legal_notice_up() -> None:
    notice = existing_notice(given(), "customers")
    assert notice.waits_for_day, "nothing says that it is urgent"
    legal = msgspec.structs.replace(notice, obligations=("EU-GDPR-34-DS",))
    assert not legal.waits_for_day
    assert not msgspec.structs.replace(notice, urgency="safety").waits_for_day
