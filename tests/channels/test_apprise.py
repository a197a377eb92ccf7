from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccir.channels.apprise import AppriseSettings
from ccir.channels.interface import Channel, configure
from ccir.domain.notices import Told
from ccir.errors import InvalidDocumentError, UnavailableError
from support.http_sink import HttpSink
from support.mail import ChannelBench, message, surroundings

TOKEN = "s3cretroom"


@pytest.fixture
def member(tmp_path: Path) -> Iterator[ChannelBench]:
    with HttpSink() as sink:
        yield ChannelBench(
            kind="apprise",
            table={"url": url(sink)},
            away={"url_file": "absent"},
            surroundings=surroundings(tmp_path),
            received=sink.posted,
        )


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with HttpSink() as running:
        yield running


def url(sink: HttpSink) -> str:
    return f"json://127.0.0.1:{sink.port}/{TOKEN}"


def room(folder: Path, **table: object) -> Channel:
    return configure("team", {"kind": "apprise", **table}, surroundings(folder))


def url_file(folder: Path, text: str) -> str:
    path = folder / "room.url"
    path.touch(mode=0o600)
    path.write_text(f"{text}\n")
    return path.name


def test_a_room_gets_the_text_as_it_was_approved(sink: HttpSink, tmp_path: Path) -> None:
    text = "*We* lost <it>: {{ app_id }} & [more](http://x.example)\n"
    with room(tmp_path, url=url(sink)).open() as session:
        receipt = session.send(message(text=text))
    posted = json.loads(sink.posted[0])
    assert (posted["title"], posted["message"]) == ("Your data", text.rstrip())
    assert (receipt.state, receipt.reply) == ("accepted", "JSON took it")


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (200, "accepted"),
        (400, "refused-permanent"),
        (403, "refused-permanent"),
        (429, "refused-temporary"),
        (500, "unknown"),
        (0, "unknown"),
    ],
)
def test_each_answer_of_the_service_is_read_for_its_message(
    sink: HttpSink, tmp_path: Path, capfd: pytest.CaptureFixture[str], *, answer: int, state: Told
) -> None:
    sink.answers.append(answer)
    with room(tmp_path, url=url(sink)).open() as session:
        first, second = session.send(message()), session.send(message(number=2))
    assert (first.state, second.state) == (state, "accepted")
    assert len(sink.posted) == 2, "each message was given once"
    assert TOKEN not in first.reply
    assert capfd.readouterr() == ("", ""), "apprise's log, which shows URLs, stays silent"


def test_a_service_that_does_not_answer_in_time_leaves_a_doubt(
    sink: HttpSink, tmp_path: Path
) -> None:
    sink.answers.append(-1)
    with room(tmp_path, url=url(sink), timeout=0.3).open() as session:
        receipt = session.send(message())
    assert (receipt.state, receipt.retryable) == ("unknown", False)
    assert len(sink.posted) == 1, "it did arrive"


def test_many_messages_do_not_wait_for_each_other(sink: HttpSink, tmp_path: Path) -> None:
    with room(tmp_path, url=url(sink)).open() as session:
        receipts = [session.send(message(number=number)) for number in range(5)]
    assert {receipt.state for receipt in receipts} == {"accepted"}


def test_the_url_may_stand_in_a_private_file(sink: HttpSink, tmp_path: Path) -> None:
    name = url_file(tmp_path, url(sink))
    with room(tmp_path, url_file=name).open() as session:
        assert session.send(message()).state == "accepted"
    (tmp_path / name).chmod(0o644)
    result = room(tmp_path, url_file=name).probe()
    assert (result.verdict, result.reason) == ("error", "invalid-document")


def test_a_missing_file_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError), room(tmp_path, url_file="absent").open():
        pytest.fail("it was opened")


@pytest.mark.parametrize(
    "unfit",
    [
        "nonsense://x",
        "not a url",
        "json://127.0.0.1:1/?retry=2",
        "ntfy://127.0.0.1:1/one/two",
        "mailtos://user:pass@mail.invalid?to=a@x.example",
    ],
)
def test_a_url_that_is_not_one_target_is_refused_and_not_shown(tmp_path: Path, unfit: str) -> None:
    channel = room(tmp_path, url_file=url_file(tmp_path, unfit))
    with pytest.raises(InvalidDocumentError) as caught, channel.open():
        pytest.fail("it was opened")
    assert unfit not in f"{caught.value.message} {caught.value.hint}"
    assert channel.probe().verdict == "error"


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"url": "json://127.0.0.1:1", "url_file": "x"},
        {"url": "mailto://user:pass@mail.invalid"},
        {"url": "json://127.0.0.1:1", "timeout": 0},
    ],
)
def test_settings_that_cannot_work_are_refused(tmp_path: Path, table: dict[str, object]) -> None:
    with pytest.raises(InvalidDocumentError, match=r"channels\.team"):
        room(tmp_path, **table)


def test_the_url_does_not_show_itself() -> None:
    assert repr(AppriseSettings(url="json://token@x")) == "AppriseSettings(url='***', url_file='')"


def test_a_probe_says_what_it_cannot_know(sink: HttpSink, tmp_path: Path) -> None:
    result = room(tmp_path, url=url(sink)).probe()
    assert (result.verdict, result.reason) == ("skipped", "not-probed")
    assert sink.posted == []


def test_apprises_log_reaches_nobody_and_is_left_as_it_was(
    sink: HttpSink, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="apprise")
    sink.answers.append(404)
    with room(tmp_path, url=url(sink)).open() as session:
        assert session.send(message()).code == 404
    assert caplog.records == []
    assert logging.getLogger("apprise").propagate


def test_a_room_is_no_recipient(tmp_path: Path) -> None:
    traits = room(tmp_path, url="json://127.0.0.1:1", rate="30/min").traits
    assert (traits.personal, traits.per_second) == (False, 0.5)
