"""The contract of every channel; `member` is a `ChannelBench` of `support.mail`."""

from __future__ import annotations

from contextlib import ExitStack

import msgspec
import pytest

from ccir.channels.interface import Channel, Kind, kind_of
from ccir.channels.mime import is_address
from ccir.errors import CcirError, InvalidDocumentError, UnavailableError
from support.mail import ADDRESS, ChannelBench, message


@pytest.fixture
def kind(member: ChannelBench) -> Kind[msgspec.Struct]:
    return kind_of(member.kind)


@pytest.fixture
def channel(member: ChannelBench, kind: Kind[msgspec.Struct]) -> Channel:
    return kind.configure("there", member.table, member.surroundings)


@pytest.fixture
def away(member: ChannelBench, kind: Kind[msgspec.Struct]) -> Channel:
    return kind.configure("away", member.away, member.surroundings)


def test_a_misspelt_setting_is_named(member: ChannelBench, kind: Kind[msgspec.Struct]) -> None:
    with pytest.raises(InvalidDocumentError, match=r"\[channels\.x\].*'nosuchsetting'"):
        kind.configure("x", {**member.table, "nosuchsetting": 1}, member.surroundings)


def test_its_settings_cannot_be_changed(kind: Kind[msgspec.Struct]) -> None:
    assert kind.settings.__struct_config__.frozen
    assert kind.settings.__struct_config__.forbid_unknown_fields


def test_its_traits_are_fit_for_a_sender(channel: Channel) -> None:
    traits = channel.traits
    assert is_address(f"id@{traits.domain}")
    assert traits.per_second is None or traits.per_second > 0
    assert channel.traits == traits


def test_setting_it_up_and_probing_it_sends_nothing(member: ChannelBench, channel: Channel) -> None:
    result = channel.probe()
    assert result.verdict in {"pass", "skipped"}
    assert result.name == "channel there"
    assert result.detail
    assert member.arrived() == 0


def test_opening_it_sends_nothing_and_it_can_be_opened_again(
    member: ChannelBench, channel: Channel
) -> None:
    for _ in range(2):
        with channel.open():
            pass
    assert member.arrived() == 0


def test_a_message_is_accepted_and_is_there_once(member: ChannelBench, channel: Channel) -> None:
    with channel.open() as session:
        receipt = session.send(message())
    assert (receipt.state, receipt.retryable) == ("accepted", False)
    assert receipt.reply
    assert ADDRESS not in receipt.reply
    assert member.arrived() == 1


def test_each_message_of_a_session_is_there(member: ChannelBench, channel: Channel) -> None:
    with channel.open() as session:
        states = [session.send(message(number=number)).state for number in range(3)]
    assert states == ["accepted"] * 3
    assert member.arrived() == 3


def test_whatever_is_refused_by_an_error_was_not_taken(
    member: ChannelBench, channel: Channel
) -> None:
    taken = 0
    with channel.open() as session:
        for subject in ("a\r\nBcc: b@x.example", "evil \u202etxt", "x" * 300):
            try:
                receipt = session.send(message(subject=subject, number=taken))
            except InvalidDocumentError:
                continue
            taken += receipt.state == "accepted"
    assert member.arrived() == taken


def test_where_nobody_is_there_it_says_so_and_what_to_do(away: Channel) -> None:
    with ExitStack() as sessions, pytest.raises(UnavailableError) as caught:
        sessions.enter_context(away.open())
    assert caught.value.hint
    result = away.probe()
    assert (result.verdict, result.name) == ("error", "channel away")
    assert result.reason
    assert result.detail
    assert result.hint


def test_an_error_within_the_session_comes_out_as_it_is(channel: Channel) -> None:
    class OddError(CcirError):
        pass

    with pytest.raises(OddError, match="odd"), channel.open():
        raise OddError("odd", hint="")
