from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ccir.engine.opening import open_workspace
from ccir.errors import UnavailableError
from ccir.web import ack_server
from ccir.web.ack_server import AckServer, BriefConnection
from support.ack_web import FORM, AckService, Staff, request
from support.asking import already_asked, asked, asking
from support.cli import NOW

PATIENCE_SECONDS = 20
PEOPLE = 16
SCANNERS = (
    "Mozilla/5.0 (compatible; Barracuda Sentinel (EE))",
    "Mozilla/5.0 (compatible; Microsoft Defender for Office 365 SafeLinks)",
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 5.1; Trident/4.0)",
    "GoogleImageProxy",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "WhatsApp/2.23.20.0",
    "TelegramBot (like TwitterBot)",
    "facebookexternalhit/1.1",
    "Proofpoint URL Defense",
    "curl/8.0",
    "",
)


@pytest.fixture(scope="module")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """Sixteen people; each test answers for others, so that they share one server."""
    languages = ("en", "de-AT", "fr", "es")
    rows = [f"p{n}@example.net,P{n},{languages[n % 4]},North,early" for n in range(PEOPLE)]
    cli = asking(tmp_path_factory.mktemp("staff"), rows=rows)
    sent = asked(cli)
    with AckService(cli) as service:
        yield Staff(
            cli=cli,
            tokens=[sent[f"p{number}@example.net"] for number in range(PEOPLE)],
            service=service,
        )


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_scanner_that_opens_a_link_never_confirms(staff: Staff, method: str) -> None:
    for agent in SCANNERS:
        for more in ("", "?answer=safe", "?utm_source=mail&answer=working"):
            headers = {"User-Agent": agent, "Purpose": "prefetch", "Sec-Purpose": "prefetch"}
            path = f"/a/{staff.tokens[0]}{more}"
            assert request(staff.service.port, method, path, headers=headers).status == 200
    assert staff.row(1)["standing"] == "not-confirmed"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"])
def test_no_other_method_confirms(staff: Staff, method: str) -> None:
    reply = request(staff.service.port, method, f"/a/{staff.tokens[0]}", body="answer=safe")
    assert reply.status == 405
    assert staff.row(1)["standing"] == "not-confirmed"


def test_an_answer_confirms_and_is_shown_whenever_the_link_is_opened(staff: Staff) -> None:
    before = staff.service.get(staff.tokens[4])
    assert "How are you?" in before.text
    assert 'value="working"' in before.text
    reply = staff.service.post(staff.tokens[4], "working")
    assert reply.status == 200
    assert "“I am safe and can work” was recorded" in reply.text
    assert staff.service.get(staff.tokens[4]).text == reply.text
    assert staff.row(5) == {}
    changed = staff.service.post(staff.tokens[4], "help")
    assert "“I need help” was recorded on 2026-01-02" in changed.text


def test_a_page_speaks_the_recipients_language(staff: Staff) -> None:
    assert '<html lang="de">' in staff.service.get(staff.tokens[1]).text
    assert "J'ai besoin d'aide" in staff.service.get(staff.tokens[2]).text.replace("&#x27;", "'")
    assert '<html lang="en">' in staff.service.get(staff.tokens[0]).text


def test_every_answer_keeps_the_browser_to_itself(staff: Staff) -> None:
    replies = [
        staff.service.get(staff.tokens[0]),
        staff.service.get("wrong"),
        staff.service.post(staff.tokens[0], "nonsense"),
        request(staff.service.port, "GET", "/robots.txt"),
        request(staff.service.port, "GET", "/"),
        request(staff.service.port, "PUT", f"/a/{staff.tokens[0]}"),
    ]
    for reply in replies:
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["content-security-policy"].startswith("default-src 'none'")
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert reply.headers["x-robots-tag"] == "noindex, nofollow, noarchive"
        assert reply.headers["connection"] == "close"
        assert "set-cookie" not in reply.headers
        assert "server" not in reply.headers
    assert [reply.status for reply in replies] == [200, 404, 400, 200, 404, 405]
    page = replies[0].text
    assert "<script" not in page
    assert "src=" not in page
    assert "href=" not in page


def test_wrong_links_are_all_answered_alike(staff: Staff) -> None:
    genuine = staff.tokens[0]
    wrong = ["x", "A" * 52, genuine[:-1] + ("A" if genuine[-1] != "A" else "B"), genuine + "A"]
    replies = [reply(each) for each in wrong for reply in (staff.service.get, staff.service.post)]
    assert {reply.status for reply in replies} == {404}
    assert len({(reply.text, len(reply.headers)) for reply in replies}) == 1


def test_a_form_that_is_none_does_not_confirm(staff: Staff) -> None:
    path = f"/a/{staff.tokens[8]}"
    port = staff.service.port
    assert request(port, "POST", path).status == 400
    assert request(port, "POST", path, body="answer=safe").status == 400
    assert request(port, "POST", path, body="answer=read", headers=FORM).status == 400
    long = "answer=safe&more=" + "x" * 2_000
    assert request(port, "POST", path, body=long, headers=FORM).status == 413
    json = {"Content-Type": "application/json"}
    assert request(port, "POST", path, body='{"answer":"safe"}', headers=json).status == 400
    assert staff.row(9)["standing"] == "not-confirmed"


def test_headers_without_end_are_refused(staff: Staff) -> None:
    with socket.create_connection(("127.0.0.1", staff.service.port), timeout=5) as flood:
        try:
            flood.sendall(b"GET /a/x HTTP/1.1\r\nHost: a\r\n")
            for number in range(20_000):
                flood.sendall(b"X-%d: %s\r\n" % (number, b"y" * 100))
        except OSError:
            return
        assert flood.recv(100).startswith(b"HTTP/1.1 400")


def test_who_sends_slowly_or_nothing_is_cut_off(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BriefConnection, "seconds", 0.2)
    for begun in (b"", b"GET /a/x HTTP/1.1\r\nHost: a\r\n", b"POST /a/x HTTP/1.1\r\nHo"):
        with socket.create_connection(("127.0.0.1", staff.service.port), timeout=5) as slow:
            slow.sendall(begun)
            try:
                assert slow.recv(100) == b""
            except ConnectionResetError:
                continue


def test_a_form_that_breaks_off_does_not_confirm(staff: Staff) -> None:
    head = (
        f"POST /a/{staff.tokens[8]} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nanswer=safe"
    )
    with socket.create_connection(("127.0.0.1", staff.service.port), timeout=5) as slow:
        slow.sendall(head.encode())
    assert staff.service.get(staff.tokens[8]).status == 200
    assert staff.row(9)["standing"] == "not-confirmed"


def test_answers_that_come_at_once_are_each_taken_once(staff: Staff) -> None:
    same = [(staff.tokens[9], answer) for answer in ("safe", "working", "help") * 3]
    others = [(token, "safe") for token in staff.tokens[10:14]]
    with ThreadPoolExecutor(8) as pool:
        replies = [*pool.map(lambda each: staff.service.post(*each), [*same, *others])]
    assert {reply.status for reply in replies} == {200}
    found = staff.service.workspace.stores.acks
    asked_rows = [
        found.find(content.id) for content in map(found.read, staff.tokens[9:14]) if content
    ]
    assert all(each is not None and each.confirmed_at is not None for each in asked_rows)
    staff.service.post(staff.tokens[9], "help")
    tally = staff.cli.json("notice", "roll-call", "staff", status=None)["tally"]
    assert tally["answers"]["safe"] >= 4


def test_links_that_expired_say_whom_to_call(tmp_path: Path) -> None:
    cli = asking(tmp_path, more='[acks]\nurl = "https://ack.example.org"\nvalid_for = "1h"\n')
    token = asked(cli)["ann@example.net"]
    cli.clock.move(2 * 3_600)
    with AckService(cli) as service:
        for reply in (service.get(token), service.post(token)):
            assert reply.status == 410
            assert "+49 30 5550100" in reply.text
        german = service.get(token, **{"Accept-Language": "de-CH,de;q=0.9"})
        assert german.text.startswith("Dieser Link ist abgelaufen")
    assert cli.json("notice", "roll-call", "staff", status=1)["tally"]["confirmed"] == 0


def test_the_log_is_told_at_the_end_and_holds_no_token(tmp_path: Path) -> None:
    cli, sent = already_asked(tmp_path)
    with AckService(cli) as service:
        service.post(sent["ann@example.net"])
        service.post(sent["bob@example.net"], "help")
    assert service.said == []
    events = cli.json("log")["events"]
    told = [each for each in events if each["type"] == "RecipientsConfirmed"]
    assert [(each["by"], each["body"]["rows"], each["body"]["by_link"]) for each in told] == [
        ("ccir", 2, True)
    ]
    assert not any(token in str(events) for token in sent.values())


def test_a_store_that_cannot_be_used_is_never_a_confirmation(tmp_path: Path) -> None:
    cli, sent = already_asked(tmp_path)
    token = sent["ann@example.net"]
    file, away = cli.folder / ".ccir" / "ccir.db", cli.folder / ".ccir" / "away.db"
    with AckService(cli) as service:
        assert service.get(token).status == 200
        service.workspace.stores.close()
        file.rename(away)
        for reply in (service.post(token), service.get(token)):
            assert reply.status == 503
            assert "NOT recorded" in reply.text
            assert reply.headers["retry-after"] == "30"
        away.rename(file)
        assert cli.json("notice", "roll-call", "staff", status=1)["tally"]["confirmed"] == 0
        assert service.post(token).status == 200
    assert any("a link was not answered" in line for line in service.said)
    assert not any(token in line for line in service.said)


def test_a_store_that_is_locked_too_long_is_never_a_confirmation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ccir.web.ack_app.ANSWER_SECONDS", 0.1)
    cli, sent = already_asked(tmp_path)
    token = sent["ann@example.net"]
    other = open_workspace(cli.surroundings, cli.folder)
    with AckService(cli) as service:
        with other.stores.events._file.transaction():  # type: ignore[attr-defined] # holds the write lock
            assert service.post(token).status == 503
        monkeypatch.setattr("ccir.web.ack_app.ANSWER_SECONDS", 10)
        assert service.get(token).status == 200
    assert any("the stores took too long" in line for line in service.said)
    other.stores.close()


def test_an_address_that_is_taken_is_named(tmp_path: Path) -> None:
    cli = asking(tmp_path)
    workspace = open_workspace(cli.surroundings, cli.folder)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        server = AckServer(workspace, report=print)
        with pytest.raises(UnavailableError, match="cannot be listened to"):
            server.bind("127.0.0.1", holder.getsockname()[1])


def test_the_log_is_told_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ack_server, "RECORD_SECONDS", 0.05)
    cli, sent = already_asked(tmp_path)
    with AckService(cli) as service:
        for address in ("ann@example.net", "bob@example.net"):
            service.post(sent[address])
            while service.workspace.stores.acks.take_unrecorded():
                pass
            service.get(sent[address])
    assert service.said == []


def test_a_kill_loses_no_answer_and_a_signal_ends_the_server(tmp_path: Path) -> None:
    cli = asking(tmp_path)
    cli.clock.move((dt.datetime.now(dt.UTC) - NOW).total_seconds())
    sent = asked(cli)
    killed = _Process(cli.folder)
    assert (
        request(
            killed.port,
            "POST",
            f"/a/{sent['ann@example.net']}",
            body="answer=help",
            headers=FORM,
        ).status
        == 200
    )
    os.kill(killed.process.pid, signal.SIGKILL)
    killed.process.communicate(timeout=PATIENCE_SECONDS)
    tally = cli.json("notice", "roll-call", "staff", status=1)["tally"]
    assert (tally["confirmed"], tally["answers"]) == (1, {"help": 1})
    ended = _Process(cli.folder)
    os.kill(ended.process.pid, signal.SIGTERM)
    out, err = ended.process.communicate(timeout=PATIENCE_SECONDS)
    assert (ended.process.returncode, err) == (0, "")
    assert "every answer is kept" in out
    told = [each for each in cli.json("log")["events"] if each["type"] == "RecipientsConfirmed"]
    assert [each["body"]["rows"] for each in told] == [1]


class _Process:
    """`ccir serve --acks` as a person starts it."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [Path(sys.executable).with_name("ccir"), "serve", "--acks", "--listen", "127.0.0.1:0"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.port = int(line.partition("127.0.0.1:")[2].partition(";")[0])
