from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from ccir.domain.acknowledgement import TOKEN_CHARACTERS
from ccir.domain.ledger import NoticeKey
from ccir.engine.notice_links import Links
from ccir.engine.opening import open_workspace
from ccir.errors import StoreDamagedError
from support.asking import ACKS, URL, already_asked, asking, tokens

PREVIEW = ("notice", "preview", "staff", "--recipients", "staff.csv", "--channel", "files")
ROOM = '[channels.files]\nkind = "apprise"\nurl = "json://127.0.0.1:1"\n'
KEY = NoticeKey(run="INC-2026-0001", notice="staff", version=1, channel="files")


def test_a_preview_shows_a_stand_in_as_long_as_a_link(tmp_path: Path) -> None:
    cli = asking(tmp_path)
    samples = cli.json(*PREVIEW)["samples"]
    expected = f"Ann, please answer: {URL}/a/{'x' * TOKEN_CHARACTERS}\n"
    assert samples["en"]["text"] == expected
    assert cli.json("notice", "show", "staff")["samples"]["en"]["text"] == expected


def test_a_text_with_a_link_for_a_notice_that_asks_nobody_is_refused(tmp_path: Path) -> None:
    cli = asking(tmp_path, acknowledge=None)
    refused = cli(*PREVIEW, status=2).err
    assert "uses recipient.ack_url, but the notice asks nobody to confirm" in refused
    assert "acknowledge: {within: 30m}" in refused


def test_a_link_that_would_lead_nowhere_is_refused(tmp_path: Path) -> None:
    refused = asking(tmp_path, more="")(*PREVIEW, status=2).err
    assert "nobody knows where links lead" in refused
    assert 'url = "https://ack.example.org"' in refused


def test_a_link_is_not_given_to_a_whole_room(tmp_path: Path) -> None:
    cli = asking(tmp_path, more=ACKS + ROOM.replace("channels.files", "channels.team"))
    refused = cli("notice", "preview", "staff", "--channel", "team", status=2).err
    assert "channel 'team' is one room" in refused


@pytest.mark.parametrize(
    ("acknowledge", "more", "channel"),
    [
        ("{within: 30m}", "", "files"),
        (None, ACKS, "files"),
        ("{within: 30m}", ACKS + ROOM.replace("channels.files", "channels.team"), "team"),
    ],
)
def test_a_text_that_can_do_without_a_link_does_where_there_is_none(
    tmp_path: Path, *, acknowledge: str | None, more: str, channel: str
) -> None:
    cli = asking(tmp_path, acknowledge=acknowledge, more=more)
    for path in (cli.folder / "notify_templates" / "employees").glob("staff.*"):
        text = path.read_text("utf-8").replace(
            "requires: [recipient.ack_url, recipient.name]",
            "requires: [recipient.name]\noptional: [recipient.ack_url]",
        )
        asks = "{% if recipient.ack_url is defined %}\n{{ recipient.ack_url }}\n{% endif %}\n"
        text = text.replace(", please answer: {{ recipient.ack_url }}\n", f" should answer\n{asks}")
        path.write_text(text, encoding="utf-8")
    listed = ("--recipients", "staff.csv") if channel == "files" else ()
    shown = cli("notice", "preview", "staff", "--channel", channel, *listed).out
    assert "should answer" in shown
    assert URL not in shown


@pytest.mark.parametrize("url", ["http://ack.example.org", "https://a.example/?x", "ftp://a"])
def test_links_lead_over_tls_only(tmp_path: Path, url: str) -> None:
    cli = asking(tmp_path)
    settings = cli.folder / "ccir.toml"
    settings.write_text(settings.read_text("utf-8").replace(URL, url), encoding="utf-8")
    assert "begins with https://" in cli("status", status=2).err


def test_every_recipient_gets_a_link_of_her_own_that_leaves_no_other_trace(tmp_path: Path) -> None:
    cli, sent = already_asked(tmp_path)
    assert len({*sent.values()}) == 4
    said = cli("log").out + cli("notice", "status", "staff").out + cli("notice", "list").out
    kept = b"".join(path.read_bytes() for path in (cli.folder / ".ccir").rglob("*.db*"))
    for token in sent.values():
        assert token not in said
        assert token.encode() not in kept


def test_a_link_stays_the_same_when_its_message_is_sent_again(tmp_path: Path) -> None:
    cli, before = already_asked(tmp_path)
    workspace = open_workspace(cli.surroundings, cli.folder)
    links = Links(workspace, KEY, {"recipient": {"ack_url": f"{URL}/a/{'x' * TOKEN_CHARACTERS}"}})
    run_list = cli.json("log")["events"]
    [list_id] = {each["body"]["list"] for each in run_list if each["type"] == "NoticePreviewed"}
    again = links.one(list_id, 1)
    assert again.columns["ack_url"] == f"{URL}/a/{before['ann@example.net']}"
    assert tokens(cli) == before
    other = Links(workspace, msgspec.structs.replace(KEY, version=9), {"recipient": {}})
    assert other.one(list_id, 1).columns.get("ack_url") is None
    workspace.stores.close()


def test_a_recipient_who_was_given_no_link_stops_the_sending(tmp_path: Path) -> None:
    cli = asking(tmp_path)
    list_id = cli.json(*PREVIEW) and next(
        each["body"]["list"]
        for each in cli.json("log")["events"]
        if each["type"] == "NoticePreviewed"
    )
    workspace = open_workspace(cli.surroundings, cli.folder)
    links = Links(workspace, KEY, {"recipient": {"ack_url": f"{URL}/a/{'x' * TOKEN_CHARACTERS}"}})
    with pytest.raises(StoreDamagedError, match="row 1 of 'staff' has no link"):
        links.one(list_id, 1)
    workspace.stores.close()
